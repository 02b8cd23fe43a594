/**
 * Child of the bench: trains by plain tfjs `model.fit()` on one of its backends.
 *
 *     node --import tsx tfjs-fit.ts onnx|wasm|cpu JOB
 *
 * The data is two tensors that hold all of it, as in tfjs's own examples.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { answerTrainingJob } from './answer-job.ts';
import { packageVersion } from './package-version.ts';
import { scalePixels } from './scale-pixels.ts';

const backend = process.argv[2] as 'onnx' | 'wasm' | 'cpu';

/** Units of the layers between the pixels. */
const hiddenUnits: Readonly<Record<string, readonly number[]>> = {
  'basic-32': [128, 32, 128],
  'deeper-64': [512, 256, 64, 256, 512],
};

await answerTrainingJob({
  version: backend === 'onnx' ? `Narrows ${packageVersion('@narrows/compiler')}` : `tfjs ${tf.version_core}`,
  async open(id, { data: { train }, threads }) {
    await openBackend(threads);
    const isClassifier = id === 'cnn';
    const model = isClassifier ? convolutionalClassifier() : autoencoder(hiddenUnits[id]);
    model.compile({
      optimizer: tf.train.adam(1e-3),
      loss: isClassifier ? (y, logits) => tf.losses.softmaxCrossEntropy(y, logits) : 'meanSquaredError',
    });
    let tensors: { x: tf.Tensor; y: tf.Tensor } | undefined;
    const imageSize = train.images.length / train.count;
    const release = (): void => {
      if (tensors !== undefined) tf.dispose([tensors.x, tensors.y]);
      tensors = undefined;
    };
    return {
      prepare(count) {
        release();
        const x = pixelTensor(train.images.subarray(0, count * imageSize), count);
        tensors = { x, y: isClassifier ? oneHot(train.labels.subarray(0, count)) : x };
        return Promise.resolve();
      },
      async train({ batchSize }, onStep) {
        const { x, y } = tensors!;
        await model.fit(x, y, {
          epochs: 1,
          batchSize,
          shuffle: true,
          callbacks: {
            async onBatchEnd(_, logs) {
              if (!(await onStep(logs!['loss']))) model.stopTraining = true;
            },
          },
        });
      },
      predictor: (batchSize) =>
        Promise.resolve({
          async predict(images) {
            const x = pixelTensor(images, batchSize);
            const y = model.predict(x, { batchSize }) as tf.Tensor;
            const values = (await y.data()) as Float32Array;
            tf.dispose([x, y]);
            return values;
          },
          close: () => Promise.resolve(),
        }),
      close() {
        release();
        model.dispose();
        return Promise.resolve();
      },
    };
  },
});

async function openBackend(threads: number): Promise<void> {
  // A job opens several sessions, and the backend stays.
  if (tf.getBackend() === backend) return;
  if (backend === 'onnx') {
    const { configureBackend } = await import('@narrows/compiler/backend');
    await configureBackend({ threads });
  }
  if (backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}/`);
  }
  if (!(await tf.setBackend(backend))) {
    throw new Error(`Cannot train on tfjs's backend "${backend}": it doesn't start here.`);
  }
}

function autoencoder(units: readonly number[]): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [28, 28, 1] }),
      ...units.map((size) => tf.layers.dense({ units: size, activation: 'relu' })),
      tf.layers.dense({ units: 784, activation: 'sigmoid' }),
      tf.layers.reshape({ targetShape: [28, 28, 1] }),
    ],
  });
}

function convolutionalClassifier(): tf.Sequential {
  const conv = (filters: number) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu' });
  return tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [28, 28, 1] }),
      conv(32),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      conv(64),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10 }),
    ],
  });
}

function pixelTensor(images: Uint8Array, count: number): tf.Tensor {
  return tf.tensor4d(scalePixels(images), [count, 28, 28, 1]);
}

function oneHot(labels: Uint8Array): tf.Tensor {
  const rows = new Float32Array(labels.length * 10);
  labels.forEach((label, i) => {
    rows[10 * i + label] = 1;
  });
  return tf.tensor2d(rows, [labels.length, 10]);
}
