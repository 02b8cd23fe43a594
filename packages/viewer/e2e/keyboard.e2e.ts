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
  const last = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return all.findLastIndex(
      (element) => element.matches('a[href], :enabled, summary, [tabindex="0"]') && element.checkVisibility(),
    );
  });
  const seen = new Set<number>();
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const isMarked = (shown: Element): boolean => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      };
      // A radio button that is drawn by the words beside it shows its focus there.
      const shown = element.matches('.choice input') ? element.nextElementSibling! : element;
      const label = `${element.tagName} ${element.getAttribute('aria-label') ?? ''} ${element.textContent}`;
      const place = [...document.querySelectorAll('*')].indexOf(element);
      return { place, label: label.slice(0, 80), isMarked: isMarked(shown) };
    });
    // Coming to the same again is the end of the page, or a trap.
    if (focused === undefined || seen.has(focused.place)) break;
    expect.soft(focused.isMarked, `focus is seen on ${focused.label}`).toBe(true);
    seen.add(focused.place);
  }
  expect(seen).toContain(last);
});
