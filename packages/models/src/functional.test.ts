import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { functionalLayers, type FunctionalLayers } from './functional.ts';
import type { Parameters } from './model.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Two layers whose own weights are ones, so that no answer of theirs is taken for one of given parameters. */
function smallModel(): tf.LayersModel {
  const ones = { kernelInitializer: 'ones', biasInitializer: 'ones' } as const;
  return tf.sequential({
    name: 'small',
    layers: [
      tf.layers.dense({ name: 'first', units: 2, inputShape: [3], ...ones }),
      tf.layers.dense({ name: 'second', units: 1, ...ones }),
    ],
  });
}

let model: tf.LayersModel;
let layers: FunctionalLayers;
beforeEach(() => {
  model = smallModel();
  layers = functionalLayers(model, 'net');
});

/** Parameters that all have the value `fill`. */
function filled(fill: number): Record<string, tf.Tensor> {
  return Object.fromEntries(layers.parameters.map(({ name, shape }) => [name, tf.fill([...shape], fill)]));
}

const x = () => tf.tensor2d([[1, 2, 3]]);
/** What the small model makes of `x` when every weight and bias is `w`. */
const answer = (w: number): number => 2 * (6 * w + w) * w + w;
const valueOf = (tensor: tf.Tensor): number => tensor.dataSync()[0];
const ownWeights = (): number[] => model.getWeights().flatMap((weight) => [...weight.dataSync()]);

test('parameters are named after prefix, layer and weight, and have the shapes of the layers', () => {
  expect(layers.parameters).toEqual([
    { name: 'net/first/kernel', shape: [3, 2] },
    { name: 'net/first/bias', shape: [2] },
    { name: 'net/second/kernel', shape: [2, 1] },
    { name: 'net/second/bias', shape: [1] },
  ]);
});

test('so do those of a convolution: window, channels, filters', () => {
  const conv = tf.sequential({
    layers: [tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: [3, 5], inputShape: [8, 8, 2] })],
  });
  expect(functionalLayers(conv, 'net').parameters).toEqual([
    { name: 'net/conv/kernel', shape: [3, 5, 2, 4] },
    { name: 'net/conv/bias', shape: [4] },
  ]);
});

test('the answer is that of the given parameters', () => {
  expect(valueOf(layers.apply(filled(2), x()))).toBe(answer(2));
  expect(valueOf(layers.apply(filled(-3), x()))).toBe(answer(-3));
});

test("the layers' own weights stay as they are and count again afterwards", () => {
  layers.apply(filled(2), x());
  expect(ownWeights()).toEqual(Array<number>(11).fill(1));
  expect(valueOf(model.apply(x()) as tf.Tensor)).toBe(answer(1));
});

test('the given parameters are neither changed nor disposed', () => {
  const parameters = filled(2);
  layers.apply(parameters, x()).dispose();
  for (const tensor of Object.values(parameters)) expect(new Set(tensor.dataSync())).toEqual(new Set([2]));
});

test('a missing parameter is named with those there must be, and nothing is overridden', () => {
  const parameters: Parameters = { ...filled(2), 'net/second/kernel': undefined as unknown as tf.Tensor };
  expect(() => layers.apply(parameters, x())).toThrow(
    new TypeError(
      'Cannot apply "small": parameter "net/second/kernel" is missing; it takes net/first/kernel, net/first/bias, ' +
        'net/second/kernel, net/second/bias.',
    ),
  );
  expect(valueOf(model.apply(x()) as tf.Tensor)).toBe(answer(1));
});

test('after an exception of a layer the own weights count again, and so do the next parameters', () => {
  expect(() => layers.apply(filled(2), tf.zeros([1, 4]))).toThrow();
  expect(valueOf(model.apply(x()) as tf.Tensor)).toBe(answer(1));
  expect(valueOf(layers.apply(filled(3), x()))).toBe(answer(3));
});

test('gradients flow to every parameter', () => {
  const parameters = Object.values(filled(2));
  const names = layers.parameters.map(({ name }) => name);
  const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
    layers.apply(Object.fromEntries(names.map((name, i) => [name, tensors[i]])), x()).asScalar(),
  )(parameters);
  // y = Σⱼ (Σᵢ xᵢ·kᵢⱼ + bⱼ)·cⱼ + d, with all weights 2.
  expect(grads.map((gradient) => [...gradient.dataSync()])).toEqual([
    [2, 2, 4, 4, 6, 6],
    [2, 2],
    [14, 14],
    [1],
  ]);
  expect(ownWeights()).toEqual(Array<number>(11).fill(1));
});

describe('within each other', () => {
  /** Hands its input on, after it did something else. */
  class Interlude extends tf.layers.Layer {
    static readonly className = 'Interlude';
    readonly #work: () => void;
    constructor(work: () => void) {
      super({ name: 'interlude' });
      this.#work = work;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      this.#work();
      return Array.isArray(inputs) ? inputs[0] : inputs;
    }
    override computeOutputShape(shape: tf.Shape): tf.Shape {
      return shape;
    }
  }

  /** The small model with something happening between its layers. */
  function interrupted(work: () => void): FunctionalLayers {
    const [first, second] = smallModel().layers;
    model = tf.sequential({ name: 'interrupted', layers: [first, new Interlude(work), second] });
    layers = functionalLayers(model, 'net');
    return layers;
  }

  test('two models keep to their own parameters', () => {
    const other = functionalLayers(smallModel(), 'net');
    const inner: number[] = [];
    const outer = interrupted(() => {
      inner.push(valueOf(other.apply(filled(5), x())));
    });
    inner.length = 0;
    expect(valueOf(outer.apply(filled(2), x()))).toBe(answer(2));
    expect(inner).toEqual([answer(5)]);
  });

  test('so do two calls of the same model, also when the inner one fails', () => {
    let depth = 0;
    const inner: number[] = [];
    const outer = interrupted(() => {
      if (depth !== 1) return;
      depth = 2;
      inner.push(valueOf(layers.apply(filled(5), x())));
      expect(() => layers.apply(filled(7), tf.zeros([1, 4]))).toThrow();
    });
    depth = 1;
    expect(valueOf(outer.apply(filled(2), x()))).toBe(answer(2));
    expect(inner).toEqual([answer(5)]);
    expect(valueOf(model.apply(x()) as tf.Tensor)).toBe(answer(1));
  });
});
