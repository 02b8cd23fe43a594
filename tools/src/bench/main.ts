/**
 * Measures training beside peers, one after the other in one sitting, each in a process of its own:
 *
 *     npx nx run tools:bench                  # everything, in about an hour
 *     npx nx run tools:bench -- --quick       # a few minutes: one round, less data
 *     npx nx run tools:bench -- --help        # all options
 *
 * It prints the tables and, with `--output=FILE`, writes every number as JSON, from which `tools:bench-report` makes the
 * tables and pictures of the documentation; with `--update` only what was measured anew is replaced in that file. PyTorch is
 * that of `$PYTHON` (default: Debian's /usr/bin/python3 with `apt-get install python3-torch`). A peer that isn't there, or
 * can't do something, is shown with the reason. On SIGINT, SIGTERM and SIGHUP what was measured until then is shown and kept.
 */
import { arch, constants, cpus, totalmem, type } from 'node:os';
import { runBench } from './bench-error.ts';
import type { BenchDocument, Measurement } from './training/bench-document.ts';
import { benchHelp } from './training/bench-help.ts';
import { collectMeasurements } from './training/collect-measurements.ts';
import { readBenchOptions } from './training/read-bench-options.ts';
import { renderReport } from './training/render-report.ts';
import { checkWritable, readResults, writeResults } from './training/results-file.ts';
import { endingSignals } from './training/run-child.ts';
import { checkComparable, updateDocument } from './training/update-document.ts';

await runBench(main);

async function main(): Promise<number> {
  const options = readBenchOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(benchHelp);
    return 0;
  }
  const { plan, limits, settings, command, output, isUpdate } = options;
  const common = { settings, machine: describeMachine() };
  const earlier = isUpdate ? readResults(output!) : undefined;
  if (earlier !== undefined) checkComparable(earlier, common);
  if (output !== undefined) checkWritable(output);

  const ending = listenForEnd();
  const begin = performance.now();
  const measurements: Measurement[] = [];
  const describeSitting = (): BenchDocument => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    const date = new Date().toISOString();
    const sitting: BenchDocument = { format: 2, date, command, seconds, ...common, measurements };
    return earlier === undefined ? sitting : updateDocument(earlier, sitting);
  };
  for await (const measurement of collectMeasurements(plan, {
    ...limits,
    ending,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  })) {
    measurements.push(measurement);
    // What took long isn't lost when the rest is broken off.
    if (output !== undefined) keepResults(output, describeSitting());
  }
  if (measurements.length > 0) process.stdout.write(renderReport(describeSitting()));
  if (!ending.signal.aborted) return 0;
  const signal = ending.signal.reason as (typeof endingSignals)[number];
  const kept = output === undefined ? 'shown above' : `kept in ${output}`;
  process.stderr.write(
    `Ended by ${signal} after ${measurements.length} of ${plan.length} measurements` +
      `${measurements.length === 0 ? '' : `, which are ${kept}`}.\n`,
  );
  return 128 + constants.signals[signal];
}

/**
 * Writes a sitting to its file, or else to stdout.
 * @throws BenchError if the file can't be written.
 */
function keepResults(output: string, sitting: BenchDocument): void {
  try {
    writeResults(output, sitting);
  } catch (error) {
    process.stdout.write(renderReport(sitting));
    throw error;
  }
}

/** Aborted with the name of the signal that asks for an end. Others may follow, of the terminal and of parents, to no effect. */
function listenForEnd(): AbortController {
  const ending = new AbortController();
  for (const signal of endingSignals) {
    process.on(signal, () => {
      ending.abort(signal);
    });
  }
  // A parent may be gone by then, or a pipe closed, as after `| head`: what is written there is lost, the file is not.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
  return ending;
}

function describeMachine(): BenchDocument['machine'] {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${arch()}`,
    node: process.version,
  };
}
