import { progressAfter, report } from './night-training.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

const views = [
  ['Draw', '/'],
  ['How narrow?', '/widths'],
  ['Latent space', '/latent'],
  ['Robustness', '/robustness'],
  ['Results', '/results'],
  ['Verify', '/verify'],
  ['Models', '/models'],
] as const;

test('every view opens from the navigation and says so in address, title and focus', async ({ page }) => {
  await page.goto('/');
  const navigation = page.getByRole('navigation', { name: 'Views' });
  for (const [name, path] of [...views.slice(1), views[0]]) {
    await navigation.getByRole('link', { name }).click();
    await expect(page).toHaveURL((url) => url.pathname === path);
    await expect(navigation.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('main')).toBeFocused();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }
  await page.goBack();
  await expect(page).toHaveURL((url) => url.pathname === '/models');
});

test('the page is isolated, so that models run on several threads, and says what they run on', async ({
  page,
}) => {
  await page.goto('/');
  await expectRuntime(page, /WebAssembly, \d threads/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('language and colours are chosen, and stay chosen after a reload', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Ελληνικά');
  await page.getByRole('combobox', { name: 'Χρώματα' }).selectOption('Σκούρα');
  await page.reload();
  await expect(page.getByRole('link', { name: 'Επαλήθευση' })).toBeVisible();
  expect(
    await page.evaluate(() => {
      const { lang, dataset } = document.documentElement;
      return { lang, theme: dataset['theme'], ground: getComputedStyle(document.body).backgroundColor };
    }),
  ).toEqual({ lang: 'el', theme: 'dark', ground: 'rgb(21, 23, 27)' });
});

test.describe('a browser that prefers Greek', () => {
  test.use({ locale: 'el-GR' });

  test('gets Greek', async ({ page }) => {
    await page.goto('/results');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Αποτελέσματα');
    await expect(page).toHaveTitle(/Αποτελέσματα/);
  });
});

test.describe('an address that leads nowhere', () => {
  test.use({ allowedErrors: [/status of 404/] });

  test('says so', async ({ page }) => {
    const answer = await page.goto('/nothing-here');
    expect(answer?.status()).toBe(404);
    await page.getByRole('link', { name: 'Go to Narrows' }).click();
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
  });

  for (const [name, path] of views) {
    test(`says which runs there are where ${name} is asked for one that is not there`, async ({ page }) => {
      await page.goto(`${path}?run=no-such-run`);
      const alert = page.getByRole('alert').first();
      await expect(alert).toContainText('no-such-run');
      await expect(alert).toContainText('~study');
      await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption('~study');
      await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
    });
  }
});

test.describe('who asks for less motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('sees nothing move by itself', async ({ page, ownServer: { origin, runsFolder } }) => {
    const moving = () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .map(({ effect, playState }) => ({ ms: Number(effect?.getComputedTiming().duration), playState }))
          .filter(({ ms, playState }) => playState === 'running' && ms > 1),
      );
    for (const [, path] of views) {
      // A training under way has a dot that moves for others.
      await report(runsFolder, 'night', progressAfter(1));
      await page.goto(`${origin}${path}?test=32`);
      await expect(page.getByTitle('Training: Night training')).toBeVisible();
      await expectRuntime(page, /threads/);
      expect(await moving(), path).toEqual([]);
    }
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await moving()).toHaveLength(1);
  });
});

test.describe('a view that fails while it is drawn', () => {
  test.use({ allowedErrors: [/broken on purpose/] });

  test('is tried again with another run', async ({ page }) => {
    await page.route(/\/assets\/results-view-.*\.js/, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `let isFirst = true;
        export function ResultsView() {
          if (!isFirst) return 'drawn';
          isFirst = false;
          throw new Error('broken on purpose');
        }`,
      }),
    );
    await page.goto('/results?run=~study');
    const main = page.getByRole('main');
    await expect(main.getByRole('alert')).toContainText('broken on purpose');
    await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption('~widths');
    await expect(main).toHaveText('drawn');
  });
});
