import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { afterAll, describe, expect, it } from 'vitest';
import { browserArguments, findBrowser } from './find-browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'narrows-find-browser-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program that answers as a browser does, or fails as a stub does. */
function putProgram(name: string, options: { answers: boolean }): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, options.answers ? '#!/bin/sh\necho Chromium 1.2.3\n' : '#!/bin/sh\nexit 1\n');
  chmodSync(path, 0o755);
  return path;
}

const good = putProgram('good/chromium', { answers: true });
const other = putProgram('other/google-chrome', { answers: true });
const stub = putProgram('stub/chromium', { answers: false });
const nowhere = join(folder, 'nowhere/chromium');
const version = 'Chromium 1.2.3';

// The programs above are shell scripts.
describe.skipIf(process.platform === 'win32')('findBrowser', () => {
  it('takes $CHROMIUM before anything else', async () => {
    const env = { CHROMIUM: other, PATH: join(good, '..') };
    expect(await findBrowser({ env, playwrightPath: good })).toEqual({
      executablePath: other,
      source: '$CHROMIUM',
      version,
      env: {},
    });
  });

  it("takes Playwright's own before one on the PATH", async () => {
    const found = await findBrowser({ env: { PATH: join(good, '..') }, playwrightPath: other });
    expect(found).toMatchObject({ executablePath: other, source: 'Playwright' });
  });

  it('takes one on the PATH, and passes over one that does not answer', async () => {
    const env = { PATH: [join(stub, '..'), join(other, '..')].join(':') };
    const found = await findBrowser({ env, playwrightPath: stub });
    expect(found).toMatchObject({ executablePath: other, source: 'PATH' });
  });

  it.each([
    ['is not there', nowhere],
    ['does not answer', stub],
  ])('refuses a $CHROMIUM that %s, whatever else there is', async (_, path) => {
    await expect(findBrowser({ env: { CHROMIUM: path }, playwrightPath: good })).rejects.toThrow(
      `Cannot use $CHROMIUM, it must be a Chromium that answers to --version, and "${path}" does not`,
    );
  });

  it('says what to install where there is none', async () => {
    const search = { env: { PATH: '' }, playwrightPath: nowhere, platform: 'linux-arm64' };
    await expect(findBrowser(search)).rejects.toThrow(
      /on linux-arm64 none answered .* run "npx playwright install chromium", or set CHROMIUM/,
    );
  });
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('the browser from npm', () => {
  const cacheFolder = join(folder, 'cache/chromium');
  const search = { env: {}, playwrightPath: nowhere, cacheFolder };

  it('is unpacked once, by several processes at a time, and shows isolated pages', async () => {
    const [found, same] = await Promise.all([findBrowser(search), findBrowser(search)]);
    expect(found).toMatchObject({ source: 'npm', executablePath: join(cacheFolder, 'chromium') });
    expect(same).toEqual(found);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['chromium']);

    const browser = await chromium.launch({
      executablePath: found.executablePath,
      args: [...browserArguments],
      env: { ...process.env, ...found.env },
    });
    try {
      const page = await browser.newPage();
      await page.route('http://localhost/', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><title>x</title>',
          headers: {
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
          },
        }),
      );
      await page.goto('http://localhost/');
      expect(await page.evaluate(() => crossOriginIsolated && typeof WebAssembly === 'object')).toBe(true);
    } finally {
      await browser.close();
    }
  });
});
