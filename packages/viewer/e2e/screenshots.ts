/**
 * Makes the pictures of the README from the demo, into `docs/viewer`:
 *
 *   npx nx run viewer:screenshots
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../src/testing/launch-browser.ts';
import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { startServer } from './start-server.ts';

const docs = resolve(import.meta.dirname, '../../../docs/viewer');

interface Shot {
  readonly name: string;
  readonly address: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** What to do before, such as drawing. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const desktop = { width: 1280, height: 860, theme: 'light' } as const;

const drawThree = async (page: Page): Promise<void> => {
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    scrollTo({ top: 0 });
  });
};

const shots: readonly Shot[] = [
  { ...desktop, name: 'draw', address: '/', prepare: drawThree },
  { ...desktop, name: 'draw-dark', address: '/', theme: 'dark', prepare: drawThree },
  { ...desktop, name: 'draw-phone', address: '/', width: 390, height: 844, prepare: drawThree },
  { ...desktop, name: 'widths', address: '/widths?test=32' },
  { ...desktop, name: 'latent', address: '/latent?test=32' },
  {
    ...desktop,
    name: 'verify',
    address: '/verify',
    async prepare(page) {
      await page.getByRole('button', { name: /^Verify/ }).click();
      await page.getByRole('button', { name: /^Verify/ }).waitFor({ timeout: 300_000 });
    },
  },
];

const runsFolder = await mkdtemp(join(tmpdir(), 'narrows-screenshots-'));
const server = await startServer({ runsFolder });
const browser = await launchBrowser();
try {
  await mkdir(docs, { recursive: true });
  for (const shot of shots) await takeShot(browser, shot);
} finally {
  await browser.close();
  await server.stop();
  await rm(runsFolder, { recursive: true });
}

async function takeShot(
  browser: Browser,
  { name, address, theme, width, height, prepare }: Shot,
): Promise<void> {
  const page = await browser.newPage({
    baseURL: server.origin,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  await page.goto(address);
  await page
    .getByRole('contentinfo')
    .getByText(/threads?\)/)
    .waitFor({ timeout: 60_000 });
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await prepare?.(page);
  // What the models answer, and the last of what moves.
  await page.waitForTimeout(1500);
  const file = join(docs, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  process.stdout.write(`${file}: ${Math.round(size / 1000)} kB\n`);
  await page.close();
}
