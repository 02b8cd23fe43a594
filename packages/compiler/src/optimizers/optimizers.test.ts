import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { asDType } from '../tensor-type.ts';
import { findMismatch } from '../testing/mismatch.ts';
import { openModel, type HostTensor } from '../testing/run-onnx.ts';
import { fixedWeights } from '../testing/small-models.ts';
import { tolerances } from '../testing/tolerances.ts';
import type { InputSpec, NamedTensors } from '../trace.ts';
import { adam } from './adam.ts';
import { momentum } from './momentum.ts';
import type { Optimizer } from './optimizer.ts';
import { rmsProp } from './rms-prop.ts';
import { sgd } from './sgd.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => {
  tf.disposeVariables();
});

const learningRate = 0.05;
const settings: Readonly<
  Record<string, { pure: (rate: number | tf.Tensor) => Optimizer; of: () => tf.Optimizer }>
> = {
  sgd: { pure: (rate) => sgd({ learningRate: rate }), of: () => tf.train.sgd(learningRate) },
  momentum: {
    pure: (rate) => momentum({ learningRate: rate, momentum: 0.8 }),
    of: () => tf.train.momentum(learningRate, 0.8),
  },
  'momentum of Nesterov': {
    pure: (rate) => momentum({ learningRate: rate, momentum: 0.8, nesterov: true }),
    of: () => tf.train.momentum(learningRate, 0.8, true),
  },
  rmsProp: { pure: (rate) => rmsProp({ learningRate: rate }), of: () => tf.train.rmsprop(learningRate) },
  'rmsProp with everything': {
    pure: (rate) => rmsProp({ learningRate: rate, decay: 0.7, momentum: 0.5, epsilon: 1e-4, centered: true }),
    of: () => tf.train.rmsprop(learningRate, 0.7, 0.5, 1e-4, true),
  },
  adam: { pure: (rate) => adam({ learningRate: rate }), of: () => tf.train.adam(learningRate) },
  'adam with everything': {
    pure: (rate) => adam({ learningRate: rate, beta1: 0.7, beta2: 0.95, epsilon: 1e-3 }),
    of: () => tf.train.adam(learningRate, 0.7, 0.95, 1e-3),
  },
};

const shapes = { 'dense/kernel': [3, 4], 'dense/bias': [4], unused: [2] } as const;
const trained = ['dense/kernel', 'dense/bias'] as const;

function start(): NamedTensors {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, fixedWeights(shape, 40 + i)]),
  );
}

/** Gradients that change from step to step and in sign. */
function gradientsAt(step: number): NamedTensors {
  return Object.fromEntries(
    trained.map((name, i) => [name, fixedWeights(shapes[name], 100 + 10 * step + i)]),
  );
}

const hostOf = (tensor: tf.Tensor): HostTensor => ({
  shape: tensor.shape,
  dtype: asDType(tensor.dtype),
  data: tensor.dataSync(),
});
const hosts = (tensors: NamedTensors): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, hostOf(tensor)]));

/** What tfjs's own optimizer makes of the parameters, and of its state. */
function stepsOfTfjs(optimizer: tf.Optimizer, steps: number): Promise<Record<string, HostTensor>> {
  const variables = Object.entries(start()).map(([name, value]) => tf.variable(value, true, name));
  for (let step = 0; step < steps; step++) optimizer.applyGradients(gradientsAt(step));
  return optimizer.getWeights().then(([, ...weights]) => ({
    ...hosts(Object.fromEntries(variables.map((variable) => [variable.name, variable]))),
    ...hosts(Object.fromEntries(weights.map(({ name, tensor }) => [name, tensor]))),
  }));
}

describe.each(Object.entries(settings))('%s', (_, { pure, of }) => {
  it('takes the steps of tfjs, bit for bit', async () => {
    const optimizer = pure(learningRate);
    let parameters = start();
    let state = optimizer.init(parameters);
    for (let step = 0; step < 5; step++) {
      ({ parameters, state } = optimizer.update(parameters, gradientsAt(step), state));
    }
    const expected = await stepsOfTfjs(of(), 5);
    // tfjs has no slots for what never had a gradient, and does not count Adam's powers as weights.
    const own = Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith('dense/')));
    expect(hosts({ ...parameters, ...own })).toEqual(expected);
  });

  it.each(['number', 'tensor'] as const)(
    'takes them compiled, with a learning rate as a %s',
    async (kind) => {
      const initial = pure(learningRate).init(start());
      const ports = (tensors: NamedTensors, prefix: string): [string, tf.Tensor][] =>
        Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]);
      const inputs = Object.fromEntries([
        ...ports(start(), 'parameters'),
        ...ports(gradientsAt(0), 'gradients'),
        ...ports(initial, 'state'),
        ['learningRate', tf.scalar(learningRate)],
      ]);
      const under = (tensors: NamedTensors, prefix: string): NamedTensors =>
        Object.fromEntries(
          Object.entries(tensors).flatMap(([name, tensor]) =>
            name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), tensor]] : [],
          ),
        );
      const { bytes } = compile(
        (tensors) => {
          const optimizer = pure(kind === 'number' ? learningRate : tensors['learningRate']);
          const next = optimizer.update(
            under(tensors, 'parameters'),
            under(tensors, 'gradients'),
            under(tensors, 'state'),
          );
          return Object.fromEntries([
            ...ports(next.parameters, 'next/parameters'),
            ...ports(next.state, 'next/state'),
          ]);
        },
        Object.fromEntries(
          Object.entries(inputs).map(([name, { shape }]): [string, InputSpec] => [
            name,
            { shape, dtype: 'float32' },
          ]),
        ),
        { name: 'update' },
      );
      const session = await openModel(bytes);
      let current = hosts(inputs);
      for (let step = 0; step < 5; step++) {
        const gradients = hosts(Object.fromEntries(ports(gradientsAt(step), 'gradients')));
        const next = await session.run({ ...current, ...gradients });
        const renamed = Object.entries(next).map(([name, value]) => [name.replace('next/', ''), value]);
        current = { ...current, ...(Object.fromEntries(renamed) as typeof current) };
      }
      await session.close();
      for (const [name, value] of Object.entries(await stepsOfTfjs(of(), 5))) {
        const actual = current[name in shapes ? `parameters/${name}` : `state/${name}`];
        expect(findMismatch(actual, value, tolerances.training), name).toBeUndefined();
      }
    },
  );

  it('keeps what has no gradient', () => {
    const optimizer = pure(learningRate);
    const parameters = start();
    const state = optimizer.init(parameters);
    const next = optimizer.update(parameters, gradientsAt(0), state);
    expect(next.parameters['unused']).toBe(parameters['unused']);
    for (const name of Object.keys(state)) {
      if (name.startsWith('unused')) expect(next.state[name]).toBe(state[name]);
      else expect(next.state[name]).not.toBe(state[name]);
    }
  });
});

it.each<[string, (options: never) => Optimizer]>(Object.entries({ sgd, momentum, rmsProp, adam }))(
  '%s refuses an option that there is none of',
  (name, make) => {
    expect(() => make({ learningRate, beta_1: 0.5 } as never)).toThrow(
      `Cannot make ${name} with option "beta_1": there is none of that name; the options are learningRate`,
    );
  },
);

describe('an update', () => {
  const optimizer = adam({ learningRate });
  const parameters = { w: tf.zeros([2]) };
  const state = optimizer.init(parameters);

  it('names a gradient that does not belong to a parameter', () => {
    expect(() => optimizer.update(parameters, { b: tf.zeros([2]) }, state)).toThrow(
      new TypeError(
        'Cannot update with gradient "b" of [2]: it needs a parameter of the same name and shape, but there is none; ' +
          "pass the gradients by their parameters' names.",
      ),
    );
    expect(() => optimizer.update(parameters, { w: tf.zeros([3]) }, state)).toThrow(
      'Cannot update with gradient "w" of [3]: it needs a parameter of the same name and shape, but that has [2];',
    );
  });

  it('names state that is missing', () => {
    const rest = Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'w/v'));
    expect(() => optimizer.update(parameters, { w: tf.zeros([2]) }, rest)).toThrow(
      'Cannot update with a state without "w/v": it has w/m, accBeta1, accBeta2; start with what init gives for the same parameters.',
    );
    expect(() => optimizer.update(parameters, {}, {})).toThrow(
      'Cannot update with a state without "accBeta1": it has nothing;',
    );
  });
});
