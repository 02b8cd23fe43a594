/**
 * Measures training beside peers, one after the other in one sitting, each in a process of its own:
 *
 *     npx nx run tools:bench                  # everything, in less than half an hour
 *     npx nx run tools:bench -- --quick       # a few minutes: short runs alone
 *     npx nx run tools:bench -- --models=cnn --peers=narrows,pytorch --kinds=steps,epochs --rounds=5 --threads=2
 *
 * It prints the tables and, with `--output FILE`, writes every number as JSON, from which `tools:bench-report` makes the
 * tables and pictures of the documentation. PyTorch is that of `$PYTHON` (default: Debian's /usr/bin/python3 with
 * `apt-get install python3-torch`). A peer that isn't there, or can't do something, is shown with the reason.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchDocument } from './training/bench-document.ts';
import { collectMeasurements } from './training/collect-measurements.ts';
import { planJobs } from './training/plan-jobs.ts';
import { readBenchOptions } from './training/read-bench-options.ts';
import { renderReport } from './training/render-report.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    peers: { type: 'string' },
    kinds: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string' },
    quick: { type: 'boolean' },
    output: { type: 'string' },
  },
});
const { plan: options, limits } = readOptionsOrExit();
const begin = performance.now();
const measurements = await collectMeasurements(planJobs(options), {
  ...limits,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
const document: BenchDocument = {
  format: 1,
  date: new Date().toISOString(),
  command: [
    'npx nx run tools:bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
  ].join(' '),
  seconds: Math.round((performance.now() - begin) / 1000),
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
  },
  measurements,
};
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify(document)}\n`);
}
process.stdout.write(renderReport(document));

function readOptionsOrExit(): ReturnType<typeof readBenchOptions> {
  try {
    return readBenchOptions(values);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
