/**
 * Trains a small model on the lazy backend for 10,000 steps and says what it held after some of them, one JSON line each:
 *
 *   node --expose-gc --import tsx packages/compiler/src/testing/train-for-long.ts
 */
import * as tf from '@tensorflow/tfjs';
import '../backend/node.ts';
import { reportHoldings } from './holdings.ts';

const reportedSteps: ReadonlySet<number> = new Set([100, 2000, 4000, 6000, 8000, 10_000]);

await tf.setBackend('onnx');
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
  if (reportedSteps.has(step)) await reportHoldings(step);
}
