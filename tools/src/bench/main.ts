/**
 * Measures training beside peers, one after the other in one sitting, each in a process of its own:
 *
 *     npx nx run tools:bench                  # everything, in less than half an hour
 *     npx nx run tools:bench -- --quick       # a few minutes: short runs alone
 *     npx nx run tools:bench -- --models=cnn --peers=narrows,pytorch --kinds=steps,epochs --rounds=5 --threads=2
 *
 * It prints the tables and, with `--output=FILE`, writes every number as JSON, from which `tools:bench-report` makes the
 * tables and pictures of the documentation; with `--update` only what was measured anew is replaced in that file. PyTorch is that of `$PYTHON` (default: Debian's /usr/bin/python3 with
 * `apt-get install python3-torch`). A peer that isn't there, or can't do something, is shown with the reason.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { parseBenchDocument, type BenchDocument, type Measurement } from './training/bench-document.ts';
import { collectMeasurements } from './training/collect-measurements.ts';
import { planJobs } from './training/plan-jobs.ts';
import { readBenchOptions } from './training/read-bench-options.ts';
import { renderReport } from './training/render-report.ts';
import { updateDocument } from './training/update-document.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    peers: { type: 'string' },
    kinds: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string' },
    quick: { type: 'boolean' },
    output: { type: 'string' },
    update: { type: 'boolean' },
  },
});
const { plan: options, limits } = readOptionsOrExit();
const earlier = values.update === true ? readEarlier() : undefined;
const begin = performance.now();
const measurements: Measurement[] = [];
for await (const measurement of collectMeasurements(planJobs(options), {
  ...limits,
  onProgress: (line) => process.stderr.write(`${line}\n`),
})) {
  measurements.push(measurement);
  // Half an hour's work isn't lost when the other half is broken off.
  if (values.output !== undefined) save(values.output, describeSitting());
}
process.stdout.write(renderReport(describeSitting()));

function describeSitting(): BenchDocument {
  const flags = process.argv.slice(2).filter((flag) => !/^--(output|update)/.test(flag));
  const sitting: BenchDocument = {
    format: 1,
    date: new Date().toISOString(),
    command: ['npx nx run tools:bench', ...(flags.length === 0 ? [] : ['--', ...flags])].join(' '),
    seconds: Math.round((performance.now() - begin) / 1000),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      system: `${type()} ${arch()}`,
      node: process.version,
    },
    measurements,
  };
  return earlier === undefined ? sitting : updateDocument(earlier, sitting);
}

function readEarlier(): BenchDocument {
  const path = values.output!;
  return parseBenchDocument(readFileSync(path, 'utf8'), path);
}

function save(path: string, document: BenchDocument): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(document)}\n`);
}

function readOptionsOrExit(): ReturnType<typeof readBenchOptions> {
  try {
    return readBenchOptions(values);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
