/**
 * Takes steps on the lazy backend of which none is like the one before, and says what it held after some of them, one JSON
 * line each: trains on batches of other sizes, and computes for long without a read.
 *
 *   node --expose-gc --import tsx packages/compiler/src/testing/vary-for-long.ts
 */
import * as tf from '@tensorflow/tfjs';
import '../backend/node.ts';
import { reportHoldings } from './holdings.ts';

const reportedSteps: ReadonlySet<number> = new Set([200, 400, 600]);
/** As large as the largest batch, which comes after 193 steps. */
const largestBatch = 193;

await tf.setBackend('onnx');
const weights = tf.variable(tf.randomNormal([512, 64]));
const optimizer = tf.train.adam(0.01);
const data = new Float32Array(largestBatch * 512).map((_, i) => Math.sin(i * i));

/** A step on as many rows of the data. */
async function train(rows: number): Promise<void> {
  const x = tf.tensor2d(data.subarray(0, rows * 512), [rows, 512]);
  // Elementwise, large, and of another size each time: what the end of a step does in the arena.
  const activity = tf.keep(tf.tidy(() => x.mul(2).add(1).abs().sub(x).square()));
  const loss = optimizer.minimize(() => tf.mean(tf.square(tf.matMul(x, weights))), true)!;
  await Promise.all([loss.data(), activity.data()]);
  tf.dispose([x, activity, loss]);
}

/** Adds up 2 MB 20 times over, and reads nothing. */
function addUp(sum: tf.Tensor): tf.Tensor {
  let next = sum;
  for (let i = 0; i < 20; i++) {
    const last = next;
    next = tf.tidy(() => last.add(tf.tensor(new Float32Array(500_000).fill(i)).reshape([4, -1]).mean(1)));
    last.dispose();
  }
  return next;
}

let sum: tf.Tensor = tf.zeros([4]);
for (let step = 1; step <= 600; step++) {
  await train(1 + ((step * 71) % largestBatch));
  if (step % 10 === 0) sum = addUp(sum);
  if (reportedSteps.has(step)) {
    await sum.data();
    await reportHoldings(step);
  }
}
