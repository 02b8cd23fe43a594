import { expect, test } from './watched-test.ts';

test('a dial spoils the image, every codec gives its answer, and the address keeps it', async ({ page }) => {
  await page.goto('/robustness?test=32');
  const errorOf = async (title: string | RegExp): Promise<number> => {
    const card = page.getByRole('article').filter({ has: page.getByRole('heading', { name: title }) });
    return Number(/error ([\d.]+)/.exec((await card.first().textContent()) ?? '')?.[1] ?? NaN);
  };
  const outputs = page.getByRole('img', { name: /: reconstruction$/ });
  await expect(outputs.nth(3)).toBeVisible({ timeout: 30_000 });
  expect(await errorOf('Spoilt')).toBe(0);
  const before = await errorOf(/autoencoder/);

  const noise = page.getByRole('slider', { name: 'Noise' });
  await noise.fill('0.6');
  await expect(noise).toHaveAttribute('aria-valuetext', '0.60');
  await expect.poll(() => errorOf('Spoilt')).toBeGreaterThan(0.05);
  await expect.poll(() => errorOf(/autoencoder/)).toBeGreaterThan(before);
  await expect(page).toHaveURL(/noise=0\.6/);
  const spoilt = await errorOf('Spoilt');

  // The noise is the same every time.
  await page.reload();
  await expect(noise).toHaveAttribute('aria-valuetext', '0.60', { timeout: 30_000 });
  await expect.poll(() => errorOf('Spoilt')).toBe(spoilt);

  const reset = page.getByRole('button', { name: 'Reset' });
  await reset.click();
  await expect(reset).toBeDisabled();
  await expect(reset).toBeFocused();
  await expect.poll(() => errorOf('Spoilt')).toBe(0);
  await expect(page).not.toHaveURL(/noise/);
});

test('presets turn the dials, and the keyboard does', async ({ page }) => {
  await page.goto('/robustness?test=32');
  const rotation = page.getByRole('slider', { name: 'Rotation' });
  const tilted = page.getByRole('button', { name: 'Tilted' });
  await tilted.click({ timeout: 30_000 });
  await expect(rotation).toHaveAttribute('aria-valuetext', '40°');
  await expect(tilted).toHaveAttribute('aria-pressed', 'true');
  await rotation.press('ArrowLeft');
  await expect(rotation).toHaveAttribute('aria-valuetext', '35°');
  await expect(tilted).toHaveAttribute('aria-pressed', 'false');
});

test('which codec breaks the classifier first is tried on a sample, and can be stopped', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/robustness?test=32&damage=rotation');
  const panel = page.getByRole('region', { name: 'Which codec breaks the classifier first?' });
  const start = panel.getByRole('button', { name: 'Try 200 images' });
  await start.click({ timeout: 30_000 });
  await expect(panel.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /[1-9]\d* %/);
  const stop = panel.getByRole('button', { name: 'Stop' });
  await expect(stop).toBeFocused();
  await stop.press('Enter');
  await expect(panel.getByRole('status')).toHaveText('Stopped; nothing of it was kept.');
  await expect(start).toBeFocused();

  await start.press('Enter');
  const chart = panel.getByRole('img', { name: /over the strength of rotation/ });
  await expect(chart).toBeVisible({ timeout: 90_000 });
  // Codecs that arrived after the start are left to try.
  await expect(panel.getByRole('button', { name: /^All picked|^Try the codecs/ })).toBeFocused();
  await expect(panel).toContainText(/breaks first|None falls below|before anything is spoilt/);
  await expect(panel).toContainText('200 of the 10,000 test images');
  // No digit is read upside down as well as upright; all break in the end.
  await expect(panel.getByRole('listitem').first()).toContainText(/at about \d+°|broken from the start/);
  await panel.getByText('All values as a table').click();
  const table = panel.getByRole('table');
  await expect(table.getByRole('columnheader', { name: '80°' })).toBeAttached();
  await expect(
    table
      .getByRole('row', { name: /^through no codec/ })
      .getByRole('cell')
      .first(),
  ).toHaveText(/^\d+\.\d % \(\d+\.\d–\d+\.\d\)$/);

  // Another limit asks for no other images, another damage does.
  await panel.getByRole('radio', { name: 'half' }).check();
  await expect(chart).toBeVisible();
  await panel.getByRole('radio', { name: 'noise' }).check();
  await expect(panel.getByRole('button', { name: 'Try 200 images' })).toBeVisible();
  await panel.getByRole('radio', { name: 'rotation' }).check();
  await expect(chart).toBeVisible();
});
