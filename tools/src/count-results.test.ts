import { describe, expect, it } from 'vitest';
import {
  countResults,
  formatCounts,
  parseVitestReport,
  reportName,
  type TestReport,
} from './count-results.ts';

const testTask = { projectName: 'shared', target: 'test', status: 0 };
const lintTask = { projectName: 'narrows', target: 'lint', status: 0 };

/** A report with one file per argument: the file's status, then those of its tests. */
function makeReport(...files: readonly (readonly [string, ...string[]])[]): TestReport {
  return {
    testResults: files.map(([status, ...tests], i) => ({
      name: `file-${i}.test.ts`,
      status,
      assertionResults: tests.map((test, j) => ({ fullName: `test ${j}`, status: test })),
    })),
  };
}

const countReport = (report: TestReport, status: number) =>
  countResults([{ ...testTask, status }], new Map([['shared.json', report]]));

describe('countResults', () => {
  it('counts each task but the tests as one', () => {
    const counts = countResults(
      [lintTask, { ...lintTask, target: 'format' }, { ...lintTask, target: 'typecheck', status: 2 }],
      new Map(),
    );
    expect(counts).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
      failures: ['narrows:typecheck exited with 2'],
    });
  });

  it('counts the tests of a report, skipped and planned ones apart', () => {
    const report = makeReport(['passed', 'passed', 'passed', 'skipped'], ['passed', 'todo', 'passed']);
    expect(countReport(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 2, failures: [] });
  });

  it('adds up several projects', () => {
    const counts = countResults(
      [testTask, lintTask, { ...testTask, projectName: 'models' }],
      new Map([
        ['shared.json', makeReport(['passed', 'passed'])],
        ['models.json', makeReport(['passed', 'passed', 'skipped'])],
      ]),
    );
    expect(counts).toEqual({ passed: 3, failed: 0, skipped: 1, failures: [] });
  });

  it('counts the tests of two targets of one project', () => {
    const counts = countResults(
      [testTask, { ...testTask, target: 'e2e', status: 1 }],
      new Map([
        ['shared.json', makeReport(['passed', 'passed'])],
        ['shared-e2e.json', makeReport(['passed', 'passed', 'failed'])],
      ]),
    );
    expect(counts).toMatchObject({ passed: 2, failed: 1, failures: ['file-0.test.ts: test 1 (failed)'] });
  });

  it('counts failed tests once, not their file and task as well', () => {
    const counts = countReport(makeReport(['failed', 'failed', 'passed', 'failed']), 1);
    expect(counts).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: ['file-0.test.ts: test 0 (failed)', 'file-0.test.ts: test 2 (failed)'],
    });
  });

  it('counts a file that failed to load', () => {
    const counts = countReport(makeReport(['failed'], ['passed', 'passed']), 1);
    expect(counts).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['file-0.test.ts: failed outside of its tests'],
    });
  });

  it('counts a hook that threw, whose tests appear as skipped', () => {
    expect(countReport(makeReport(['failed', 'skipped', 'skipped', 'passed']), 1)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 2,
    });
  });

  it('counts tests that never finished, whose file appears as passed', () => {
    expect(countReport(makeReport(['passed', 'pending', 'pending']), 1)).toMatchObject({
      passed: 0,
      failed: 2,
    });
  });

  it('counts a task that failed although its tests passed', () => {
    expect(countReport(makeReport(['passed', 'passed']), 1)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['shared:test exited with 1 although no test failed'],
    });
  });

  it('counts a missing report, whatever the task says', () => {
    const failures = ['shared:test exited with 0 and left no report'];
    expect(countResults([testTask], new Map())).toEqual({ passed: 0, failed: 1, skipped: 0, failures });
    expect(countResults([testTask], new Map([['shared.json', undefined]]))).toMatchObject({
      failed: 1,
      failures,
    });
  });
});

describe('reportName', () => {
  it('tells the reports of one project apart', () => {
    expect(reportName(testTask)).toBe('shared.json');
    expect(reportName({ ...testTask, target: 'e2e' })).toBe('shared-e2e.json');
    expect(reportName(lintTask)).toBeUndefined();
  });
});

describe('parseVitestReport', () => {
  it("reads Vitest's json", () => {
    const report = {
      success: true,
      testResults: [{ name: 'a', status: 'passed', assertionResults: [{ fullName: 'b', status: 'todo' }] }],
    };
    expect(parseVitestReport(JSON.stringify(report))).toEqual({ testResults: report.testResults });
  });

  it.each([
    ['nothing', ''],
    ['half a report', '{"testResults":[{"name":"a","sta'],
    ['another shape', '{"tests":[]}'],
    ['a file without tests', '{"testResults":[{"name":"a","status":"passed"}]}'],
    ['a test without a status', '{"testResults":[{"name":"a","status":"passed","assertionResults":[{}]}]}'],
    ['null', 'null'],
  ])('refuses %s', (_, text) => {
    expect(parseVitestReport(text)).toBeUndefined();
  });
});

describe('formatCounts', () => {
  it('is the line that ends a run', () => {
    expect(formatCounts({ passed: 12, failed: 0, skipped: 3, failures: [] })).toBe(
      '12 passed, 0 failed, 3 skipped',
    );
  });
});
