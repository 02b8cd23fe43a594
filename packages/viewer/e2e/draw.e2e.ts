import type { Page } from '@playwright/test';
import { drawWithMouse, expectSeen, one, padOf, three } from './draw-digit.ts';
import { expect, test } from './watched-test.ts';

const codecs = [
  'basic autoencoder, latent 32',
  'basic autoencoder, latent 64',
  'deeper autoencoder, latent 64',
  'PCA, 64 components',
  'PCA, 64 components, clipped',
];

/** The pixels of a picture, to tell one from another. */
function pixelsOf(page: Page, name: string): Promise<string> {
  return page
    .getByRole('img', { name, exact: true })
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/** The image as the models see it: a grey from 0 to 255 for each pixel. */
function greysOf(page: Page): Promise<number[]> {
  return page
    .getByRole('img', { name: 'The image as the models see it', exact: true })
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]);
    });
}

test('a drawn 3 is classified as 3, and every codec shows what it makes of it', async ({ page }) => {
  await page.goto('/');
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');

  const pictures = new Set<string>();
  for (const title of codecs) {
    const card = page.getByRole('article', { name: title, exact: true });
    await expect(card).toContainText(/MSE\s*0\.0\d{4}/);
    await expect(card).toContainText(/PSNR\s*\d\d\.\d dB/);
    await expect(card.getByRole('img', { name: `Error map of ${title}` })).toBeVisible();
    await expect(
      card.getByRole('list', { name: 'Probability of each class' }).getByRole('listitem'),
    ).toHaveCount(10);
    pictures.add(await pixelsOf(page, `What comes out of ${title}`));
  }
  pictures.add(await pixelsOf(page, 'The image as the models see it'));
  // A picture shows values beyond black and white as these, so both PCAs look the same.
  expect(pictures.size).toBe(codecs.length);
});

test('undo, redo, clear and the brush change the drawing and what is made of it', async ({ page }) => {
  await page.goto('/');
  await drawWithMouse(page, padOf(page), one);
  await expectSeen(page, '1');
  const thin = await pixelsOf(page, 'The image as the models see it');

  await drawWithMouse(page, padOf(page), three);
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.click();
  await expectSeen(page, '1');
  expect(await pixelsOf(page, 'The image as the models see it')).toBe(thin);
  await page.getByRole('button', { name: 'Redo' }).click();
  expect(await pixelsOf(page, 'The image as the models see it')).not.toBe(thin);

  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('img', { name: 'The image as the models see it' })).toHaveCount(0);
  await expect(page).not.toHaveURL(/ink=/);
  await expect(page.getByRole('button', { name: 'Clear' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Clear' })).toBeFocused();

  await page.getByRole('slider', { name: 'Brush' }).press('End');
  await drawWithMouse(page, padOf(page), one);
  await expectSeen(page, '1');
  expect(await pixelsOf(page, 'The image as the models see it')).not.toBe(thin);
});

test('the address brings a drawing back', async ({ page, context }) => {
  await page.goto('/');
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await expect(page).toHaveURL(/ink=/);
  const other = await context.newPage();
  await other.goto(page.url());
  await expectSeen(other, '3');
  const [drawn, brought] = [await greysOf(page), await greysOf(other)];
  expect(Math.max(...drawn)).toBeGreaterThan(200);
  // The address keeps 16 of the 256 levels of grey.
  const largest = Math.max(...drawn.map((grey, i) => Math.abs(grey - brought[i])));
  expect(largest).toBeLessThanOrEqual(9);
});

test('a test image is taken by number, by class, at random and the hardest', async ({ page }) => {
  await page.goto('/');
  const number = page.getByRole('spinbutton', { name: 'Number' });
  const seen = page.getByRole('article', { name: 'What the models see' });

  await number.fill('32');
  await number.press('Enter');
  await expect(seen).toContainText('Test image 32: 3.');
  await expectSeen(page, '3');
  await expect(page).toHaveURL(/test=32/);

  await page.getByRole('combobox', { name: 'Class' }).selectOption('7');
  await expect(seen).toContainText(/Test image [\d,]+: 7\./);

  await page.getByRole('combobox', { name: 'Class' }).selectOption('any');
  const taken = new Set<string>();
  for (let i = 0; i < 5; i++) {
    await page.getByRole('button', { name: 'Random' }).click();
    await expect(seen).not.toContainText([...taken].at(-1) ?? 'no image yet');
    taken.add((await seen.getByText(/^Test image/).textContent()) ?? '');
  }

  await page.getByRole('button', { name: 'Hardest' }).click();
  // The hardest is one that at least one codec loses: its card says so.
  await expect(
    page
      .getByText(/^flip, was/)
      .or(page.getByText('wrong'))
      .first(),
  ).toBeVisible();

  await number.fill('10000');
  await number.press('Enter');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('a whole number from 0 to 9999');
  await drawWithMouse(page, padOf(page), one);
  await expect(alert).toHaveCount(0);
});

test('codecs are picked, and the pick goes along to another view and back', async ({ page }) => {
  await page.goto('/?test=32');
  await expectSeen(page, '3');
  const picker = page.getByRole('group', { name: 'Codecs to compare' });
  await picker.getByRole('checkbox', { name: codecs[0], exact: true }).uncheck();
  await expect(page.getByRole('article', { name: codecs[0], exact: true })).toHaveCount(0);
  await expect(page).toHaveURL(/codecs=basic-64,deeper-64,pca-64,pca-64-clipped/);
  await page.getByRole('link', { name: 'Robustness' }).click();
  await expect(page).toHaveURL(/codecs=basic-64,.*test=32|test=32.*codecs=basic-64/);
  await page.getByRole('link', { name: 'Draw', exact: true }).click();
  await expect(page.getByRole('article', { name: codecs[1], exact: true })).toBeVisible();
  await expect(page.getByRole('article', { name: codecs[0], exact: true })).toHaveCount(0);
});
