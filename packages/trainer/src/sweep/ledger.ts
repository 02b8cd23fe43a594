import { existsSync, readFileSync } from 'node:fs';
import { sweepTrialSchema, type SweepTrial } from '@narrows/shared';
import { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import type { Configuration } from '../run-folder/configuration-difference.ts';
import { withFileErrors } from '../run-folder/file-error.ts';
import { truncateRunLines } from '../run-folder/run-files.ts';
import type { WorkFolder } from '../run-folder/work-folder.ts';
import { hashConfiguration } from './sweep-configuration.ts';

/** Name of the ledger in a sweep's folder. */
export const ledgerName = 'ledger.jsonl';

const ledgerVersion = 1;

const headerSchema = z.strictObject({
  kind: z.literal('sweep'),
  version: z.literal(ledgerVersion),
  configuration: z.record(z.string(), z.json()),
  /** See `hashConfiguration`. */
  configurationSha256: z.string(),
});
const entrySchema = z.strictObject({ kind: z.literal('trial'), trial: sweepTrialSchema });

/** What a ledger says: what the sweep is, and the trials it finished, in the order in which they ended. */
export interface Ledger {
  readonly configuration: Configuration;
  readonly configurationSha256: string;
  readonly trials: readonly SweepTrial[];
}

/** Begins a sweep's ledger with its configuration, in a folder that has none. */
export function beginLedger(folder: Pick<WorkFolder, 'appendLine'>, configuration: Configuration): void {
  const configurationSha256 = hashConfiguration(configuration);
  const header = { kind: 'sweep', version: ledgerVersion, configuration, configurationSha256 };
  folder.appendLine(ledgerName, JSON.stringify(header));
}

/** Enters a finished trial, and waits until the disk has it. */
export function enterTrial(folder: Pick<WorkFolder, 'appendLine'>, trial: SweepTrial): void {
  folder.appendLine(ledgerName, JSON.stringify({ kind: 'trial', trial }));
}

/**
 * Reads a ledger to go on with it. A last line that was not written to its end is cut off: its trial counts as not run.
 *
 * @returns `undefined` where there is none, or not even its first line is whole.
 * @throws ExpectedError when a line is not as it was written.
 */
export function openLedger(folder: string): Ledger | undefined {
  const path = `${folder}/${ledgerName}`;
  if (!existsSync(path)) return undefined;
  const lines = withFileErrors('read', path, () => readFileSync(path, 'utf8')).split('\n');
  // What follows the last line break: nothing, or what a killed process didn't end.
  lines.pop();
  // A power cut can leave a line whose length is on the disk and whose text isn't.
  if (lines.length > 0 && parse(lines.at(-1)!) === undefined) lines.pop();
  truncateRunLines(folder, ledgerName, lines.length);
  if (lines.length === 0) return undefined;
  const header = headerSchema.safeParse(parse(lines[0]));
  if (!header.success) throw damaged(path, 1);
  const { configuration, configurationSha256 } = header.data;
  if (hashConfiguration(configuration) !== configurationSha256) throw damaged(path, 1);
  const trials = lines.slice(1).map((line, i) => {
    const entry = entrySchema.safeParse(parse(line));
    if (!entry.success) throw damaged(path, i + 2);
    return entry.data.trial;
  });
  return { configuration, configurationSha256, trials };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function damaged(path: string, line: number): ExpectedError {
  return new ExpectedError(
    `Cannot go on with "${path}": each line must be as the sweep wrote it, and line ${line} is not: start anew with ` +
      '--overwrite.',
  );
}
