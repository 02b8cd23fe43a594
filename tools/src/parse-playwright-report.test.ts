import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePlaywrightReport } from './parse-playwright-report.ts';

const playwrightFolder = dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json'));
const playwright = pathToFileURL(join(playwrightFolder, 'index.mjs')).href;

const folder = mkdtempSync(join(tmpdir(), 'narrows-playwright-report-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Lets Playwright run tests, which open no page, and reads its report. */
function runPlaywright(tests: string, settings = '') {
  writeFileSync(
    join(folder, 'playwright.config.mjs'),
    `export default { testDir: '.', workers: 1, projects: [{ name: 'desktop' }], reporter: [['json', { outputFile: 'report.json' }]], ${settings} };`,
  );
  writeFileSync(
    join(folder, 'some.spec.mjs'),
    `import { test, expect } from ${JSON.stringify(playwright)};\n${tests}`,
  );
  spawnSync(process.execPath, [join(playwrightFolder, 'cli.js'), 'test'], { cwd: folder, stdio: 'ignore' });
  return parsePlaywrightReport(readFileSync(join(folder, 'report.json'), 'utf8'));
}

describe('parsePlaywrightReport', () => {
  it('tells what passed, failed, was skipped and passed at the second try only', () => {
    const report = runPlaywright(
      `test.describe('a page', () => {
        test('opens', () => {});
        test('breaks', () => expect(1).toBe(2));
        test.skip('is planned', () => {});
        test('wavers', ({}, { retry }) => expect(retry).toBe(1));
        test.fail('is known to break', () => expect(1).toBe(2));
      });`,
      'retries: 1',
    );
    expect(report).toEqual({
      testResults: [
        {
          name: 'some.spec.mjs',
          status: 'passed',
          assertionResults: [
            { fullName: 'a page opens (desktop)', status: 'passed' },
            { fullName: 'a page breaks (desktop)', status: 'failed' },
            { fullName: 'a page is planned (desktop)', status: 'skipped' },
            { fullName: 'a page wavers (desktop)', status: 'flaky' },
            { fullName: 'a page is known to break (desktop)', status: 'passed' },
          ],
        },
      ],
    });
  });

  it('takes tests that a cut short run never came to for no skipped ones', () => {
    const report = runPlaywright(
      `test('breaks', () => expect(1).toBe(2)); test('waits', () => {});`,
      'maxFailures: 1',
    );
    expect(report?.testResults[0].assertionResults).toEqual([
      { fullName: 'breaks (desktop)', status: 'failed' },
      { fullName: 'waits (desktop)', status: 'did not run' },
    ]);
  });

  it('makes a file that does not load a failed one', () => {
    const report = runPlaywright(`throw new Error('broken file');`);
    expect(report?.testResults).toContainEqual({
      name: 'Error: broken file',
      status: 'failed',
      assertionResults: [],
    });
  });

  it.each([
    ['nothing', ''],
    ['half a report', '{"suites":[{"title":"a'],
    ['another shape', '{"testResults":[]}'],
    ['a suite without tests', '{"suites":[{"title":"a.e2e.ts"}],"errors":[]}'],
    ['null', 'null'],
  ])('refuses %s', (_, text) => {
    expect(parsePlaywrightReport(text)).toBeUndefined();
  });
});
