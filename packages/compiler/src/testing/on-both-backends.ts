import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { findMismatch } from './mismatch.ts';
import { tolerances, type ToleranceName } from './tolerances.ts';

/** Numbers that a program has come to, by what they are. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/**
 * Runs a program on tfjs `cpu` and on the lazy backend, which must be registered, and expects the same numbers.
 * @param program deterministic; it leaves as many tensors behind on both (some optimizers of tfjs leave one).
 * @returns the numbers of the lazy backend.
 */
export async function expectSameOnBoth(
  program: () => Promise<Numbers>,
  tolerance: ToleranceName = 'training',
): Promise<Numbers> {
  await tf.setBackend('cpu');
  const [expected, leftOnCpu] = await countLeft(program);
  await tf.setBackend('onnx');
  const [actual, left] = await countLeft(program);
  expect(left, 'tensors left').toEqual(leftOnCpu);
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) {
    const mismatch = findMismatch(tensorOf(actual[name]), tensorOf(expected[name]), tolerances[tolerance]);
    expect(mismatch, name).toBeUndefined();
  }
  return actual;
}

async function countLeft(program: () => Promise<Numbers>): Promise<[Numbers, object]> {
  const before = tf.memory().numTensors;
  const idsBefore = tf.backend().numDataIds();
  const numbers = await program();
  const left = { tensors: tf.memory().numTensors - before, ids: tf.backend().numDataIds() - idsBefore };
  return [numbers, left];
}

function tensorOf(numbers: readonly number[]) {
  return { shape: [numbers.length], dtype: 'float32', data: Float32Array.from(numbers) } as const;
}

/** The elements of tensors one after the other, which are disposed of. */
export async function takeNumbers(tensors: tf.Tensor | readonly tf.Tensor[]): Promise<number[]> {
  const list = Array.isArray(tensors) ? (tensors as tf.Tensor[]) : [tensors as tf.Tensor];
  const all: number[] = [];
  for (const tensor of list) {
    for (const element of await tensor.data()) all.push(element);
    tensor.dispose();
  }
  return all;
}
