import { findModel, type Model } from '@narrows/models';
import type { Split } from '../data/dataset.ts';
import type { TrainingSession, TrainingState } from '../engine/engine.ts';

/** A model of the table, built for MNIST. */
export function mnistModel(id: string): Model {
  const found = findModel(id, { imageShape: [28, 28, 1], classes: 10 });
  if (found === undefined) throw new Error(`No model is called "${id}".`);
  return found.model;
}

/**
 * Takes one step for each size on successive images of a split, then closes the session.
 * @returns the losses, and the state at the end.
 */
export async function trainOnBatches(
  session: TrainingSession,
  { images, labels, count }: Split,
  sizes: readonly number[],
): Promise<{ losses: number[]; state: TrainingState }> {
  const imageSize = images.length / count;
  const losses: number[] = [];
  let first = 0;
  for (const size of sizes) {
    const end = first + size;
    losses.push(
      await session.step(
        images.subarray(first * imageSize, end * imageSize),
        labels.subarray(first, end),
        size,
      ),
    );
    first = end;
  }
  const state = await session.state();
  await session.close();
  return { losses, state };
}

/** All bytes of a state, for comparing two of them. */
export function stateBytes({ step, parameters, m, v }: TrainingState): Buffer {
  const arrays = [parameters, m, v].flatMap((group) =>
    Object.keys(group)
      .sort()
      .map((name) => group[name]),
  );
  const parts = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  return Buffer.concat([Buffer.from(`${step} `), ...parts]);
}
