import * as tf from '@tensorflow/tfjs';

const batch = 16;
const side = 8;
const classes = 3;

/** Uniform in [-1, 1), the same everywhere. */
function draw(shape: number[], seed: number): tf.Tensor {
  return tf.randomUniform(shape, -1, 1, 'float32', seed);
}

/**
 * Trains a small CNN for ten steps on the backend that is set, from the same values on every one.
 * @returns the loss of each step.
 */
export async function trainSteps(): Promise<number[]> {
  const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [side, side, 1],
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
  const x = draw([batch, side, side, 1], 3);
  const y = tf.oneHot(
    Array.from({ length: batch }, (_, i) => (i * 2) % classes),
    classes,
  );
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  tf.dispose([x, y]);
  model.optimizer.dispose();
  model.dispose();
  return losses;
}
