import { findModel, type Model, type TrainableModel } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import type { Split } from '../data/dataset.ts';
import type {
  ParameterArrays,
  StepRates,
  TrainingBatch,
  TrainingSession,
  TrainingState,
} from '../engine/engine.ts';

/** A model of the table, built for MNIST. */
export function mnistModel(id: string): Model {
  const found = findModel(id, { imageShape: [28, 28, 1], classes: 10 });
  if (found === undefined) throw new Error(`No model is called "${id}".`);
  return found.model;
}

/** A model of the table that gradient steps train, built for MNIST. */
export function trainableMnistModel(id: string): TrainableModel {
  const model = mnistModel(id);
  if (model.kind === 'pca') throw new Error(`"${id}" is fitted, not trained.`);
  return model;
}

/** What a session is given for one step. */
export interface TrainingStep {
  readonly batch: TrainingBatch;
  readonly rates: StepRates;
}

/** The learning rate of the first of {@link trainingSteps}; later ones are lower. */
export const firstLearningRate = 2e-3;

/**
 * One step for each size, on successive images of a split, with noise for a model that asks for it. As under a schedule,
 * every step has rates of its own.
 */
export function trainingSteps(
  model: TrainableModel,
  { images, labels, count }: Split,
  sizes: readonly number[],
): TrainingStep[] {
  const imageSize = images.length / count;
  const noiseSize = model.noiseShape?.reduce((product, length) => product * length, 1);
  const stream = randomStream(7, 'noise');
  let first = 0;
  return sizes.map((size, i) => {
    const end = first + size;
    const batch = {
      images: images.subarray(first * imageSize, end * imageSize),
      labels: labels.subarray(first, end),
      count: size,
    };
    first = end;
    return {
      batch:
        noiseSize === undefined
          ? batch
          : { ...batch, noise: Float32Array.from({ length: size * noiseSize }, () => stream.nextNormal()) },
      rates: { learningRate: firstLearningRate * (1 - i / 8), averageDecay: 0.5 + i / 8 },
    };
  });
}

/**
 * Takes all steps, then closes the session.
 * @returns the losses, and the state at the end.
 */
export async function takeSteps(
  session: TrainingSession,
  steps: readonly TrainingStep[],
): Promise<{ losses: number[]; state: TrainingState }> {
  const losses: number[] = [];
  for (const { batch, rates } of steps) losses.push(await session.step(batch, rates));
  const state = await session.state();
  await session.close();
  return { losses, state };
}

/** The step and all arrays of a state by name, the moving average's too, as bytes for comparing two of them. */
export function stateBytes({ step, parameters, m, v, average }: TrainingState): Buffer {
  return Buffer.concat([
    Buffer.from(`step ${step}`),
    ...[parameters, m, v, average ?? {}].map((arrays) => arrayBytes(arrays)),
  ]);
}

/** All names and values, as bytes: to compare two of some 100,000 values, `toEqual` takes seconds. */
export function arrayBytes(arrays: ParameterArrays): Buffer {
  return Buffer.concat(
    Object.keys(arrays)
      .sort()
      .flatMap((name) => {
        const { buffer, byteOffset, byteLength } = arrays[name];
        return [Buffer.from(`\n${name} `), Buffer.from(buffer, byteOffset, byteLength)];
      }),
  );
}
