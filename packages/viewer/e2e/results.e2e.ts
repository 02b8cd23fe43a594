import { expect, test } from './watched-test.ts';

test("the study's figures stand beside the run's", async ({ page }) => {
  await page.goto('/results');
  const table = page.getByRole('table', { name: /Error of every codec/ });
  const row = table.getByRole('row').filter({ hasText: 'PCA, 64 components' }).first();
  // PCA has no chance in it: ours and the study's error agree.
  await expect(row.getByText('0.009047')).toHaveCount(2);
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
  await expect(section.getByRole('row').filter({ hasText: 'CNN classifier' })).toContainText(/0\.0\d+/);
});
