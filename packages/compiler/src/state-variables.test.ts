import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { layerVariables, optimizerVariables } from './state-variables.ts';
import { drawValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { openModel, type HostTensor } from './testing/run-onnx.ts';
import { fixedWeights } from './testing/small-models.ts';
import { tolerances } from './testing/tolerances.ts';
import { asDType, type TensorData } from './tensor-type.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => {
  tf.disposeVariables();
});

const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adam: () => tf.train.adam(0.01),
  adagrad: () => tf.train.adagrad(0.1, 0.2),
  adadelta: () => tf.train.adadelta(0.5),
  adamax: () => tf.train.adamax(0.01),
};

describe('optimizerVariables', () => {
  it.each(Object.entries(optimizers))(
    'leaves %s as it was, with the slots of its first step',
    async (_, make) => {
      const start = (): tf.Variable[] => [
        tf.variable(fixedWeights([2, 3], 61), true),
        tf.variable(fixedWeights([3], 62), true),
      ];
      const [trained, reference] = [start(), start()];
      const [optimizer, other] = [make(), make()];
      const slots = optimizerVariables(optimizer, trained);
      expect(optimizer.iterations).toBe(0);
      const again = optimizerVariables(optimizer, trained);
      expect(Object.values(again)).toEqual(Object.values(slots));
      for (let step = 0; step < 3; step++) {
        for (const [of, list] of [
          [optimizer, trained],
          [other, reference],
        ] as const) {
          of.minimize(() => tf.add(tf.sum(tf.square(list[0])), tf.sum(tf.exp(list[1]))), false, [...list]);
        }
      }
      expect(await Promise.all(trained.map((v) => v.data()))).toEqual(
        await Promise.all(reference.map((v) => v.data())),
      );
    },
  );

  it('names the slots', () => {
    const w = tf.variable(tf.zeros([2]), true, 'w');
    expect(Object.keys(optimizerVariables(tf.train.adam(0.01), [w]))).toEqual([
      'optimizer/w/m',
      'optimizer/w/v',
      'optimizer/accBeta1',
      'optimizer/accBeta2',
    ]);
    expect(Object.keys(optimizerVariables(tf.train.sgd(0.01), [w]))).toEqual([]);
  });
});

describe('a train step compiled with its variables', () => {
  it.each(Object.entries(optimizers))('takes the steps that %s takes in tfjs', async (_, make) => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 4,
          inputShape: [3],
          // The normalisation takes a bias out again: its gradient would be nothing but rounding.
          useBias: false,
          weights: [fixedWeights([3, 4], 63)],
        }),
        tf.layers.batchNormalization({ momentum: 0.7 }),
        tf.layers.dense({ units: 2, weights: [fixedWeights([4, 2], 65), fixedWeights([2], 66)] }),
      ],
    });
    const optimizer = make();
    const weights = layerVariables(model);
    const trained = model.trainableWeights.map(({ name }) => weights[name]);
    const variables = { ...weights, ...optimizerVariables(optimizer, trained) };
    const step = ({ x, y }: Record<string, tf.Tensor>): { loss: tf.Tensor } => ({
      loss: optimizer.minimize(
        () =>
          tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(
            y,
            model.apply(x, { training: true }) as tf.Tensor,
          ),
        true,
        trained,
      )!,
    });
    const specs = {
      x: { shape: [6, 3], dtype: 'float32' },
      y: { shape: [6, 2], dtype: 'float32' },
    } as const;
    const before = tf.memory().numTensors;
    const { bytes, inputs, outputs } = compile(step, specs, { name: 'step', variables });
    expect(tf.memory().numTensors).toBe(before);
    expect(inputs.map(({ name }) => name)).toEqual(['x', 'y', ...Object.keys(variables)]);
    expect(new Set(outputs.map(({ name }) => name))).toEqual(
      new Set(['loss', ...Object.keys(variables).map((name) => `next/${name}`)]),
    );

    const hold = (variable: tf.Variable): HostTensor => ({
      shape: variable.shape,
      dtype: asDType(variable.dtype),
      data: (variable.dataSync() as TensorData).slice(),
    });
    let state = Object.fromEntries(Object.entries(variables).map(([name, v]) => [name, hold(v)]));
    const session = await openModel(bytes);
    for (let i = 0; i < 4; i++) {
      const x = { ...specs.x, data: drawValues({ ...specs.x, range: 'signed' }, 80 + i) };
      const y = { ...specs.y, data: drawValues({ ...specs.y, range: 'signed' }, 90 + i) };
      const { loss, ...next } = await session.run({ x, y, ...state });
      const expected = tf.tidy(() => {
        const { loss: eager } = step({
          x: tf.tensor(x.data as Float32Array, [6, 3]),
          y: tf.tensor(y.data as Float32Array, [6, 2]),
        });
        return eager.dataSync();
      });
      expect(Math.abs(Number(loss.data[0]) - expected[0])).toBeLessThan(1e-5 * expected[0]);
      state = Object.fromEntries(
        Object.entries(next).map(([name, value]) => [name.replace('next/', ''), value]),
      );
    }
    for (const [name, v] of Object.entries(variables)) {
      expect(findMismatch(state[name], hold(v), tolerances.training), name).toBeUndefined();
    }
    await session.close();
  });
});
