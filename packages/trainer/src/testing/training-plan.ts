import type { TrainableModel } from '@narrows/models';
import type { Split } from '../data/dataset.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { initialProgress, type TrainingPlan, type TrainingProgress } from '../training/train-model.ts';
import { plainTraining, type TrainingSettings } from '../training/training-settings.ts';

const seed = 5;

/** A plan of three plain epochs on one thread, with seed 5 and nobody to tell, but for what is changed. */
export function trainingPlan(
  model: TrainableModel,
  data: Split,
  {
    settings,
    ...changes
  }: Partial<Omit<TrainingPlan, 'settings'>> & {
    readonly settings?: Partial<TrainingSettings>;
  } = {},
): TrainingPlan {
  return {
    engine: onnxEngine({ device: 'cpu', threads: 1 }),
    model,
    data,
    settings: { ...plainTraining, epochs: 3, ...settings },
    seed,
    shouldStop: () => false,
    onStep: () => undefined,
    onEpoch: () => Promise.resolve(),
    ...changes,
  };
}

/** Where the training of a plan starts. */
export function startOf({ model, settings: { averageDecay }, seed: drawn }: TrainingPlan): TrainingProgress {
  return initialProgress(model, { seed: drawn, averageDecay });
}

/** A question that is answered with yes the (n + 1)-th time, before which there are n steps. */
export function after(steps: number): () => boolean {
  return () => steps-- === 0;
}

/** Images of a split from a place on, as views of its data. */
export function imagesFrom({ images, labels, count: all }: Split, first: number, count: number): Split {
  const imageSize = images.length / all;
  return {
    images: images.subarray(first * imageSize, (first + count) * imageSize),
    labels: labels.subarray(first, first + count),
    count,
  };
}

/**
 * Images whose pixels are all between black and white. A model that is trained on others starts out grey, comes near these
 * and goes on past them: its loss on them falls and then rises.
 */
export function greyed(split: Split): Split {
  return { ...split, images: split.images.map((pixel) => 80 + pixel / 3) };
}
