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
  expect(Number(/^\d+/.exec(at)?.[0])).toBeGreaterThan(64);
  await expect(page).toHaveURL(/width=\d+/);
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
  await page.mouse.click(box.x + box.width * 0.25, box.y + box.height / 2);
  await expect(slider).not.toHaveAttribute('aria-valuetext', /^64 of/);
});
