import * as z from 'zod';
import { parseVersionedJson } from './parse-versioned-json.ts';
import { epochSchema, modelIdSchema } from './run-manifest.ts';

/** The version of `progress.json` that this code reads and writes. */
export const runProgressVersion = 1;

const text = z.string().min(1);
const count = z.int().positive();

const modelProgressSchema = z.strictObject({
  /** Name of the model within the run. */
  id: modelIdSchema,
  /** Name as shown to people. */
  title: text,
  kind: z.enum(['autoencoder', 'pca', 'classifier']),
  /** How many epochs it is trained for, unless something ends it earlier; 0 for PCA, which is fitted in one go. */
  plannedEpochs: z.int().nonnegative(),
  /** Those that are over, from the first on. */
  epochs: z.array(epochSchema),
  /** The epoch under way, from its first step on. */
  current: z
    .strictObject({
      /** Number of the epoch, from 1. */
      epoch: count,
      /** Images of the epoch that it has seen. */
      imagesDone: count,
      /** Images of the whole epoch. */
      imagesPerEpoch: count,
      /** Mean loss over those that it has seen. */
      loss: z.number(),
    })
    .optional(),
});

/**
 * `progress.json`: how far a run is that is being made. The trainer keeps it beside the run and writes it anew, all of it,
 * about every second, unless a long step lets nothing else have its turn, and wherever something begins or ends; it is
 * gone once the run is finished.
 */
export const runProgressSchema = z.strictObject({
  /** Version of this schema. */
  schemaVersion: z.literal(runProgressVersion),
  /** Name that the run will have, for people. */
  name: text,
  /** The preset that it was started from. */
  preset: text,
  /** When the process that makes it was started, ISO 8601 in UTC; a run that was resumed began earlier. */
  startedAt: z.iso.datetime(),
  /** When this was written, ISO 8601 in UTC. One that is `running` and two minutes old is of a trainer that was killed. */
  updatedAt: z.iso.datetime(),
  /** `stopped` for a run that waits to be resumed. */
  state: z.enum(['running', 'stopped']),
  /** What the run is at. */
  phase: z.enum(['train', 'export', 'evaluate', 'maps', 'report']),
  /** The work at hand. */
  task: z
    .strictObject({
      /** Id of the model that is trained, or what else is done, for people: `t-SNE of pixels`. */
      label: text,
      /** How much of it is done, from 0 to 1. */
      fraction: z.number().min(0).max(1),
    })
    .optional(),
  /** Every model of the run, in the order of training. */
  models: z.array(modelProgressSchema),
  /** Seconds until the work at hand is done, at its speed so far; missing while that is unknown. */
  etaSeconds: z.number().nonnegative().optional(),
});

/** `progress.json`, see `runProgressSchema`. */
export type RunProgress = z.infer<typeof runProgressSchema>;

/** A text is not the progress of a run that this Narrows can use. Its message is one line for people. */
export class RunProgressError extends Error {
  override readonly name = 'RunProgressError';
}

/**
 * Reads the text of a `progress.json`.
 *
 * @param where what the text was read from, for the error: a path or an address
 * @throws RunProgressError if the text is no JSON, of another schema version, or breaks a rule; it names the first place
 *   that does, the rule and the value
 */
export function parseRunProgress(text: string, where: string): RunProgress {
  return parseVersionedJson(text, where, {
    subject: "run's progress",
    version: runProgressVersion,
    schema: runProgressSchema,
    remake: 'go on with the run',
    error: (message) => new RunProgressError(message),
  });
}
