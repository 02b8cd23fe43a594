import { expect, test } from './watched-test.ts';

test('the whole test set is put through the demo, and the browser confirms the manifest', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await page.goto('/verify?run=~study');
  const start = page.getByRole('button', { name: 'Verify 10,000 images' });
  // Disabled until the models can run, and what is disabled takes no focus.
  await expect(start).toBeEnabled({ timeout: 30_000 });
  await start.focus();
  await page.keyboard.press('Enter');
  const button = page.getByRole('button', { name: 'Stop' });
  await expect(button).toBeFocused();
  const bar = page.getByRole('progressbar');
  await expect(bar).toHaveAttribute('aria-valuetext', /^\d+ %, \d+.* left$/, { timeout: 60_000 });
  // The page is not blocked meanwhile.
  expect(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))).toBeGreaterThan(
    0,
  );

  // One that came with its words in it might not be read out.
  const outcome = page.getByRole('region', { name: 'Verify', exact: true }).getByRole('status').last();
  await outcome.evaluate((element) => {
    element.setAttribute('data-before', '');
  });
  const report = page.getByRole('region', { name: 'What was compared' });
  await expect(outcome).toContainText('Your browser confirms the run: 10,000 images', { timeout: 240_000 });
  await expect(outcome).toHaveAttribute('data-before');
  await expect(page.getByRole('button', { name: 'Verify again' })).toBeFocused();
  await expect(report).toContainText(/(\d+) of \1 equal to the last image/);
  await expect(report).toContainText(/(\d+) of \1 within 10⁻⁶/);
  await expect(report).toContainText(/(\d+) of \1 have the SHA-256 of the manifest/);
  await expect(report.getByRole('table', { name: /^Accuracy, here/ }).getByRole('row')).toHaveCount(7);
  await expect(report.getByText('differs')).toHaveCount(0);
});

test('a verification is stopped, and nothing is claimed', async ({ page }) => {
  await page.goto('/verify?run=~study');
  await page.getByRole('button', { name: 'Verify 10,000 images' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped before the end. Nothing was compared.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What was compared' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Verify 10,000 images' })).toBeEnabled();
});
