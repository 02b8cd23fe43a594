import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startServer, type RunningServer } from './start-server.ts';

/** Options of a test, set by `test.use`. */
export interface WatchOptions {
  /** What the console may say in spite of all, because the test breaks something on purpose. */
  allowedErrors: RegExp[];
}

/** A server of the test's own, for what it changes or stops. */
export interface OwnServer extends RunningServer {
  /** The folder of the visitor's own runs, empty at first. */
  readonly runsFolder: string;
}

/**
 * Playwright's `test` with a server that has the demos alone (`baseURL`), and a page that is watched: an error on the
 * console, an exception that nobody caught or a violation of the content policy, which the console tells too, fails the
 * test, if `allowedErrors` doesn't name it.
 */
export const test = base.extend<
  WatchOptions & { watch: undefined; ownServer: OwnServer },
  { demoServer: string }
>({
  allowedErrors: [[], { option: true }],

  demoServer: [
    async ({}, use) => {
      await serveEmptyFolder(({ origin }) => use(origin));
    },
    { scope: 'worker' },
  ],

  ownServer: async ({}, use) => {
    await serveEmptyFolder(use);
  },

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

async function serveEmptyFolder(use: (server: OwnServer) => Promise<void>): Promise<void> {
  const runsFolder = await mkdtemp(join(tmpdir(), 'narrows-e2e-runs-'));
  const server = await startServer({ runsFolder });
  await use({ ...server, runsFolder });
  await server.stop();
  await rm(runsFolder, { recursive: true });
}

/** The line at the foot of the page once the models can run, such as `… (WebAssembly, 2 threads)`. */
export async function expectRuntime(page: Page, text: RegExp): Promise<void> {
  // The first visit compiles 14 MB.
  await expect(page.getByRole('contentinfo')).toContainText(text, { timeout: 30_000 });
}

export { expect } from '@playwright/test';
