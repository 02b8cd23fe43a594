import * as z from 'zod';
import { parseVersionedJson } from './parse-versioned-json.ts';
import { runManifestSchema } from './run-manifest.ts';
import { sweepContradictions } from './sweep-result-contradictions.ts';

/** The version of `sweep.json` that this code reads and writes. */
export const sweepResultVersion = 1;

const text = z.string().min(1);
const count = z.int().positive();
const fraction = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();

/** What a classifier and the pixels say of reconstructions, over all test images of the sweep. */
const qualityFields = {
  /** Mean squared error over all pixels, which lie in [0, 1]. */
  mse: z.number().nonnegative(),
  /** Share of the reconstructions that the classifier gets right. */
  accuracy: fraction,
  /** Its mean cross-entropy on them, in nats. */
  crossEntropy: z.number().nonnegative(),
};

/**
 * What the code costs and what is left of the image after it was rounded.
 *
 * Every latent coordinate is quantised uniformly to 256 levels over the range that it has on the first training images
 * (10,000 where there are as many); values of test images beyond that range take its ends. `bits` is the sum over the
 * coordinates of the entropy `−Σ pᵥ·log₂ pᵥ` of the levels' shares `pᵥ` on the test images, in bits per image: what an
 * ideal entropy coder with one fixed table per coordinate would need (Shannon, "A mathematical theory of communication",
 * 1948, theorem 9; the rate by which learned compression is judged, e.g. Theis et al. 2017, arXiv:1703.00395).
 *
 * What it leaves out: the tables themselves; what a coder could save because coordinates depend on each other; and a
 * better choice of levels, for all coordinates get as many, while reverse water-filling would give fewer to those of
 * little variance (Cover & Thomas, "Elements of information theory", 2006, section 10.3.3). The shares are counted on the
 * images that are coded, which makes the sum too small by about `(levels seen − 1) / (2·ln 2·images)` bits per coordinate
 * (Miller 1955), under 0.02 for 10,000 images.
 */
const codeFields = {
  /** Order-0 entropy of the quantised code, in bits per image. */
  bits: z.number().nonnegative(),
  ...qualityFields,
};

/** One codec, trained once and measured. */
export const sweepTrialSchema = z.strictObject({
  /** `MODEL`, `MODEL-sSEED`, either followed by `-retrained` where the classifier is. */
  id: text,
  /** The form of the family's ids: `basic-L-linear`. */
  family: text,
  /** Id of the codec: `basic-16-linear`. */
  model: text,
  /** Values in the latent vector. */
  latent: count,
  /** What its random numbers started from; `null` where nothing about it is random. */
  seed: z.int().nonnegative().nullable(),
  parameterCount: count,
  /** Mean training loss over the last epoch; `null` for a codec that is fitted in one go. */
  trainLoss: z.number().nullable(),
  /** Time that training the codec took, in ms; that of PCA is the one fit that all its widths come from. */
  trainMs: milliseconds,
  /** Time that training a classifier on its reconstructions took, in ms; `null` with a fixed one. */
  classifierMs: milliseconds.nullable(),
  /** Of reconstructions from the latent vector as it is, float32. */
  plain: z.strictObject({
    /** What the latent vector takes as it is: 32 bits for each value. */
    bits: count,
    ...qualityFields,
  }),
  /** Of reconstructions from the latent vector quantised to 256 levels. */
  coded: z.strictObject(codeFields),
});

/** A number over the seeds. */
const spreadSchema = z.strictObject({
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  /** Sample standard deviation, with n − 1 in the denominator; 0 for a single trial. */
  std: z.number().nonnegative(),
});

/** A point of the grid over its seeds. */
const summarySchema = z.strictObject({
  family: text,
  latent: count,
  parameterCount: count,
  /** How many trials it sums up. */
  trials: count,
  plain: z.strictObject({ mse: spreadSchema, accuracy: spreadSchema, crossEntropy: spreadSchema }),
  coded: z.strictObject({
    bits: spreadSchema,
    mse: spreadSchema,
    accuracy: spreadSchema,
    crossEntropy: spreadSchema,
  }),
});

/** Points of the grid that no other is better than in one of two respects without being worse in the other. */
const frontSchema = z.array(z.strictObject({ family: text, latent: count }));

/**
 * `sweep.json`: codecs of several families and widths, each trained from several seeds, and what a classifier makes of
 * what comes out of them.
 *
 * Objects are strict: a key that is not listed here is an error. Numbers are finite. Beyond the fields' own rules it must
 * not contradict itself, see `sweepContradictions`.
 */
export const sweepResultSchema = z
  .strictObject({
    /** Version of this schema. */
    schemaVersion: z.literal(sweepResultVersion),
    /** Version of Narrows that made the sweep. */
    narrowsVersion: text,
    /** Name of the sweep, for people. */
    name: text,
    /** When its last process was started, ISO 8601 in UTC. */
    createdAt: z.iso.datetime(),
    /** When this was written, the last thing of a sweep, ISO 8601 in UTC. */
    finishedAt: z.iso.datetime(),
    /** Everything that decides the figures. */
    configuration: runManifestSchema.shape.configuration,
    /** SHA-256 of `configuration` as compact JSON, keys in the order they have here. */
    configurationSha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** The points of the grid. */
    grid: z.strictObject({
      families: z.array(text).min(1),
      /** Ascending. */
      latents: z.array(count).min(1),
      seeds: z.array(z.int().nonnegative()).min(1),
    }),
    dataset: runManifestSchema.shape.dataset,
    /** Test images that everything was measured on: all of them, or the first so many. */
    testCount: count,
    platform: runManifestSchema.shape.platform,
    /** Processes that trained at the same time, with one thread each; the figures don't depend on it. */
    workers: count,
    /** Wall-clock time of its last process, in ms. */
    durations: z.strictObject({ totalMs: milliseconds }),
    /** The classifier that was trained on the original images, and how it does on the original test images. */
    classifier: z.strictObject({
      /** Whether it judges all reconstructions itself, or for each codec one that was trained on its reconstructions. */
      mode: z.enum(['fixed', 'retrained']),
      model: text,
      seed: z.int().nonnegative(),
      parameterCount: count,
      trainMs: milliseconds,
      accuracy: fraction,
      crossEntropy: z.number().nonnegative(),
    }),
    /** Finished trials in the order of the grid: by family, width and seed. */
    trials: z.array(sweepTrialSchema).min(1),
    /** Trials that came to no result, and why. */
    failures: z.array(z.strictObject({ id: text, reason: text })),
    /** The trials over their seeds, in the order of the grid. */
    summaries: z.array(summarySchema).min(1),
    /**
     * For each family the narrowest width from which on, up to the widest, the mean accuracy stays within so many
     * percentage points of that on the originals; `null` where not even the widest does.
     */
    thresholds: z.array(
      z.strictObject({ family: text, points: z.number().positive(), latent: count.nullable() }),
    ),
    /** Pareto fronts over the means of the summaries. */
    fronts: z.strictObject({
      /** Few latent values, high accuracy, both of the plain code. */
      latentAccuracy: frontSchema,
      /** Few latent values, small error, both of the plain code. */
      latentMse: frontSchema,
      /** Few bits, high accuracy, both of the quantised code. */
      bitsAccuracy: frontSchema,
    }),
    /** Every file of the sweep but `sweep.json` itself. */
    files: runManifestSchema.shape.files,
  })
  .superRefine((result, context) => {
    for (const { path, message } of sweepContradictions(result)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** `sweep.json`, see `sweepResultSchema`. */
export type SweepResult = z.infer<typeof sweepResultSchema>;
/** One trained and measured codec of a sweep. */
export type SweepTrial = z.infer<typeof sweepTrialSchema>;
/** The trials of one family and width over their seeds. */
export type SweepSummary = z.infer<typeof summarySchema>;
/** A number over the seeds. */
export type SweepSpread = z.infer<typeof spreadSchema>;

/**
 * Reads the text of a `sweep.json`.
 *
 * @param text JSON
 * @param where what the text was read from, for the error: a path or an address
 * @returns the result, every rule of `sweepResultSchema` holding
 * @throws RangeError of one line if the text is no JSON, of another schema version, or breaks a rule; it names the first
 *   place that does, the rule and the value
 */
export function parseSweepResult(text: string, where: string): SweepResult {
  return parseVersionedJson(text, where, {
    subject: 'sweep',
    version: sweepResultVersion,
    schema: sweepResultSchema,
    remake: 'sweep again',
    error: (message) => new RangeError(message),
  });
}
