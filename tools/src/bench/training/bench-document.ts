import { z } from 'zod';
import { BenchError } from '../bench-error.ts';

const count = z.int().min(1);
const ms = z.number().nonnegative();

const common = { model: z.string(), threads: count };

/**
 * What a child is asked for, as one JSON text on its command line:
 *
 * | kind        | question                                                                              |
 * | ----------- | ------------------------------------------------------------------------------------- |
 * | `steps`     | time of a step at each batch size: so many after a warm-up, or until the time is up   |
 * | `epochs`    | seconds of one epoch over the first images of the training set, for each such number  |
 * | `target`    | the test set's figure over seconds of training, until it is good enough               |
 * | `compile`   | time from a tfjs function to its train step for this machine, and to its session      |
 * | `inference` | latency of the exported model at each batch size                                      |
 */
export const jobSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('steps'),
    ...common,
    batchSizes: z.array(count).min(1),
    warmUp: z.int().min(0),
    steps: count,
    /** Of each batch size, the first step aside: no more steps, unless there are too few to take a mean of. */
    budgetMs: ms,
    /** Of each batch size: no more steps, however few there are. */
    patienceMs: ms,
  }),
  z.object({ kind: z.literal('epochs'), ...common, batchSize: count, imageCounts: z.array(count).min(1) }),
  z.object({
    kind: z.literal('target'),
    ...common,
    batchSize: count,
    /** Test MSE of an autoencoder, test accuracy of a classifier. */
    target: z.number(),
    /** Of the first weights and the order of images: what a start decides is part of the answer. */
    seed: count,
    /** Images between two looks at the test set. */
    everyImages: count,
    /** Of training alone. */
    budgetMs: ms,
  }),
  z.object({ kind: z.literal('compile'), ...common, batchSize: count }),
  z.object({ kind: z.literal('inference'), ...common, batchSizes: z.array(count).min(1), budgetMs: ms }),
]);
export type Job = z.infer<typeof jobSchema>;
export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;

/** Warm steps that a time is the mean of, at the least: of fewer it says nothing. */
export const leastSteps = 3;

/** Where the test set stands after so many seconds of training. */
const curvePoint = z.object({ seconds: z.number(), images: count, value: z.number() });
export type CurvePoint = z.infer<typeof curvePoint>;

/** What a child prints as its last line: who it is, the most memory it held, and the part that its job asked for. */
export const answerSchema = z.object({
  version: z.string(),
  /** High-water mark of the process's resident set. */
  peakBytes: count,
  /**
   * `firstMs`: the first step, with all that is compiled or allocated for it. `meanMs`: of so many `steps` after the warm-up;
   * where there are none, of the first.
   */
  steps: z.array(z.object({ batchSize: count, meanMs: ms, steps: z.int().min(0), firstMs: ms })).optional(),
  /** `loss`: mean over the epoch's steps, to see that all peers learn alike. */
  epochs: z.array(z.object({ images: count, seconds: z.number(), loss: z.number() })).optional(),
  curve: z.array(curvePoint).optional(),
  /** `probeMs`: finding out what the machine can do, beside `compileMs`; 0 where it makes no difference to the step. */
  compile: z.object({ compileMs: ms, probeMs: ms, sessionMs: ms }).optional(),
  inference: z
    .array(z.object({ batchSize: count, medianMs: ms, leastMs: ms, mostMs: ms, runs: count }))
    .optional(),
});
export type Answer = z.infer<typeof answerSchema>;

export const measurementSchema = z.object({
  peer: z.string(),
  /** From 1. */
  round: count,
  job: jobSchema,
  answer: answerSchema.optional(),
  /** Why a child couldn't answer, in one line. */
  failure: z.string().optional(),
  /** Why none was asked. */
  leftOut: z.string().optional(),
});
/** One child's answer, or why there is none. */
export type Measurement = z.infer<typeof measurementSchema>;

export const benchDocumentSchema = z.object({
  format: z.literal(2),
  /** ISO 8601; as is the machine's Node, that of the newest part. */
  date: z.string(),
  command: z.string(),
  /** What all of its measurements have in common. */
  settings: z.object({ threads: count, quick: z.boolean() }),
  /** How long everything took. */
  seconds: z.number(),
  machine: z.object({
    cpu: z.string(),
    cores: count,
    memoryBytes: count,
    system: z.string(),
    node: z.string(),
  }),
  measurements: z.array(measurementSchema),
});
/** Everything that one sitting measured: what `docs/bench/training.json` holds. */
export type BenchDocument = z.infer<typeof benchDocumentSchema>;

/**
 * Reads a sitting's JSON.
 * @param path for the error.
 * @throws BenchError if it isn't one.
 */
export function parseBenchDocument(text: string, path: string): BenchDocument {
  const failure = (what: string): BenchError =>
    new BenchError(
      `Cannot read "${path}" as a bench's results: ${what}: make it anew by "npx nx run tools:bench -- --output=FILE".`,
      { exitCode: 1 },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failure('it is no JSON');
  }
  const result = benchDocumentSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw failure(`${issue.path.join('.')}: ${issue.message}`);
}
