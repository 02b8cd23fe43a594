/**
 * Trains a small model on the lazy backend for 10,000 steps and says what it held after some of them, one JSON line each:
 *
 *   node --expose-gc --import tsx packages/compiler/src/testing/train-for-long.ts [steady]
 *
 * Its dropout has each step recorded. A `steady` model has none, so that recorded steps are taken again, and recorded anew
 * whenever a schedule changes the learning rate.
 */
import * as tf from '@tensorflow/tfjs';
import '../backend/node.ts';
import { reportHoldings } from './holdings.ts';

const reportedSteps: ReadonlySet<number> = new Set([100, 2000, 4000, 6000, 8000, 10_000]);

const isSteady = process.argv[2] === 'steady';

await tf.setBackend('onnx');
const model = tf.sequential({
  layers: [
    // Large enough for the optimizer to run as loops.
    tf.layers.dense({
      units: 64,
      activation: 'relu',
      inputShape: [32],
      ...(isSteady ? { kernelRegularizer: tf.regularizers.l2({ l2: 1e-4 }) } : {}),
    }),
    tf.layers.batchNormalization(),
    ...(isSteady ? [] : [tf.layers.dropout({ rate: 0.2 })]),
    tf.layers.dense({ units: 4, activation: 'softmax' }),
  ],
});
const optimizer = tf.train.adam(1e-3);
model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

for (let step = 1; step <= 10_000; step++) {
  if (isSteady && step % 20 === 0) Object.assign(optimizer, { learningRate: 1e-3 / (1 + step / 1000) });
  // New data at every step, as a data set gives them.
  const [x, y] = tf.tidy(() => [
    tf.randomNormal([16, 32]),
    tf.oneHot(tf.randomUniform([16], 0, 4, 'int32').toInt(), 4).toFloat(),
  ]);
  await model.trainOnBatch(x, y);
  tf.dispose([x, y]);
  if (reportedSteps.has(step)) await reportHoldings(step);
}
