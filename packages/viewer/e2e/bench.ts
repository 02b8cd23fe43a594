/**
 * Measures what a visitor waits for, on the demo in the browser that the tests use, and prints it beside what is to be
 * reached:
 *
 *   npx nx run viewer:bench
 *
 * Timings are of the machine as it is at that moment: nothing else should be running.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../src/testing/launch-browser.ts';
import { countTraffic } from './count-traffic.ts';
import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { startServer } from './start-server.ts';

const client = resolve(import.meta.dirname, '../dist/client');
const fourCodecs = 'codecs=basic-32,basic-64,deeper-64,pca-64';

const runsFolder = await mkdtemp(join(tmpdir(), 'narrows-bench-'));
const server = await startServer({ runsFolder });
const browser = await launchBrowser();
try {
  await measureFirstVisit(browser);
  const page = await browser.newPage({ baseURL: server.origin, viewport: { width: 1280, height: 800 } });
  await measurePenUp(page);
  await measureSliderSteps(page);
  await measurePanning(page);
  await measureVerification(page);
} finally {
  await browser.close();
  await server.stop();
  await rm(runsFolder, { recursive: true });
}

function print(what: string, value: string, aim: string): void {
  process.stdout.write(`${what.padEnd(58)} ${value.padStart(12)}   ${aim}\n`);
}

/** Bytes of a first visit: until the first drawing is answered, and with what is then fetched to be kept. */
async function measureFirstVisit(visitor: Browser): Promise<void> {
  for (const serviceWorkers of ['block', 'allow'] as const) {
    const traffic = await countTraffic(server.origin);
    const page = await visitor.newPage({ baseURL: traffic.origin, serviceWorkers });
    const began = performance.now();
    await page.goto(`/?${fourCodecs}`);
    await drawWithMouse(page, padOf(page), three);
    await expectSeen(page, '3');
    const seconds = (performance.now() - began) / 1000;
    if (serviceWorkers === 'block') {
      print('first visit until a drawing is answered', megabytes(traffic.receivedBytes()), '≤ 4 MB');
      const ours = `${((await scriptBytes(traffic.paths())) / 1000).toFixed(0)} kB`;
      print("our own JS of it, gzip, without onnxruntime's", ours, '≤ 150 kB');
      print('time of it, on this machine alone', `${seconds.toFixed(1)} s`, '');
    } else {
      let before = -1;
      while (traffic.receivedBytes() !== before) {
        before = traffic.receivedBytes();
        await page.waitForTimeout(3000);
      }
      print('first visit with what is kept for visits without a network', megabytes(before), '');
    }
    await page.context().close();
    traffic.stop();
  }
}

/** Bytes of our scripts among these paths, compressed with gzip. */
async function scriptBytes(paths: readonly string[]): Promise<number> {
  const scripts = new Set(paths.filter((path) => path.endsWith('.js') && !path.includes('/ort')));
  const sizes = await Promise.all(
    [...scripts].map(async (path) => gzipSync(await readFile(join(client, path))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function measurePenUp(page: Page): Promise<void> {
  await page.goto(`/?${fourCodecs}`);
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await page.evaluate(() => {
    performance.clearMeasures();
  });
  for (let i = 0; i < 21; i++) {
    const shift = 0.01 * (i % 5);
    await drawAtOnce(
      page,
      three.map(([x, y]) => [x + shift, y + shift] as const),
    );
    await page.waitForFunction(
      (count) => performance.getEntriesByName('pen-up-to-results').length >= count,
      i + 1,
    );
    await page.getByRole('button', { name: 'Clear' }).click();
  }
  const times = await measuresOf(page, 'pen-up-to-results');
  print(
    `pen up to the results of 4 codecs, median of ${times.length}`,
    milliseconds(quantile(times, 0.5)),
    '≤ 50 ms',
  );
}

/**
 * Draws a stroke whose last stretch comes in one moment with the pen's lifting, so that no result of it is there yet. The
 * mouse that Playwright moves is slower than the models: with it nearly all results stand before the pen is lifted.
 */
async function drawAtOnce(page: Page, stroke: typeof three): Promise<void> {
  const pad = padOf(page);
  const box = (await pad.boundingBox())!;
  const points = stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  await page.mouse.move(...points[0]);
  await page.mouse.down();
  for (const point of points.slice(1, -2)) await page.mouse.move(...point);
  await page.waitForTimeout(300);
  await pad.evaluate((canvas, rest) => {
    const mouse = { pointerId: 1, pointerType: 'mouse', isPrimary: true, bubbles: true };
    for (const [clientX, clientY] of rest) {
      canvas.dispatchEvent(new PointerEvent('pointermove', { ...mouse, clientX, clientY, buttons: 1 }));
    }
    canvas.dispatchEvent(new PointerEvent('pointerup', mouse));
  }, points.slice(-2));
  await page.mouse.up();
}

async function measureSliderSteps(page: Page): Promise<void> {
  await page.goto('/widths?test=0');
  const slider = page.getByRole('slider', { name: 'Width of the bottleneck' });
  await page.getByRole('img', { name: 'PCA: reconstruction' }).waitFor();
  await page.waitForTimeout(2000);
  await slider.press('End');
  await page.evaluate(() => {
    performance.clearMeasures();
  });
  for (let i = 0; i < 100; i++) await slider.press('ArrowLeft');
  const times = await measuresOf(page, 'pca-step');
  print(`slider step for PCA, median of ${times.length}`, milliseconds(quantile(times, 0.5)), '≤ 16 ms');
  print('slider step for PCA, 95th percentile', milliseconds(quantile(times, 0.95)), '');
}

/** Frames that the browser draws while the map is dragged for 3 s. */
async function measurePanning(page: Page): Promise<void> {
  await page.goto('/latent');
  const map = page.getByRole('application', { name: /^Map of/ });
  await map.waitFor();
  const points = /[\d,]+/.exec((await map.getAttribute('aria-label'))!)![0];
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.waitForTimeout(1000);
  const { x, y, width, height } = (await map.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  // As text, because what runs this file gives functions a wrapping that the page doesn't know.
  await page.evaluate(
    'globalThis.frames = []; requestAnimationFrame(function note(at) { frames.push(at); requestAnimationFrame(note); })',
  );
  const until = performance.now() + 3000;
  for (let i = 0; performance.now() < until; i++) {
    await page.mouse.move(
      x + width * (0.5 + 0.2 * Math.sin(i / 20)),
      y + height * (0.5 + 0.2 * Math.cos(i / 20)),
    );
  }
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  await page.mouse.up();
  const gaps = frames.slice(1).map((at, i) => at - frames[i]);
  print(
    `frames a second while a map of ${points} points is dragged`,
    (1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length)).toFixed(0),
    '≥ 30',
  );
  print('longest gap between two of them', milliseconds(Math.max(...gaps)), '');
}

async function measureVerification(page: Page): Promise<void> {
  await page.goto('/verify?run=~study');
  await page.getByRole('button', { name: /^Verify [\d,]+ images$/ }).click();
  const report = page.getByRole('region', { name: 'What was compared' });
  await report.waitFor({ timeout: 600_000 });
  const outcome = page.getByRole('main').getByRole('status').filter({ hasText: 'confirm' });
  const text = (await outcome.first().textContent()) ?? '';
  print(
    'verification of the demo, 5 codecs and the classifier',
    /images in (.*)\.$/.exec(text)?.[1] ?? text,
    '≤ 60 s with 4',
  );
}

function measuresOf(page: Page, name: string): Promise<readonly number[]> {
  return page.evaluate((named) => performance.getEntriesByName(named).map(({ duration }) => duration), name);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
