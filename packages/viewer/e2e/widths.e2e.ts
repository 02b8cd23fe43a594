import { expect, test } from './watched-test.ts';

test('the slider moves PCA and the autoencoder together, by keyboard', async ({ page }) => {
  await page.goto('/widths?test=32');
  const slider = page.getByRole('slider', { name: 'Width of the bottleneck' });
  await expect(page.getByRole('img', { name: 'PCA: reconstruction' })).toBeVisible({ timeout: 30_000 });
  const errorAt = async (title: string): Promise<number> => {
    const column = page
      .getByRole('article')
      .filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    const text = await column.getByRole('definition').first().textContent();
    return Number(text);
  };
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^1 of 784 numbers/);
  await expect(page.getByRole('article').filter({ hasText: 'PCA' }).first()).toContainText('1 number');
  const narrow = await errorAt('PCA');
  await slider.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', /^2 of 784 numbers/);
  await slider.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /^128 of 784 numbers/);
  await expect.poll(() => errorAt('PCA')).toBeLessThan(narrow / 5);
  await expect(page).toHaveURL(/width=128/);

  await slider.press('PageDown');
  await expect(slider).toHaveAttribute('aria-valuetext', /^64 of 784 numbers/);
  const autoencoder = page.getByRole('article').filter({ hasText: 'Autoencoder' });
  await expect(autoencoder).toContainText('64 numbers');
  await slider.press('ArrowLeft');
  await expect(autoencoder).toContainText('32 numbers, the widest trained up to 63');
});

test('the slider is dragged with the mouse, and the address keeps where it stands', async ({ page }) => {
  await page.goto('/widths?test=32');
  const slider = page.getByRole('slider', { name: 'Width of the bottleneck' });
  await expect(page.getByRole('img', { name: 'PCA: reconstruction' })).toBeVisible({ timeout: 30_000 });
  const box = (await slider.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, y, { steps: 10 });
  await page.mouse.up();
  const at = (await slider.getAttribute('aria-valuetext'))!;
  const width = Number(/^\d+/.exec(at)?.[0]);
  expect(width).toBeGreaterThan(64);
  // The address waits for a moment's quiet.
  await expect(page).toHaveURL(new RegExp(`width=${width}(&|$)`));
  await page.reload();
  await expect(slider).toHaveAttribute('aria-valuetext', at);
});

test('the curves of the sweep and every trained width stand below, and lead back to the slider', async ({
  page,
}) => {
  await page.goto('/widths?test=32&width=16');
  const charts = page.getByRole('img', { name: /over the numbers in the bottleneck/ });
  await expect(charts).toHaveCount(2, { timeout: 30_000 });
  const answer = page.getByRole('region', { name: 'So, how narrow?' });
  await expect(answer).toContainText('At 16 of 784 numbers, the classifier still recognises');
  await expect(answer.getByRole('row').filter({ hasText: 'PCA' }).first()).toContainText('0.026860');

  const slider = page.getByRole('slider', { name: 'Width of the bottleneck' });
  await page.getByRole('button', { name: /^64 numbers;/ }).click();
  await expect(slider).toHaveAttribute('aria-valuetext', /^64 of 784 numbers/);
  const box = (await charts.first().boundingBox())!;
  // On a low screen the chart is below the fold.
  await charts.first().click({ position: { x: box.width * 0.25, y: box.height / 2 } });
  await expect(slider).not.toHaveAttribute('aria-valuetext', /^64 of/);
});

test('markers follow the slider, and what came of a step is read out once it rests', async ({ page }) => {
  await page.goto('/widths?test=32&width=16');
  const slider = page.getByRole('slider', { name: 'Width of the bottleneck' });
  const markers = page.locator('.widths-marker');
  await expect(markers).toHaveText(['16', '16'], { timeout: 30_000 });
  await expect(
    page.getByRole('button', { name: /^16 numbers; PCA read as .*; autoencoder read as / }),
  ).toBeVisible();
  // What the page opens with has come to rest; it is not read out.
  await page.waitForTimeout(1500);
  await expect(page.getByRole('status').filter({ hasText: /PCA read as/ })).toHaveCount(0);
  await slider.press('ArrowRight');
  await expect(markers).toHaveText(['17', '17']);
  await expect(page.getByRole('status').filter({ hasText: /^17 numbers; PCA read as/ })).toBeAttached();
  const steps = await page.evaluate(() => performance.getEntriesByName('pca-step', 'measure').length);
  expect(steps).toBe(1);
});

test('it says how narrow the bottleneck may be, for this image and for the test set', async ({ page }) => {
  await page.goto('/widths?test=32&width=20');
  await expect(page.getByText(/^How many numbers this image needs .* with PCA from \d+ on/)).toBeVisible({
    timeout: 30_000,
  });
  const answer = page.getByRole('region', { name: 'So, how narrow?' });
  await expect(answer).toContainText(
    /with PCA \(measured at 16\).* Of the originals it recognises \d+\.\d %/,
  );
  await expect(answer).toContainText(/within one percentage point of the originals: with PCA \d+/);
  await answer.getByText('All values as a table').click();
  const values = answer.getByRole('region', { name: 'All values as a table' });
  await expect(values.getByRole('rowheader', { name: '128' })).toBeVisible();
});
