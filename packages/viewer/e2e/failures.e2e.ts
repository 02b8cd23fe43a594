import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { damageDecoder } from './damage-decoder.ts';
import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

const demo = resolve(import.meta.dirname, '../demo/study');

test('a run whose manifest is damaged is listed as a problem, and the others work', async ({
  page,
  ownServer,
}) => {
  const folder = join(ownServer.runsFolder, 'damaged');
  await mkdir(folder);
  const manifest = await readFile(join(demo, 'run.json'), 'utf8');
  await writeFile(join(folder, 'run.json'), manifest.slice(0, manifest.length / 2));
  await page.goto(ownServer.origin);
  await expect(page.getByRole('contentinfo').getByRole('alert')).toContainText('damaged');
  await expectRuntime(page, /threads/);
});

test.describe('a model that arrives damaged', () => {
  test('is named with the rule that it breaks, and the other codecs are compared', async ({ page }) => {
    await damageDecoder(page);
    await page.goto('/?codecs=basic-32,pca-64');
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText('SHA-256');
    await drawWithMouse(page, padOf(page), three);
    await expectSeen(page, '3');
    await expect(page.getByRole('article', { name: 'PCA, 64 components', exact: true })).toContainText(
      /MSE\s*0\./,
    );
  });
});

test.describe('a model that the server has not', () => {
  test.use({ allowedErrors: [/status of 500/] });

  test('is named with what to do', async ({ page, ownServer }) => {
    const folder = join(ownServer.runsFolder, 'incomplete');
    await cp(demo, folder, { recursive: true, filter: (path) => !path.includes('basic-32') });
    await page.goto(`${ownServer.origin}/?run=incomplete&codecs=basic-32,pca-64`);
    await expect(page.getByRole('main').getByRole('alert')).toContainText('Restore the file or train again');
  });
});

test('without cross-origin isolation models run in one thread', async ({ page }) => {
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue();
    const answer = await route.fetch();
    const kept = Object.entries(answer.headers()).filter(([name]) => !name.startsWith('cross-origin'));
    await route.fulfill({ response: answer, headers: Object.fromEntries(kept) });
  });
  await page.goto('/');
  await expectRuntime(page, /1 thread\)/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
});

test('without a GPU that answers, models stay on WebAssembly once one was asked for', async ({ page }) => {
  await beginWorkerWith(
    page,
    `Object.defineProperty(navigator, 'gpu', {
       value: { requestAdapter: async () => { console.info('asked for a GPU'); return null; } },
     });`,
  );
  const asked = page.waitForEvent('console', (message) => message.text() === 'asked for a GPU');
  await page.goto('/');
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await asked;
  await page.getByRole('link', { name: 'Verify' }).click();
  const device = page.getByRole('group', { name: 'Run on' });
  await expect(page.getByRole('main')).toContainText('no graphics adapter answers in this browser');
  await expect(device.getByRole('radio', { name: 'Graphics (WebGPU)' })).toBeDisabled();
  await expect(device.getByRole('radio', { name: 'Processor (WASM)' })).toBeChecked();
  await expectRuntime(page, /WebAssembly, \d threads/);
});

/** Has the worker of models run a script first: it has globals of its own, which a page's scripts don't reach. */
async function beginWorkerWith(page: Page, script: string): Promise<void> {
  await page.route(/\/assets\/.*worker.*\.js/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${script}${await answer.text()}` });
  });
}

test('a browser without WebAssembly is told what is missing, and shows what needs none', async ({ page }) => {
  await beginWorkerWith(page, 'delete globalThis.WebAssembly;');
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'WebAssembly');
  });
  await page.goto('/');
  await expect(page.getByRole('contentinfo')).toContainText('they need WebAssembly');
  await page.goto('/results');
  await expect(page.getByRole('table').first()).toBeVisible();
});

test.describe('a server that does not answer', () => {
  test.use({ allowedErrors: [/ERR_FAILED/] });

  test('is named, with the question to ask', async ({ page }) => {
    await page.route('**/api/**', (route) => route.abort());
    await page.goto('/');
    await expect(page.getByRole('main').getByRole('alert')).toContainText('Cannot reach the server');
  });
});

test.describe('the code of charts that does not arrive', () => {
  test.use({ allowedErrors: [/ERR_FAILED/] });

  test('is told in the place of the chart, with what to do', async ({ page }) => {
    // Observable Plot's own file begins at its folder "src".
    await page.route(/\/assets\/src-[^/]*\.js/, (route) => route.abort());
    await page.goto('/results');
    const alert = page.getByRole('main').getByRole('alert').first();
    await expect(alert).toContainText('This chart can’t be drawn');
    await expect(alert).toContainText('Reload the page.');
  });
});
