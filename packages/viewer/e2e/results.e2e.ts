import { damageDecoder } from './damage-decoder.ts';
import { expect, test } from './watched-test.ts';

test("the study's figures stand beside the run's", async ({ page }) => {
  await page.goto('/results');
  const table = page.getByRole('region', { name: /^Error of every codec/ });
  const row = table.getByRole('row').filter({ hasText: 'PCA, 64 components' }).first();
  await expect(row).toContainText('0.009047');
  const [ours, study] = (await row.getByRole('cell', { name: /^0\.0\d{5}$/ }).allTextContents()).map(Number);
  expect(study).toBe(0.009047);
  // PCA has no chance in it but what the weights lose where they are stored in fewer bits.
  expect(Math.abs(ours - study)).toBeLessThan(0.0005);
  await expect(table.getByRole('row').filter({ hasText: 'the originals' })).toContainText('%');
});

test('a cell of the confusion matrix opens its images, by mouse and by keyboard', async ({ page }) => {
  await page.goto('/results');
  const grid = page.getByRole('grid');
  const cell = grid.getByRole('button', { name: /^4 taken for 9: / });
  await cell.scrollIntoViewIfNeeded();
  await cell.click();
  await expect(cell).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/cell=/);
  const pictures = page.getByRole('img', { name: /Test image \d+/ });
  await expect(pictures.first()).toBeVisible();

  await cell.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  const focused = grid.locator(':focus');
  await expect(focused).toHaveAttribute('aria-label', /^4 taken for 0: /);
  await page.keyboard.press('Enter');
  await expect(focused).toHaveAttribute('aria-pressed', 'true');

  await page.reload();
  await expect(page.getByRole('img', { name: /Test image \d+/ }).first()).toBeVisible();
});

test('the focus goes on from buttons that have done their work', async ({ page }) => {
  await page.goto('/results?on=basic-64');
  const grid = page.getByRole('grid');
  const suggestion = page.getByRole('button', { name: /^\d taken for \d \(\d+\)$/ });
  await suggestion.press('Enter');
  await expect(grid.getByRole('button', { pressed: true })).toBeFocused();
  const more = page.getByRole('button', { name: /^Show \d+ more$/ });
  await expect(async () => {
    if (await more.isVisible()) await more.press('Enter');
    await expect(page.getByRole('button', { name: 'All are shown' })).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.getByRole('button', { name: 'Close the images' }).press('Enter');
  await expect(grid.locator(':focus')).toHaveCount(1);
});

test('a codec that arrives damaged is named, and those after it are shown', async ({ page }) => {
  await damageDecoder(page);
  await page.goto('/results?codecs=basic-32,pca-64');
  const section = page.getByRole('region', { name: 'A few of them' });
  await expect(section.getByRole('img', { name: / by PCA, 64 components$/ })).toHaveCount(10);
  await expect(section.getByRole('alert')).toContainText('SHA-256');

  await page.unrouteAll();
  await section.getByRole('button', { name: 'Show others' }).click();
  await expect(section.getByRole('img', { name: / by basic autoencoder, latent 32$/ })).toHaveCount(10);
  await expect(section.getByRole('alert')).toHaveCount(0);
});

test('training curves are drawn, with the numbers in a table', async ({ page }) => {
  await page.goto('/results');
  await page
    .getByRole('navigation', { name: 'On this page' })
    .getByRole('link', { name: 'Training', exact: true })
    .click();
  const section = page.getByRole('region', { name: 'Training', exact: true });
  await expect(section.getByRole('img')).toHaveCount(2);
  await expect(section).toBeInViewport();
  await section.getByText('The numbers as a table').click();
  await expect(section.getByRole('row').filter({ hasText: 'CNN classifier' })).toContainText(
    /all epochs\s*0\.\d+/,
  );
});
