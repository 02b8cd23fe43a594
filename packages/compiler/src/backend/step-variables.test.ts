import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LazyBackend } from './lazy-backend.ts';
import './node.ts';

let backend: LazyBackend;
beforeAll(async () => {
  await tf.setBackend('onnx');
  backend = tf.backend() as unknown as LazyBackend;
});

/** What keeps a variable's former value until the new one is computed shows in what these hold. */
function arrayMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers / 2 ** 20;
}

it('variables that are assigned and disposed of do not keep what they held', () => {
  const before = arrayMegabytes();
  for (let i = 0; i < 1000; i++) {
    const variable = tf.variable(tf.tidy(() => tf.tensor(new Float32Array(2 ** 18 - i))));
    const next = tf.tensor(new Float32Array(2 ** 18 - i));
    variable.assign(next);
    tf.dispose([variable, next]);
  }
  expect(backend.counts().pending).toBe(0);
  // 1,000 of them have 1,000 MiB.
  expect(arrayMegabytes() - before).toBeLessThan(500);
});

it('goes back only where it is not gone by then', () => {
  const [kept, gone] = [1, 2].map((number) => tf.variable(tf.tensor1d([number])));
  const wrong = tf.tidy(() => tf.gather(tf.tensor1d([1]), tf.tensor1d([5], 'int32')));
  for (const variable of [kept, gone]) variable.assign(wrong);
  tf.dispose([gone, wrong]);
  const step = tf.add(kept, 1);
  expect(() => step.dataSync()).toThrow(/indices must be rows from 0 to 0, and one is 5/);
  expect(kept.dataSync()).toEqual(Float32Array.of(1));
  tf.dispose([kept, step]);
});

it('go back together where a step ran in parts and one part failed', () => {
  const [first, second] = [1, 2].map((number) => tf.variable(tf.tensor1d([number])));
  const [wrong, sum] = tf.tidy(() => {
    const wrong = tf.gather(tf.tensor1d([1]), tf.tensor1d([5], 'int32'));
    let sum = tf.tensor1d([0]);
    // So many that they run before anything is read.
    for (let i = 0; i < 6000; i++) sum = sum.add(i % 7);
    return [wrong, sum];
  });
  first.assign(sum);
  expect(() => {
    second.assign(wrong);
  }).toThrow(/indices must be rows from 0 to 0, and one is 5/);
  expect(first.dataSync()).toEqual(Float32Array.of(1));
  expect(second.dataSync()).toEqual(Float32Array.of(2));
  tf.dispose([first, second, wrong, sum]);
});

it('go back before the failure of a large step is told by a value that is not theirs', () => {
  const variable = tf.variable(tf.tensor1d([1]));
  const [loss, ...others] = tf.tidy(() => {
    const wrong = tf.gather(tf.tensor1d([1]), tf.tensor1d([5], 'int32'));
    variable.assign(wrong.mul(2));
    let sum = tf.tensor1d([0]);
    // So many that they run before anything is read.
    for (let i = 0; i < 6000; i++) sum = sum.add(i % 7);
    return [wrong, sum];
  });
  expect(() => loss.dataSync()).toThrow(/^Cannot run kernel "GatherV2".* from 0 to 0, and one is 5/);
  expect(variable.dataSync()).toEqual(Float32Array.of(1));
  tf.dispose([variable, loss, others]);
});

it('are forgotten where tf.disposeVariables() disposes of them', () => {
  const variable = tf.variable(tf.ones([3]));
  tf.tidy(() => {
    variable.assign(tf.ones([3]).neg());
  });
  tf.disposeVariables();
  expect(tf.tidy(() => tf.neg(tf.ones([2])).dataSync())).toEqual(Float32Array.of(-1, -1));
});

describe('a step of two variables of which one fails', () => {
  /** Ends with an op more, which lets a large step run in parts, unless there are `turns` few. */
  function takeStep(
    turns: number,
    index: number,
  ): { sound: tf.Variable; failing: tf.Variable; after: tf.Tensor } {
    const [failing, sound] = [tf.variable(tf.tensor1d([1, 2, 3])), tf.variable(tf.tensor1d([10, 20, 30]))];
    const optimizer = tf.train.sgd(0.1);
    optimizer.minimize(() => {
      let turned: tf.Tensor = sound;
      for (let i = 0; i < turns; i++) turned = i % 2 === 0 ? turned.add(1) : turned.sub(1);
      const row = tf.gather(failing, tf.tensor1d([index], 'int32'));
      return tf.add(tf.sum(tf.square(row)), tf.sum(turned));
    });
    return { sound, failing, after: tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1)) };
  }

  it.each([
    ['small', 0, false],
    ['large', 6000, false],
    ['large, after which nothing is awaited', 6000, true],
  ])('gives both back, and says why where the sound one is read: %s', (_, turns, isDropped) => {
    const { sound, failing, after } = takeStep(turns, 99);
    if (isDropped) after.dispose();
    expect(() => sound.dataSync()).toThrow(/indices must be rows from 0 to 2, and one is 99/);
    expect(sound.dataSync()).toEqual(Float32Array.of(10, 20, 30));
    expect(failing.dataSync()).toEqual(Float32Array.of(1, 2, 3));
    tf.dispose([sound, failing, after]);
  });

  it('keeps both where neither does', () => {
    const { sound, failing, after } = takeStep(6000, 1);
    expect([...sound.dataSync()].map((value) => value.toFixed(2))).toEqual(['9.90', '19.90', '29.90']);
    expect([...failing.dataSync()].map((value) => value.toFixed(2))).toEqual(['1.00', '1.60', '3.00']);
    tf.dispose([sound, failing, after]);
  });
});
