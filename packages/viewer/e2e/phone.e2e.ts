import { drawWithFinger, expectSeen, padOf, three } from './draw-digit.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

test('a 3 is drawn with a finger, without the page scrolling away under it', async ({ page }) => {
  await page.goto('/');
  await expectRuntime(page, /threads/);
  const before = await page.evaluate(() => scrollY);
  await drawWithFinger(page, padOf(page), three);
  await expectSeen(page, '3');
  expect(await page.evaluate(() => scrollY)).toBe(before);
});

for (const path of ['/', '/widths', '/latent', '/robustness', '/results', '/verify', '/models']) {
  test(`${path} fits a phone's width, and what is to be touched is large enough`, async ({ page }) => {
    await page.goto(`${path}?test=32`);
    await expectRuntime(page, /threads/);
    await page.waitForTimeout(1000);
    const { page: width, screen } = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      screen: innerWidth,
    }));
    expect(width).toBeLessThanOrEqual(screen);
    const small = await page
      .getByRole('button')
      .or(page.getByRole('combobox'))
      .evaluateAll((targets) =>
        targets
          .filter((target) => target.checkVisibility())
          .map((target) => ({ name: target.textContent, box: target.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
          .map(({ name, box }) => `${name} ${box.width} × ${box.height}`),
      );
    // WCAG 2.2, 2.5.8
    expect(small).toEqual([]);
  });
}

test('the tab of the view at hand is in sight, also where its address is opened', async ({ page }) => {
  for (const [path, name] of [
    ['/models', 'Models'],
    ['/latent', 'Latent space'],
    ['/', 'Draw'],
  ] as const) {
    await page.goto(path);
    const tab = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true });
    await expect(tab).toBeInViewport({ ratio: 1 });
  }
});
