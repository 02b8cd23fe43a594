import { parseRunManifest, runManifestVersion, type RunManifest } from '@narrows/shared';
import { basename } from 'node:path';
import type { TrainOptions } from './cli/train-options.ts';
import type { ChosenEngine } from './engine/choose-engine.ts';
import { runPlatform, version } from './run-platform.ts';

/** What a manifest is made of besides what can be asked of this process. */
export interface ManifestParts extends Pick<
  RunManifest,
  'dataset' | 'durations' | 'models' | 'evaluation' | 'latentMaps' | 'files'
> {
  readonly out: string;
  readonly options: TrainOptions;
  readonly chosen: ChosenEngine;
  readonly createdAt: Date;
}

/** The manifest of a run that ends now. It is not checked yet: its cards and its report are still to come. */
export function makeManifest({ out, options, chosen, createdAt, ...parts }: ManifestParts): RunManifest {
  return {
    schemaVersion: runManifestVersion,
    narrowsVersion: version,
    name: basename(out),
    createdAt: createdAt.toISOString(),
    finishedAt: new Date().toISOString(),
    preset: options.preset,
    seed: options.seed,
    configuration: configurationOf(options),
    flags: [...options.flags],
    platform: runPlatform(),
    engine: {
      name: chosen.engine.name,
      device: chosen.engine.device,
      reason: chosen.reason,
      threads: chosen.engine.threads,
    },
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    ...parts,
  };
}

/**
 * The text of `run.json`, read back as everybody will read it.
 *
 * @throws Error when it breaks a rule of its schema, which is a defect of ours.
 */
export function manifestText(manifest: RunManifest, out: string): string {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  try {
    parseRunManifest(text, out);
  } catch (error) {
    throw new Error(
      `Cannot finish "${out}": its manifest must keep every rule of its schema before it is written, and it does not: ` +
        'please report this as a defect of Narrows; what was trained is kept for --resume.',
      { cause: error },
    );
  }
  return text;
}

/** The options that decide a run's figures, as plain JSON. */
export function configurationOf(options: TrainOptions): RunManifest['configuration'] {
  const rest = { ...options, resume: undefined, overwrite: undefined, out: undefined, flags: undefined };
  // JSON leaves out what is undefined.
  return JSON.parse(JSON.stringify(rest)) as RunManifest['configuration'];
}

/**
 * What must be the same where a stopped run goes on: the options, and what `auto` became on this machine with this Narrows,
 * on which its bytes depend too.
 */
export function resumableConfiguration(
  options: TrainOptions,
  { engine }: ChosenEngine,
): RunManifest['configuration'] {
  return {
    ...configurationOf(options),
    chosenEngine: engine.name,
    chosenDevice: engine.device,
    narrowsVersion: version,
  };
}
