/**
 * Runs every check of the repository and ends with one line: `N passed, N failed, N skipped`.
 *
 *   npm test
 *
 * The checks are Nx targets: format, lint, boundaries and typecheck of the root, which count as one test each, and
 * `test` and `e2e` of every project that has them, which count as the tests in their reports (see `countResults`). Exits
 * with 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import {
  countResults,
  formatCounts,
  parseVitestReport,
  reportName,
  type TaskResult,
  type TestReport,
} from './count-results.ts';
import { parsePlaywrightReport } from './parse-playwright-report.ts';

const root = resolve(import.meta.dirname, '../..');
const reportsFolder = join(root, 'reports');
const cacheFolder = resolve(root, process.env['NX_CACHE_DIRECTORY'] ?? '.nx/cache');
const runFile = join(cacheFolder, 'run.json');

// What an earlier run left mustn't count. Nx puts the report of a cached task back.
rmSync(reportsFolder, { recursive: true, force: true });
rmSync(runFile, { force: true });

const nx = spawnSync(
  process.execPath,
  [
    createRequire(import.meta.url).resolve('nx/bin/nx.js'),
    'run-many',
    '--targets=format,lint,boundaries,typecheck,test,e2e',
    '--output-style=stream',
    // One failing check doesn't hide what the others find.
    '--nxBail=false',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // Without the daemon nothing keeps running after us, and no watcher takes the reports for still there.
    env: { ...process.env, NX_DAEMON: 'false', NX_CACHE_DIRECTORY: cacheFolder },
  },
);

const tasks = readTasks();
const counts = countResults(tasks, readReports());
if (counts.failed === 0 && (nx.status !== 0 || tasks.length === 0)) {
  counts.failed++;
  counts.failures.push(`nx ran ${tasks.length} tasks and ended with ${nx.status ?? nx.signal ?? 'an error'}`);
}
const lines = counts.failures.map((line) => `FAILED ${line.replace(root + sep, '')}`);
process.stdout.write([...lines, formatCounts(counts), ''].join('\n'));
process.exitCode = counts.failed === 0 ? 0 : 1;

/** The tasks that Nx ran or took from its cache; none when it didn't get as far as to run any. */
function readTasks(): readonly TaskResult[] {
  if (!existsSync(runFile)) return [];
  const { tasks } = JSON.parse(readFileSync(runFile, 'utf8')) as { tasks: readonly TaskResult[] };
  return tasks;
}

function readReports(): ReadonlyMap<string, TestReport | undefined> {
  const reports = new Map<string, TestReport | undefined>();
  for (const task of tasks) {
    const name = reportName(task);
    if (name === undefined) continue;
    const file = join(reportsFolder, name);
    const parse = task.target === 'e2e' ? parsePlaywrightReport : parseVitestReport;
    reports.set(name, existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined);
  }
  return reports;
}
