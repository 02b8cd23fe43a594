import { expect, type Locator, type Page } from '@playwright/test';

/** A point on the pad, from 0 to 1 from its left and upper edge. */
type Point = readonly [number, number];

/** A 3 in one stroke, as most people write it. */
export const three: readonly Point[] = [
  [0.32, 0.27],
  [0.4, 0.2],
  [0.52, 0.18],
  [0.63, 0.23],
  [0.66, 0.33],
  [0.6, 0.42],
  [0.47, 0.47],
  [0.6, 0.51],
  [0.68, 0.6],
  [0.66, 0.72],
  [0.55, 0.8],
  [0.42, 0.8],
  [0.31, 0.73],
];

/** A 1: an upright stroke. */
export const one: readonly Point[] = [
  [0.5, 0.2],
  [0.5, 0.35],
  [0.5, 0.5],
  [0.5, 0.65],
  [0.5, 0.8],
];

/** Draws a stroke with the mouse. */
export async function drawWithMouse(page: Page, pad: Locator, stroke: readonly Point[]): Promise<void> {
  const points = await onScreen(pad, stroke);
  await page.mouse.move(points[0].x, points[0].y);
  await page.mouse.down();
  for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

/** Draws a stroke with a finger: touches as the browser gets them from a screen, which Playwright has no words for. */
export async function drawWithFinger(page: Page, pad: Locator, stroke: readonly Point[]): Promise<void> {
  const points = await onScreen(pad, stroke);
  const session = await page.context().newCDPSession(page);
  for (const [i, point] of points.entries()) {
    const type = i === 0 ? 'touchStart' : 'touchMove';
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: [point] });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}

async function onScreen(pad: Locator, stroke: readonly Point[]) {
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  return stroke.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
}

/** The pad of the view “Draw”. */
export function padOf(page: Page): Locator {
  return page.getByRole('application', { name: 'Drawing pad' });
}

/** Waits until all models have answered and it is said which class the classifier sees in the image itself. */
export async function expectSeen(page: Page, className: string): Promise<void> {
  await expect(page.getByRole('main').getByRole('status').last()).toContainText(
    new RegExp(`Classifier sees ${className} with \\d+ %`),
    { timeout: 30_000 },
  );
}
