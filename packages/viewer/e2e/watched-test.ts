import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startServer } from './start-server.ts';

/** Options of a test, set by `test.use`. */
export interface WatchOptions {
  /** What the console may say in spite of all, because the test breaks something on purpose. */
  allowedErrors: RegExp[];
}

/**
 * Playwright's `test` with a server that has the demos alone (`baseURL`), and a page that is watched: an error on the
 * console, an exception that nobody caught or a violation of the content policy, which the console tells too, fails the
 * test, if `allowedErrors` doesn't name it.
 */
export const test = base.extend<WatchOptions & { watch: undefined }, { demoServer: string }>({
  allowedErrors: [[], { option: true }],

  demoServer: [
    async ({}, use) => {
      const runsFolder = await mkdtemp(join(tmpdir(), 'narrows-no-runs-'));
      const server = await startServer({ runsFolder });
      await use(server.origin);
      await server.stop();
      await rm(runsFolder, { recursive: true });
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ demoServer }, use) => {
    await use(demoServer);
  },

  watch: [
    async ({ context, allowedErrors }, use) => {
      const errors: string[] = [];
      const take = (text: string) => {
        if (!allowedErrors.some((allowed) => allowed.test(text))) errors.push(text);
      };
      context.on('console', (message) => {
        if (message.type() === 'error') take(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => {
        take(String(error.error()));
      });
      await use(undefined);
      expect(errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
});

/** The line at the foot of the page once the models can run, such as `… (WebAssembly, 2 threads)`. */
export async function expectRuntime(page: Page, text: RegExp): Promise<void> {
  // The first visit compiles 14 MB.
  await expect(page.getByRole('contentinfo')).toContainText(text, { timeout: 30_000 });
}

export { expect } from '@playwright/test';
