import { findModel, type Classifier, type ModelContext, type TrainableModel } from '@narrows/models';
import type { SweepTrial } from '@narrows/shared';
import type { Dataset, Split } from '../data/dataset.ts';
import { firstImages } from '../data/first-images.ts';
import type { Engine, ParameterArrays } from '../engine/engine.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { exportModel } from '../export-model.ts';
import { fitPca } from '../fit-pca.ts';
import { reconstructSplit } from '../training/reconstruct-split.ts';
import { initialProgress, keptWeights, trainModel } from '../training/train-model.ts';
import { trialCodec, type Trial } from './expand-grid.ts';
import { measureClassifier, measureCodec } from './measure-codec.ts';
import { sweepTraining, trialThreads, type SweepConfiguration } from './sweep-configuration.ts';

/** Images that set the range of the quantised code. */
const rangeImages = 10_000;

/** What every job of a sweep works on. */
export interface JobContext {
  readonly configuration: SweepConfiguration;
  readonly models: ModelContext;
  /** Training images, limited as configured. */
  readonly train: Split;
  /** Test images, limited as configured. */
  readonly test: Split;
  readonly engine: Engine;
}

/** The classifier of a sweep with how it does on the original test images. */
export interface TrainedClassifier {
  readonly parameters: ParameterArrays;
  readonly trainMs: number;
  readonly accuracy: number;
  readonly crossEntropy: number;
}

/** PCA of the widest bottleneck that was asked for; narrower ones are its first components. */
export interface FittedPca {
  /** `[pixels]` */
  readonly mean: Float32Array;
  /** `[widest, pixels]` */
  readonly components: Float32Array;
  readonly trainMs: number;
}

/** Told how much of a job is done, from 0 to 1. */
export type JobProgress = (fraction: number) => void;

/** Prepares what jobs need. They run on one thread each: see `trialThreads`. */
export function jobContext(
  configuration: SweepConfiguration,
  { description, train, test }: Dataset,
): JobContext {
  const { height, width, channels, classNames } = description;
  return {
    configuration,
    models: { imageShape: [height, width, channels], classes: classNames.length },
    train: firstImages(train, configuration.trainLimit ?? undefined),
    test: firstImages(test, configuration.testLimit ?? undefined),
    engine: onnxEngine({ device: 'cpu', threads: trialThreads }),
  };
}

/** The classifier that judges reconstructions. */
export function sweepClassifier(models: ModelContext): Classifier {
  return findModel('cnn', models)!.model as Classifier;
}

/** Trains the classifier on the original images, from the first seed, and measures it on the original test images. */
export async function trainSweepClassifier(
  context: JobContext,
  onProgress: JobProgress,
): Promise<TrainedClassifier> {
  const { configuration, models, train, test } = context;
  const classifier = sweepClassifier(models);
  const { parameters, trainMs } = await trainFor(classifier, context, {
    data: train,
    seed: configuration.seeds[0],
    epochs: configuration.classifierEpochs,
    onProgress,
  });
  const onOriginals = await measureClassifier(classifierBytes(classifier, parameters), test, {
    imageShape: models.imageShape,
    classCount: models.classes,
  });
  return { parameters, trainMs, ...onOriginals };
}

/** Fits PCA once, as wide as the widest bottleneck. */
export async function fitSweepPca(
  { configuration, engine, train }: JobContext,
  onProgress: JobProgress,
): Promise<FittedPca> {
  const begin = performance.now();
  const { mean, components } = await fitPca(engine, train, {
    components: Math.max(...configuration.latents),
    seed: configuration.seeds[0],
    onProgress,
  });
  return { mean, components, trainMs: performance.now() - begin };
}

/** What a trial needs of other jobs. */
export interface TrialNeeds {
  /** Awaited as late as can be, so that codecs train while the classifier still does. */
  readonly classifier: Promise<TrainedClassifier>;
  /** There for trials of PCA. */
  readonly pca: FittedPca | undefined;
}

/**
 * Trains or cuts out a codec, and measures it. Every number of the result but the durations is a function of the
 * configuration and the trial. A classifier of the codec's own sees the test images as it saw those that it learned from:
 * clipped and rounded to bytes.
 */
export async function runTrial(
  trial: Trial,
  context: JobContext,
  { classifier, pca, onProgress }: TrialNeeds & { onProgress: JobProgress },
): Promise<SweepTrial> {
  const { configuration, models, train, test } = context;
  const codec = trialCodec(trial, models);
  const isRetrained = configuration.classifier === 'retrained';
  // Rough shares of the time, for the display alone.
  const codecShare = codec.kind === 'pca' ? 0 : isRetrained ? 0.2 : 0.85;
  let fitted: { parameters: ParameterArrays; trainMs: number; trainLoss: number | null };
  if (codec.kind === 'pca') {
    const { mean, components, trainMs } = pca!;
    const parameters = { mean, components: components.slice(0, codec.latent * mean.length) };
    fitted = { parameters, trainMs, trainLoss: null };
  } else {
    fitted = await trainFor(codec, context, {
      data: train,
      seed: trial.seed!,
      epochs: configuration.epochs,
      ...(codec.frozen === undefined ? {} : { frozen: (await classifier).parameters }),
      onProgress: (fraction) => {
        onProgress(codecShare * fraction);
      },
    });
  }
  const { parameters, trainMs, trainLoss } = fitted;
  const judge = sweepClassifier(models);
  let judging: { parameters: ParameterArrays; trainMs: number };
  if (isRetrained) {
    const data = await reconstructSplit(train, { codec, parameters, threads: trialThreads });
    judging = await trainFor(judge, context, {
      data,
      seed: trial.seed!,
      epochs: configuration.classifierEpochs,
      onProgress: (fraction) => {
        onProgress(codecShare + (0.95 - codecShare) * fraction);
      },
    });
  } else {
    judging = await classifier;
  }
  const measured = await measureCodec(codec, {
    parameters,
    classifier: classifierBytes(judge, judging.parameters),
    classCount: models.classes,
    ranges: firstImages(train, rangeImages),
    test,
    judgesBytes: isRetrained,
    onProgress: (fraction) => {
      const before = isRetrained ? 0.95 : codecShare;
      onProgress(before + (1 - before) * fraction);
    },
  });
  const { id, family, model, latent, seed } = trial;
  return {
    id,
    family,
    model,
    latent,
    seed,
    parameterCount: codec.parameterCount,
    trainLoss,
    trainMs,
    classifierMs: isRetrained ? judging.trainMs : null,
    ...measured,
  };
}

interface TrainForOptions {
  readonly data: Split;
  readonly seed: number;
  readonly epochs: number;
  readonly frozen?: ParameterArrays;
  readonly onProgress: JobProgress;
}

/** Trains a model for a sweep from its first step to its last. */
async function trainFor(
  model: TrainableModel,
  { engine }: JobContext,
  { data, seed, epochs, frozen, onProgress }: TrainForOptions,
): Promise<{ parameters: ParameterArrays; trainMs: number; trainLoss: number }> {
  const settings = sweepTraining(epochs);
  const { progress } = await trainModel(
    {
      engine,
      model,
      ...(frozen === undefined ? {} : { frozen }),
      data,
      settings,
      seed,
      shouldStop: () => false,
      onStep: ({ epoch, imagesDone }) => {
        onProgress((epoch - 1 + imagesDone / data.count) / epochs);
      },
      onEpoch: () => Promise.resolve(),
    },
    initialProgress(model, { seed, averageDecay: settings.averageDecay }),
  );
  return {
    parameters: keptWeights(progress, settings).parameters,
    trainMs: progress.epochs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    trainLoss: progress.epochs.at(-1)!.trainLoss,
  };
}

function classifierBytes(classifier: Classifier, parameters: ParameterArrays): Uint8Array {
  const exported = exportModel(classifier, parameters);
  exported.dispose();
  return exported.files[0].bytes;
}
