import * as z from 'zod';
import { datasetDescriptionSchema, sha256Schema } from './dataset-description.ts';
import { manifestContradictions } from './manifest-contradictions.ts';

/** The version of `run.json` that this code reads and writes. */
export const runManifestVersion = 3;

const text = z.string().min(1);
const count = z.int().positive();
/** A duration in milliseconds, measured with a monotonic clock. */
const milliseconds = z.number().nonnegative();

/** What JSON can hold: no NaN, no Infinity, nothing undefined. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
const jsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), settings], {
    error: 'must be JSON whose numbers are finite',
  }),
);
/** Values by name. */
const settings = z.record(z.string(), jsonValue);

/** A name for a model within its run, and in names of files: lowercase words of letters and digits joined by "-". */
export const modelIdSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
  error: 'must be lowercase letters and digits, in words joined by "-"',
});

/**
 * A file within the run's folder. The rule is a list of what is allowed, so that a path means the same file on every
 * system, and none outside the folder: no "..", no leading "/" or ".", no backslash, no drive, no space.
 */
const filePath = z.string().regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_][A-Za-z0-9_.-]*$/, {
  error:
    'must be a relative path whose parts, joined by "/", are of letters, digits, "_", "-" and "." and don\'t start ' +
    'with "." or "-"',
});

const fraction = z.number().min(0).max(1);

/** One epoch of a training, once it is over. */
export const epochSchema = z.strictObject({
  /** Number of the epoch, from 1. */
  epoch: count,
  /** Mean of the training loss over the epoch's images, as the model was while it saw them. */
  trainLoss: z.number(),
  /** Time the epoch took, without evaluation and checkpoints, in ms. */
  durationMs: milliseconds,
  /** Learning rate of the epoch's last step. */
  learningRate: z.number().nonnegative(),
  /** Mean loss over the validation images after the epoch, where some were held out. */
  validationLoss: z.number().optional(),
  /** Share of the validation images that a classifier gets right, where some were held out. */
  validationAccuracy: fraction.optional(),
});

/** How ONNX files may store weights; `int6` is 63 levels within int8. */
export const storedWeights = ['float32', 'int8', 'int6'] as const;

const modelFields = {
  /** Name of the model within the run; every reference to a model uses it. */
  id: modelIdSchema,
  /** Name as shown to people. */
  title: text,
  /** Where the architecture comes from. */
  source: text,
  /** Number of trained values. */
  parameterCount: count,
  /** What the model was built with, such as layer sizes. */
  hyperparameters: settings,
  /** Time that training took in all, in ms. */
  trainingMs: milliseconds,
  /**
   * How its ONNX files store the weights: as they were trained, or rounded, with a scale for each channel.
   * Every figure is that of the files.
   */
  weights: z.enum(storedWeights),
  /** The exported files compared with the model they were exported from. */
  exportCheck: z.strictObject({
    /** Number of images that both were given. */
    images: count,
    /** Largest absolute difference between any two values they answered with. */
    largestDifference: z.number().nonnegative(),
  }),
};

const trainedFields = {
  epochs: z.array(epochSchema),
  /** How it was trained: learning rate, schedule, batch size and so on, as resolved for this model. */
  training: settings,
  /** What ended the training; `time-limit` may do so part-way through an epoch, which then is not among `epochs`. */
  endedBy: z.enum(['epochs', 'early-stop', 'time-limit']),
  /**
   * The last whole epoch that the exported weights have seen: the last of all, or the best on the validation images. Where
   * the time was up and no best was kept, they have also seen a part of the next; it is 0 where that was the first.
   */
  keptEpoch: z.int().nonnegative(),
  /**
   * Mean loss over the validation images with the exported weights, where some were held out; weights from part-way
   * through an epoch have none.
   */
  keptValidationLoss: z.number().optional(),
};

const codecFields = {
  ...modelFields,
  /** Number of values in the latent vector. */
  latent: count,
};

/** ONNX files of a codec: image to latent, latent to image, and both in one; and its model card in Markdown. */
const codecFiles = { encoder: filePath, decoder: filePath, autoencoder: filePath, card: filePath };

const modelSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('autoencoder'),
    ...codecFields,
    ...trainedFields,
    files: z.strictObject(codecFiles),
  }),
  /** Fitted in one go, so without epochs. */
  z.strictObject({
    kind: z.literal('pca'),
    ...codecFields,
    epochs: z.array(epochSchema).max(0),
    /** Share of the training images' variance along each component, descending; `latent` of them. */
    explainedVariance: z.array(fraction),
    /** `components`: safetensors with `mean` F32 `[pixels]` and `components` F32 `[latent, pixels]`. */
    files: z.strictObject({ ...codecFiles, components: filePath }),
  }),
  z.strictObject({
    kind: z.literal('classifier'),
    ...modelFields,
    ...trainedFields,
    /** What it was trained on: `original` images, or their reconstructions by the codec of this id. */
    trainedOn: modelIdSchema,
    /** ONNX file: image to logits; and the model card. */
    files: z.strictObject({ classifier: filePath, card: filePath }),
  }),
]);

const evaluationSchema = z.strictObject({
  /** Each codec on the whole test set, see `ReconstructionResult`. */
  codecs: z.array(
    z.strictObject({
      /** Which codec. */
      id: modelIdSchema,
      mse: z.number().nonnegative(),
      /** Mean structural similarity of original and reconstruction, see `structuralSimilarity`. */
      ssim: z.number().min(-1).max(1),
      perClass: z.array(
        z.strictObject({ label: z.int().nonnegative(), count, mse: z.number().nonnegative() }),
      ),
    }),
  ),
  /** Each classifier on the whole test set, as it is and as codecs give it back, see `ClassificationResult`. */
  classifications: z.array(
    z.strictObject({
      /** Which classifier. */
      classifier: modelIdSchema,
      /** `original` for the test images themselves, or the codec whose reconstructions it was given. */
      on: modelIdSchema,
      accuracy: fraction,
      crossEntropy: z.number().nonnegative(),
      confusion: z.array(z.array(z.int().nonnegative())),
    }),
  ),
  files: z.strictObject({
    /**
     * safetensors, one number for each test image: `labels` U8, `mse/CODEC` F32, `ssim/CODEC` F32,
     * `predicted/CLASSIFIER/ON` U8 and `probability/CLASSIFIER/ON` F32 (the softmax of the predicted class).
     */
    perImage: filePath,
    /**
     * safetensors, test images to show: `indices` I32 `[k]` into the test set, `labels` U8 `[k]`, `originals` U8
     * `[k, H, W, C]`, `reconstructions/CODEC` U8 `[k, H, W, C]` rounded from the codec's float32.
     */
    samples: filePath,
    /**
     * safetensors, compressed with gzip: the whole test set in the order of the figures per image, `images` U8
     * `[N, H, W, C]` and `labels` U8 `[N]`.
     */
    testSet: filePath,
  }),
});

const latentMapSchema = z.strictObject({
  /** The codec whose latent vectors it maps, or `pixels` for the images themselves. */
  of: modelIdSchema,
  /** How many test images, from the first on. */
  points: count,
  /** safetensors: one tensor F32 `[points, 2]` for each of `maps`, named after its method. */
  file: filePath,
  /** What nearest neighbours say in the space itself, before it is flattened. */
  space: z.strictObject({
    /** Share of points whose label most of their 10 nearest others have. */
    neighbourAccuracy: fraction,
    /** How far the 10 nearest others here are neighbours among the pixels too, see `trustworthiness`. */
    trustworthiness: fraction,
  }),
  maps: z.array(
    z.strictObject({
      method: z.enum(['tsne', 'umap']),
      /** Perplexity, iterations, seed and the like. */
      settings,
      neighbourAccuracy: fraction,
      /** How far neighbours on the map are neighbours in the space that it maps. */
      trustworthiness: fraction,
      durationMs: milliseconds,
    }),
  ),
});

/**
 * `run.json`: everything there is to know about a run, and the only thing that the viewer and the report read.
 *
 * Objects are strict: a key that is not listed here is an error. Numbers are finite. Beyond the fields' own rules it
 * must not contradict itself, see `manifestContradictions`.
 */
export const runManifestSchema = z
  .strictObject({
    /** Version of this schema. */
    schemaVersion: z.literal(runManifestVersion),
    /** Version of Narrows that made the run. */
    narrowsVersion: text,
    /** Name of the run, for people. */
    name: text,
    /** When the process that finished it was started, ISO 8601 in UTC; a run that was resumed began earlier. */
    createdAt: z.iso.datetime(),
    /** When the manifest was written, the last thing of a run, ISO 8601 in UTC. */
    finishedAt: z.iso.datetime(),
    /** The preset it was started from. */
    preset: text,
    /** The seed of all its random numbers, see `randomStream`. */
    seed: z.int().nonnegative(),
    /** Every option as it was resolved from preset, configuration file and command line. */
    configuration: settings,
    /**
     * The flags that resolve to it: those given, on the command line or in the configuration file, and always `--threads`,
     * on which the bytes depend.
     */
    flags: z.array(text),
    /** What it was trained and tested on. */
    dataset: datasetDescriptionSchema,
    /** Where it ran. */
    platform: z.strictObject({
      /** Version of Node, such as `v20.19.0`. */
      node: text,
      /** Operating system, release and architecture. */
      os: text,
      /** Model name of the processor. */
      cpu: text,
      /** Number of logical processors. */
      cores: count,
      /** Versions of the libraries that its figures depend on, by package name. */
      versions: z.record(z.string(), text),
    }),
    /** What ran the train steps. */
    engine: z.strictObject({
      /** `onnx` for compiled steps in onnxruntime, `tfjs` for eager ones. */
      name: z.enum(['onnx', 'tfjs']),
      /** Execution provider of onnxruntime, or backend of tfjs. */
      device: z.enum(['cpu', 'cuda', 'webgpu']),
      /** Why it was chosen, one line for people. */
      reason: text,
      /** Number of threads that compute. */
      threads: count,
    }),
    /** Largest resident set size of the process, in bytes. */
    peakMemoryBytes: count,
    /** Wall-clock time of the process that finished it; that of earlier ones, which were stopped, is in none of these. */
    durations: z.strictObject({
      /** From start to end, in ms. */
      totalMs: milliseconds,
      /** Of each phase, by its name, in ms. */
      phaseMs: z.record(z.string(), milliseconds),
    }),
    /** Every model that was trained or fitted. */
    models: z.array(modelSchema),
    /** What the test set says about them. */
    evaluation: evaluationSchema,
    /** Maps of the latent spaces in two dimensions; none if none were asked for. */
    latentMaps: z.array(latentMapSchema),
    /** Every file of the run but `run.json` itself. */
    files: z.array(
      z.strictObject({
        /** Path within the run's folder. */
        path: filePath,
        /** Size in bytes. */
        sizeBytes: z.int().nonnegative(),
        /** SHA-256 of the content. */
        sha256: sha256Schema,
      }),
    ),
  })
  .superRefine((manifest, context) => {
    for (const { path, message } of manifestContradictions(manifest)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** `run.json`, see `runManifestSchema`. */
export type RunManifest = z.infer<typeof runManifestSchema>;
/** A model in a run: an autoencoder, PCA or classifier, told apart by `kind`. */
export type RunModel = RunManifest['models'][number];
/** A file of a run. */
export type RunFile = RunManifest['files'][number];
/** One epoch of a training. */
export type RunEpoch = z.infer<typeof epochSchema>;
/** Maps of one codec's latent space. */
export type LatentMap = RunManifest['latentMaps'][number];
