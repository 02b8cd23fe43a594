/**
 * Trains a small model on the lazy backend for 10,000 steps and says what it held after some of them, one JSON line each:
 *
 *   node --expose-gc --import tsx packages/compiler/src/testing/train-for-long.ts
 */
import * as tf from '@tensorflow/tfjs';
import type { LazyBackend } from '../backend/lazy-backend.ts';
import '../backend/node.ts';

/** What a process holds after a number of steps. */
export interface Holdings {
  readonly step: number;
  readonly numTensors: number;
  readonly numDataIds: number;
  /** ONNX models compiled so far, and loaded now. */
  readonly compiled: number;
  readonly loaded: number;
  /** WebAssembly loops compiled so far. */
  readonly loops: number;
  readonly pending: number;
  readonly pooledBytes: number;
  /** JavaScript objects and array buffers that are reachable, in MB. */
  readonly heldMb: number;
  /** Resident memory of the process, in MB (10⁶ bytes). */
  readonly residentMb: number;
}

const reportedSteps: ReadonlySet<number> = new Set([100, 2000, 4000, 6000, 8000, 10_000]);

await tf.setBackend('onnx');
const backend = tf.backend() as unknown as LazyBackend;
const model = tf.sequential({
  layers: [
    // Large enough for the optimizer to run as loops.
    tf.layers.dense({ units: 64, activation: 'relu', inputShape: [32] }),
    tf.layers.batchNormalization(),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: 4, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

for (let step = 1; step <= 10_000; step++) {
  // New data at every step, as a data set gives them.
  const [x, y] = tf.tidy(() => [
    tf.randomNormal([16, 32]),
    tf.oneHot(tf.randomUniform([16], 0, 4, 'int32').toInt(), 4).toFloat(),
  ]);
  await model.trainOnBatch(x, y);
  tf.dispose([x, y]);
  if (reportedSteps.has(step)) {
    globalThis.gc?.();
    const { compiled, loaded, loops, pending, pooledBytes } = backend.counts();
    const { numTensors } = tf.memory();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const heldMb = Math.round((heapUsed + arrayBuffers) / 1e5) / 10;
    const residentMb = Math.round(process.memoryUsage().rss / 1e5) / 10;
    const holdings: Holdings = {
      step,
      numTensors,
      numDataIds: backend.numDataIds(),
      compiled,
      loaded,
      loops,
      pending,
      pooledBytes,
      heldMb,
      residentMb,
    };
    process.stdout.write(`${JSON.stringify(holdings)}\n`);
  }
}
