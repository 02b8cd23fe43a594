import type { Page } from '@playwright/test';
import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

/** SHA-256 of every file that the browser keeps. */
const keptHashes = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open('narrows-files');
    return (await cache.keys()).map(({ url }) => url.slice(url.lastIndexOf('/') + 1));
  });

/** Puts a file of so many bytes, as it says of itself, under a hash. */
const keep = (page: Page, sha256: string, sizeBytes: number) =>
  page.evaluate(
    async ([hash, size]) => {
      const cache = await caches.open('narrows-files');
      const headers = { 'content-length': String(size) };
      await cache.put(`/narrows-files/${hash}`, new Response('not what it should be', { headers }));
    },
    [sha256, sizeBytes] as const,
  );

async function drawAndSee(page: Page): Promise<void> {
  await expectRuntime(page, /threads/);
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
}

test('a file is fetched once, and again only where what was kept is damaged', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes('/files/models/')) fetched.push(pathname);
  });
  await page.goto('/');
  await drawAndSee(page);
  expect(fetched.length).toBeGreaterThan(0);
  expect(new Set(fetched).size).toBe(fetched.length);
  await expect.poll(() => keptHashes(page)).not.toEqual([]);

  const [damaged] = await keptHashes(page);
  await keep(page, damaged, 21);
  fetched.length = 0;
  await page.reload();
  await drawAndSee(page);
  expect(fetched.length).toBeLessThanOrEqual(1);
  expect(await keptHashes(page)).toContain(damaged);
});

test('beyond 200 MB, files that no run has any more are let go', async ({ page }) => {
  await page.goto('/');
  await drawAndSee(page);
  const before = await keptHashes(page);
  const stranger = 'f'.repeat(64);
  await keep(page, stranger, 190_000_000);
  await page.reload();
  await drawAndSee(page);
  expect(await keptHashes(page)).toContain(stranger);

  await keep(page, stranger, 210_000_000);
  await page.reload();
  await expect.poll(() => keptHashes(page)).not.toContain(stranger);
  expect(await keptHashes(page)).toEqual(expect.arrayContaining(before));
});

test('a browser without room for files works without keeping them', async ({ page }) => {
  // A worker has globals of its own, so the script that it begins with is told.
  await page.route(/\/assets\/lab-worker.*\.js/, async (route) => {
    const answer = await route.fetch();
    const full = `Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));`;
    await route.fulfill({ response: answer, body: full + (await answer.text()) });
  });
  await page.goto('/');
  await drawAndSee(page);
  expect(await keptHashes(page)).toEqual([]);
});
