/**
 * The page in a real browser, against the real server: `npx nx run viewer:e2e`, or for one file
 * `npx playwright test --config=packages/viewer/e2e/playwright.config.ts draw`.
 *
 * What a failed test leaves (screenshot, trace) and the screenshots of all views are in `reports/e2e`.
 */
import { resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { browserArguments, findBrowser } from '../src/testing/find-browser.ts';
import type { WatchOptions } from './watched-test.ts';

const reports = resolve(import.meta.dirname, '../../../reports');
const { executablePath, env } = await findBrowser();

export default defineConfig<WatchOptions>({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: `${reports}/e2e`,
  reporter: [['line'], ['json', { outputFile: `${reports}/viewer-e2e.json` }]],
  forbidOnly: true,
  // Models compute on all cores.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    launchOptions: {
      executablePath,
      args: [...browserArguments],
      env: { ...(process.env as Record<string, string>), ...env },
    },
    locale: 'en-GB',
    // Tests see every request; those of the service worker let it in.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      testMatch: ['phone.e2e.ts', 'accessibility.e2e.ts'],
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
    },
  ],
});
