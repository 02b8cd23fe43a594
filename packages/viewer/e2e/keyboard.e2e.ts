import { expectSeen, padOf } from './draw-digit.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

test('the skip link leads past the navigation', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(padOf(page)).toBeFocused();
});

test('a 1 is drawn with the keyboard alone, and undone', async ({ page }) => {
  await page.goto('/');
  await expectRuntime(page, /threads/);
  const pad = padOf(page);
  await pad.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expectSeen(page, '1');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('img', { name: 'The image as the models see it' })).toHaveCount(0);
});

test('everything that can be focused is seen to be, and none holds the focus', async ({ page }) => {
  await page.goto('/?test=32');
  await expectSeen(page, '3');
  const seen = new Set<string>();
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const label = `${element.tagName} ${element.getAttribute('aria-label') ?? ''} ${element.textContent}`;
      const place = [...document.querySelectorAll('*')].indexOf(element);
      const marked =
        (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) ||
        boxShadow !== 'none' ||
        // A control that is drawn by its label shows its focus there.
        element.matches('.visually-hidden, input');
      return { key: `${place}`, label: label.slice(0, 80), marked };
    });
    if (focused === undefined) break;
    expect.soft(focused.marked, `focus is seen on ${focused.label}`).toBe(true);
    // Coming to the same again is the end of the page, or a trap.
    if (seen.has(focused.key)) break;
    seen.add(focused.key);
  }
  const stops = seen.size;
  expect(stops).toBeGreaterThan(25);
  await expect(page.getByRole('contentinfo')).toBeVisible();
});
