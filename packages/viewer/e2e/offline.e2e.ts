import { drawWithMouse, expectSeen, padOf, three } from './draw-digit.ts';
import { startServer } from './start-server.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

test.use({
  serviceWorkers: 'allow',
  // Live progress has nothing to tell without a server.
  allowedErrors: [/ERR_CONNECTION_REFUSED.*\/api\/live/],
});

test('after the first visit the page works without its server, isolated as before', async ({
  page,
  ownServer,
}) => {
  await page.goto(ownServer.origin);
  await expectRuntime(page, /threads/);
  await drawWithMouse(page, padOf(page), three);
  await expectSeen(page, '3');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open('narrows-documents')).keys()).length))
    .toBeGreaterThanOrEqual(2);
  await ownServer.stop();

  await page.reload();
  await expectRuntime(page, /threads/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expectSeen(page, '3');

  // Every view's code is there, too.
  await page.goto(`${ownServer.origin}/results`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Results/);

  const again = await startServer({
    runsFolder: ownServer.runsFolder,
    port: Number(new URL(ownServer.origin).port),
  });
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Results/);
  await again.stop();
});

test('an update of the page is taken at the next visit', async ({ page, ownServer }) => {
  await page.goto(ownServer.origin);
  await expectRuntime(page, /threads/);
  const shellCaches = () =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('narrows-shell-')));
  await page.evaluate(() => navigator.serviceWorker.ready);
  const [first] = await shellCaches();
  await page.evaluate(async () => {
    // As if an older build had been kept: the list it was named after is not the server's.
    const [name] = (await caches.keys()).filter((key) => key.startsWith('narrows-shell-'));
    const older = await caches.open('narrows-shell-0');
    await older.put('/', new Response('<title>old</title>', { headers: { 'content-type': 'text/html' } }));
    await caches.delete(name);
  });
  await page.reload();
  await expect(page).toHaveTitle(/Narrows/);
  // The page comes last.
  const isKept = () =>
    page.evaluate(
      async (cacheName) => (await caches.match('/', { cacheName, ignoreVary: true })) !== undefined,
      first,
    );
  await expect.poll(isKept).toBe(true);
  await ownServer.stop();
  await page.reload();
  await expect(page).toHaveTitle(/Narrows/);
});
