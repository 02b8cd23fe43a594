/** How one Nx task ended, as Nx writes it in `run.json`. */
export interface TaskResult {
  readonly projectName: string;
  readonly target: string;
  /** The exit code: 0 is success. */
  readonly status: number;
}

/** The part of Vitest's JSON report that is counted; Playwright's is turned into the same (see `parsePlaywrightReport`). */
export interface TestReport {
  readonly testResults: readonly TestFile[];
}

/** One test file in a report. */
export interface TestFile {
  readonly name: string;
  /** `failed` also where no test failed but the file didn't load or one of its hooks threw. */
  readonly status: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

/** What a whole run comes to. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** One line for each failure, in the order of the tasks. */
  readonly failures: string[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isTestFile = (value: unknown): value is TestFile =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  typeof value['status'] === 'string' &&
  Array.isArray(value['assertionResults']) &&
  value['assertionResults'].every(
    (test: unknown) =>
      isRecord(test) && typeof test['fullName'] === 'string' && typeof test['status'] === 'string',
  );

/**
 * Reads a report that Vitest's `json` reporter wrote.
 *
 * @param text the file's content.
 * @returns the report, or `undefined` where the text isn't one (cut off, or of another shape).
 */
export function parseVitestReport(text: string): TestReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !Array.isArray(value['testResults'])) return undefined;
  const files: unknown[] = value['testResults'];
  return files.every(isTestFile) ? { testResults: files } : undefined;
}

/** The targets whose tasks run tests and leave a report of them. */
const suites: readonly string[] = ['test', 'e2e'];

/**
 * Name of the report that a task leaves in the folder `reports`: `PROJECT.json` for `test`, `PROJECT-TARGET.json` for
 * another target of tests, `undefined` for a task that is none.
 */
export function reportName({ projectName, target }: TaskResult): string | undefined {
  if (!suites.includes(target)) return undefined;
  return target === 'test' ? `${projectName}.json` : `${projectName}-${target}.json`;
}

/**
 * Adds up the results of a run.
 *
 * A task of tests (`test`, `e2e`) counts as the tests in its report, each other task as one test. Whatever went wrong outside of a
 * test is one failure: a file that didn't load, a hook that threw, a test that was never finished (its process
 * died), a report that is missing or unreadable, a task of tests that failed although none of its tests did (an
 * unhandled rejection, no test files).
 *
 * @param tasks every task of the run.
 * @param reports the reports of this run by `reportName`; `undefined` or absent where there is none to read.
 */
export function countResults(
  tasks: readonly TaskResult[],
  reports: ReadonlyMap<string, TestReport | undefined>,
): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const task of tasks) {
    const report = reportName(task);
    if (report !== undefined) countSuite(task, reports.get(report), counts);
    else if (task.status === 0) counts.passed++;
    else fail(counts, `${task.projectName}:${task.target} exited with ${task.status}`);
  }
  return counts;
}

/** The line that ends a run, for people and for machines: `12 passed, 0 failed, 1 skipped`. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function countSuite(task: TaskResult, report: TestReport | undefined, counts: Counts): void {
  const taskName = `${task.projectName}:${task.target}`;
  if (!report) {
    fail(counts, `${taskName} exited with ${task.status} and left no report`);
    return;
  }
  const failedBefore = counts.failed;
  for (const file of report.testResults) countFile(file, counts);
  if (task.status !== 0 && counts.failed === failedBefore) {
    fail(counts, `${taskName} exited with ${task.status} although no test failed`);
  }
}

function countFile(file: TestFile, counts: Counts): void {
  const failedBefore = counts.failed;
  for (const { fullName, status } of file.assertionResults) {
    if (status === 'passed') counts.passed++;
    else if (status === 'skipped' || status === 'todo' || status === 'disabled') counts.skipped++;
    // `pending` is a test that never finished; a status that we don't know is no success either.
    else fail(counts, `${file.name}: ${fullName} (${status})`);
  }
  if (file.status !== 'passed' && counts.failed === failedBefore) {
    fail(counts, `${file.name}: failed outside of its tests`);
  }
}

function fail(counts: Counts, line: string): void {
  counts.failed++;
  counts.failures.push(line);
}
