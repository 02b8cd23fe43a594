import type { Page } from '@playwright/test';
import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { expect, test } from './watched-test.ts';

const mapOf = (page: Page) => page.getByRole('application', { name: /^Map of [\d,]+ test images/ });

test('a point shows its image under the pointer, and what the codec makes of it when it is marked', async ({
  page,
}) => {
  await page.goto('/latent');
  const map = mapOf(page);
  await expect(map).toBeVisible({ timeout: 30_000 });
  const box = (await map.boundingBox())!;
  const point = page.getByRole('region', { name: 'A point' });
  // Somewhere in the middle there is always one near.
  await expect(async () => {
    for (let i = 0; i < 12; i++) {
      await page.mouse.move(box.x + box.width * (0.35 + 0.025 * i), box.y + box.height * 0.5);
      if ((await point.getByRole('img').count()) > 0) break;
    }
    await expect(point.getByRole('img', { name: /^Test image \d/ }).first()).toBeVisible({ timeout: 1000 });
  }).toPass();

  await map.focus();
  await page.keyboard.press('ArrowRight');
  await expect(point).toContainText('Classifier on the reconstruction', { timeout: 30_000 });
  const first = await point.textContent();
  // At an edge of the map there is none further on; the way back there always is.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(point).not.toHaveText(first!);
});

test('a lasso selects points and tells how many, of which classes, and what codecs cost there', async ({
  page,
}) => {
  await page.goto('/latent');
  const map = mapOf(page);
  await expect(map).toBeVisible({ timeout: 30_000 });
  await page.getByRole('radio', { name: 'draws a lasso' }).check({ force: true });
  const box = (await map.boundingBox())!;
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  for (const corner of [at(0.6, 0.2), at(0.6, 0.7), at(0.2, 0.7)])
    await page.mouse.move(...corner, { steps: 5 });
  await page.mouse.up();
  const selection = page.getByRole('region', { name: 'A selection' });
  await expect(selection).toContainText(/[\d,]+ images selected/);
  await expect(
    selection.getByRole('group', { name: 'What the codecs cost here, and over the whole test set' }),
  ).toContainText('the originals');
  await selection.getByRole('button', { name: 'Clear the selection' }).click();
  await expect(selection).not.toContainText(/images selected/);
});

test('one number of the code is turned, and the image changes with it', async ({ page }) => {
  await page.goto('/latent?test=32');
  const code = page.getByRole('region', { name: 'Turn the numbers of the code' });
  const bar = code.getByRole('slider').first();
  await expect(bar).toBeVisible({ timeout: 60_000 });
  const before = await bar.getAttribute('aria-valuenow');
  await bar.press('PageUp');
  await bar.press('PageUp');
  await expect(bar).not.toHaveAttribute('aria-valuenow', before!);
  await expect(code).toContainText('One number is changed');
  const after = code.getByRole('img', { name: 'With the changed code' });
  await expect(after).toBeVisible();
  await bar.press('Delete');
  await expect(bar).toHaveAttribute('aria-valuenow', before!);
});

test('coordinates are downloaded, one line for each test image', async ({ page }) => {
  await page.goto('/latent');
  const map = mapOf(page);
  await expect(map).toBeVisible({ timeout: 30_000 });
  const points = Number(
    /^Map of ([\d,]+)/.exec((await map.getAttribute('aria-label'))!)![1].replace(',', ''),
  );
  const download = page.waitForEvent('download');
  await page.getByText('Download coordinates (CSV)').click();
  const stream = await (await download).createReadStream();
  let lines = 0;
  for await (const chunk of stream) lines += (chunk as Buffer).toString().split('\n').length - 1;
  expect(lines).toBe(1 + points);
});

test('a drawing from the pad is placed among its neighbours, and a path leads to another image', async ({
  page,
}) => {
  await page.goto('/');
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await page.getByRole('link', { name: 'Latent space' }).click();
  const atHand = page.getByRole('region', { name: 'Your image on the map' });
  await expect(atHand).toContainText(/\d+ of \d+ are of class 3/, { timeout: 60_000 });
  const path = page.getByRole('region', { name: 'From one image to another' });
  await expect(path.getByRole('slider', { name: 'Along the way from A to B' })).toBeVisible({
    timeout: 30_000,
  });
});

test('the map is zoomed by wheel, keys and buttons, and shown whole again', async ({ page }) => {
  await page.goto('/latent?test=32');
  const map = mapOf(page);
  await expect(map).toBeVisible({ timeout: 30_000 });
  const controls = page.getByRole('group', { name: 'Move and zoom the map' });
  const out = controls.getByRole('button', { name: 'Zoom out' });
  await expect(out).toHaveAttribute('aria-disabled', 'true');
  await map.hover();
  await expect(async () => {
    await page.mouse.wheel(0, -300);
    await expect(out).toHaveAttribute('aria-disabled', 'false', { timeout: 500 });
  }).toPass();
  await controls.getByRole('button', { name: 'Whole map' }).click();
  await expect(out).toHaveAttribute('aria-disabled', 'true');
  await map.press('+');
  await expect(out).toHaveAttribute('aria-disabled', 'false');
  await map.press('0');
  await expect(out).toHaveAttribute('aria-disabled', 'true');
});

test('without a pointer, points are marked by arrow keys and selected around one or by class', async ({
  page,
}) => {
  await page.goto('/latent?test=32');
  const map = mapOf(page);
  await expect(map).toBeVisible({ timeout: 30_000 });
  const selection = page.getByRole('region', { name: 'A selection' });
  await expect(selection.getByRole('button', { name: 'Select nearest' })).toBeDisabled();
  await map.press('ArrowRight');
  await expect(page).toHaveURL(/point=\d+/);
  await expect(page.getByRole('status').filter({ hasText: /^Marked: test image/ })).toBeAttached();
  await selection.getByRole('spinbutton', { name: 'Nearest to the marked point' }).fill('20');
  await selection.getByRole('button', { name: 'Select nearest' }).click();
  await expect(selection.getByRole('status')).toHaveText('20 images selected');

  await selection.getByRole('combobox', { name: 'All of class' }).selectOption('1');
  await selection.getByRole('button', { name: 'Select class' }).click();
  await expect(selection.getByRole('status')).not.toHaveText('20 images selected');
  const count = /^[\d,]+/.exec((await selection.getByRole('status').textContent())!)![0];
  await expect(selection.getByRole('listitem').nth(1)).toHaveText(`1${count}`);
  await expect(selection.getByRole('listitem').nth(2)).toHaveText('20');
});

test('a path between two images is walked step by step, and the address keeps how far', async ({ page }) => {
  await page.goto('/latent?from=0&to=2');
  const path = page.getByRole('region', { name: 'From one image to another' });
  await expect(path.getByRole('img', { name: 'A: test image 0' })).toBeVisible({ timeout: 30_000 });
  const steps = path.getByRole('list').first().getByRole('button');
  await expect(steps).toHaveCount(11);
  await steps.last().click();
  await expect(path.getByRole('slider', { name: 'Along the way from A to B' })).toHaveValue('100');
  await expect(path.getByRole('img', { name: /^Decoded at 100 % of the way/ })).toBeVisible();
  await expect(page).toHaveURL(/along=100/);

  await page.getByRole('region', { name: 'A point' }).getByRole('spinbutton').fill('5');
  await page.keyboard.press('Enter');
  await path.getByRole('button', { name: 'Take the marked point as B' }).click();
  await expect(path.getByRole('img', { name: 'B: test image 5' })).toBeVisible();
});

test('numbers of the code that the address names are turned, and those of no image are refused', async ({
  page,
}) => {
  await page.goto('/latent?test=32&code=0:1.5,1:0.25&to=123456');
  const code = page.getByRole('region', { name: 'Turn the numbers of the code' });
  await expect(code).toContainText('2 numbers are changed', { timeout: 60_000 });
  await code.getByRole('button', { name: 'Put all back' }).click();
  await expect(code).toContainText('Nothing is changed yet');
  await expect(page).not.toHaveURL(/code=/);
  await expect(page.getByRole('region', { name: 'From one image to another' })).toContainText(
    'Cannot show test image "123456": it must be a whole number from 0 to 9999.',
  );
});

test('while another space is on its way, nothing of the one before stands under its name', async ({
  page,
}) => {
  await page.goto('/latent?test=32&of=basic-32&point=7');
  const map = mapOf(page);
  await expect(map).toHaveAccessibleName(/basic autoencoder, latent 32/, { timeout: 30_000 });
  const atHand = page.getByRole('region', { name: 'Your image on the map' });
  await expect(atHand).toContainText(/\d+ of \d+ are of class/, { timeout: 60_000 });
  const path = page.getByRole('region', { name: 'From one image to another' });
  await expect(path.getByRole('heading', { name: 'Decoded by basic autoencoder, latent 32' })).toBeVisible();

  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/latent-maps\/pixels/, async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole('combobox', { name: 'Space' }).selectOption('pixels');
  await expect(page.getByRole('status').filter({ hasText: 'Getting the map …' })).toBeVisible();
  await expect(map).toHaveAccessibleName(/basic autoencoder, latent 32/);
  await expect(atHand).toContainText('Looking for its neighbours …');
  const point = page.getByRole('region', { name: 'A point' });
  await expect(point.getByRole('img', { name: 'What the codec makes of test image 7' })).toBeVisible();
  await expect(path.getByRole('heading', { name: /^Decoded by/ })).toHaveCount(0);

  release();
  await expect(map).toHaveAccessibleName(/Pixels, no codec/);
  await expect(page.getByText('Getting the map …')).toHaveCount(0);
  await expect(point.getByRole('img')).toHaveCount(1);
  await expect(point).not.toContainText('MSE');
  await expect(atHand).toContainText(/\d+ of \d+ are of class/, { timeout: 60_000 });
});

test('a wrong number at an end of the path is corrected where it was typed', async ({ page }) => {
  await page.goto('/latent?test=32&to=2');
  const path = page.getByRole('region', { name: 'From one image to another' });
  await expect(path.getByRole('img', { name: 'B: test image 2' })).toBeVisible({ timeout: 30_000 });
  const number = path.getByRole('spinbutton', { name: 'B: test image no.' });
  await number.fill('99999');
  await number.press('Enter');
  await expect(path.getByRole('alert')).toContainText('"99999"');
  await expect(number).toHaveValue('99999');
  await expect(number).toBeFocused();
  await expect(path.getByRole('img', { name: 'A: test image 32' })).toBeVisible();
  await number.fill('5');
  await number.press('Enter');
  await expect(path.getByRole('img', { name: 'B: test image 5' })).toBeVisible();
  await expect(path.getByRole('alert')).toHaveCount(0);
});

test('buttons that have done their work keep the focus', async ({ page }) => {
  await page.goto('/latent?test=32&from=3&point=5&code=0:1.5');
  await expect(mapOf(page)).toBeVisible({ timeout: 30_000 });
  const selection = page.getByRole('region', { name: 'A selection' });
  await selection.getByRole('button', { name: 'Select nearest' }).click();
  await expect(selection.getByRole('status')).toContainText('images selected');
  const done = [
    selection.getByRole('button', { name: 'Clear the selection' }),
    page.getByRole('button', { name: 'Take the image at hand as A' }),
    page.getByRole('button', { name: 'Put all back' }),
  ];
  for (const button of done) {
    await expect(button).toBeEnabled({ timeout: 60_000 });
    await button.press('Enter');
    await expect(button).toBeDisabled();
    await expect(button).toBeFocused();
  }
});

test.describe('in Greek', () => {
  test.use({ locale: 'el-GR' });

  test('a number of no image is refused in Greek', async ({ page }) => {
    await page.goto('/latent?to=123456');
    await expect(page.getByRole('alert')).toContainText('Δεν υπάρχει εικόνα δοκιμής «123456»', {
      timeout: 30_000,
    });
  });
});
