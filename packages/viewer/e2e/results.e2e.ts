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
