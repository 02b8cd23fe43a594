import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { printGraph } from './graph.ts';
import { drawRandomInputs, type Distribution } from './random-inputs.ts';
import { drawValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { runModel } from './testing/run-onnx.ts';
import { runInTfjs } from './testing/run-tfjs.ts';
import { tolerances } from './testing/tolerances.ts';
import { trace, type NamedTensors } from './trace.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const rows = { x: { shape: [2, 3, 4], dtype: 'float32' } } as const;
const unit: Distribution = { kind: 'uniform', min: 0, max: 1 };

/** Sources of random numbers, what they draw, and what they compute from it. */
const sources: readonly {
  readonly name: string;
  readonly draw: (x: tf.Tensor) => tf.Tensor;
  readonly distribution: Distribution;
  readonly shape?: readonly number[];
  readonly formula: (x: tf.Tensor, random: tf.Tensor) => tf.Tensor;
}[] = [
  {
    name: 'tf.dropout',
    draw: (x) => tf.dropout(x, 0.25),
    distribution: unit,
    formula: (x, random) => tf.mul(x, tf.div(tf.cast(tf.greaterEqual(random, 0.25), 'float32'), 0.75)),
  },
  {
    name: 'tf.dropout with a shape of its own',
    draw: (x) => tf.dropout(x, 0.5, [2, 1, 4]),
    distribution: unit,
    shape: [2, 1, 4],
    formula: (x, random) => tf.mul(x, tf.mul(tf.cast(tf.greaterEqual(random, 0.5), 'float32'), 2)),
  },
  {
    name: 'dropout',
    draw: (x) => tf.layers.dropout({ rate: 0.5, seed: 3 }).apply(x, { training: true }) as tf.Tensor,
    distribution: unit,
    formula: (x, random) => tf.mul(x, tf.mul(tf.cast(tf.greaterEqual(random, 0.5), 'float32'), 2)),
  },
  {
    name: 'spatialDropout1d',
    draw: (x) => tf.layers.spatialDropout1d({ rate: 0.5 }).apply(x, { training: true }) as tf.Tensor,
    distribution: unit,
    shape: [2, 1, 4],
    formula: (x, random) => tf.mul(x, tf.mul(tf.cast(tf.greaterEqual(random, 0.5), 'float32'), 2)),
  },
  {
    name: 'gaussianNoise',
    draw: (x) => tf.layers.gaussianNoise({ stddev: 0.3 }).apply(x, { training: true }) as tf.Tensor,
    distribution: { kind: 'normal', mean: 0, standardDeviation: 0.3 },
    formula: (x, random) => tf.add(x, random),
  },
  {
    name: 'gaussianDropout',
    draw: (x) => tf.layers.gaussianDropout({ rate: 0.2 }).apply(x, { training: true }) as tf.Tensor,
    distribution: { kind: 'normal', mean: 1, standardDeviation: 0.5 },
    formula: (x, random) => tf.mul(x, random),
  },
  {
    name: 'alphaDropout',
    draw: (x) => tf.layers.alphaDropout({ rate: 0.4 }).apply(x, { training: true }) as tf.Tensor,
    distribution: unit,
    // Section 3 of https://arxiv.org/abs/1706.02515: kept with probability q, else α'; then scaled by a and shifted by b.
    // tfjs 4.22 drops to -α' instead.
    formula: (x, random) => {
      const [q, saturation] = [0.6, -1.6732632423543772 * 1.0507009873554805];
      const a = (q + saturation ** 2 * q * (1 - q)) ** -0.5;
      const kept = tf.cast(tf.greaterEqual(random, 0.4), 'float32');
      const dropped = tf.where(tf.cast(kept, 'bool'), x, tf.fill(x.shape, -saturation));
      return tf.add(tf.mul(dropped, a), -a * (1 - q) * saturation);
    },
  },
];

describe('random numbers of layers', () => {
  it.each(sources)(
    'become an input with its distribution: $name',
    async ({ draw, distribution, shape, formula }) => {
      const compiled = compile(({ x }) => ({ y: draw(x) }), rows, { name: 'random' });
      const drawn = shape ?? rows.x.shape;
      expect(compiled.inputs).toEqual([
        { name: 'x', ...rows.x },
        { name: 'random/0', shape: drawn, dtype: 'float32', distribution: expect.anything() as Distribution },
      ]);
      expect(compiled.inputs[1].distribution).toEqual(roughly(distribution));
      const point = {
        x: { ...rows.x, data: drawValues({ ...rows.x, range: 'signed' }, 71) },
        'random/0': {
          shape: drawn,
          dtype: 'float32',
          data: Float32Array.from({ length: drawn.reduce((a, b) => a * b) }, (_, i) => ((i * 7) % 12) / 12),
        },
      } as const;
      const { y } = await runModel(compiled.bytes, point);
      const expected = runInTfjs(({ x, 'random/0': random }) => ({ y: formula(x, random) }), point)['y'];
      expect(findMismatch(y, expected, tolerances.elementwise)).toBeUndefined();
    },
  );

  it('are drawn once for the function and its gradient, and each time a layer is applied', () => {
    const noise = tf.layers.gaussianNoise({ name: 'noise', stddev: 0.5 });
    const dropout = tf.layers.dropout({ name: 'dropout', rate: 0.5 });
    const fn = ({ x }: NamedTensors): NamedTensors => ({
      dx: tf.grad((v) => {
        const noisy = noise.apply(v, { training: true }) as tf.Tensor;
        return tf.sum(
          dropout.apply(dropout.apply(noisy, { training: true }), { training: true }) as tf.Tensor,
        );
      })(x),
    });
    const { inputs } = trace(fn, { x: { shape: [2, 3], dtype: 'float32' } });
    expect(inputs.map(({ name, distribution }) => [name, distribution?.kind])).toEqual([
      ['x', undefined],
      ['random/0', 'normal'],
      ['random/1', 'uniform'],
      ['random/2', 'uniform'],
    ]);
  });

  it('are read in the graph', () => {
    const noise = tf.layers.gaussianNoise({ name: 'noise', stddev: 0.5 });
    const fn = ({ x }: NamedTensors): NamedTensors => ({
      y: noise.apply(x, { training: true }) as tf.Tensor,
    });
    expect(printGraph(trace(fn, { x: { shape: [2, 3], dtype: 'float32' } }))).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = input "random/0" : float32[2,3] ~ normal(0, 0.5)
      %2 = Add(%1, %0) : float32[2,3]  # noise
      output "y" = %2"
    `);
  });

  it('are none outside of training', () => {
    const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [3] })] });
    const fn = ({ x }: NamedTensors): NamedTensors => ({ y: model.apply(x) as tf.Tensor });
    expect(trace(fn, { x: { shape: [2, 3], dtype: 'float32' } }).inputs).toHaveLength(1);
  });

  it('keep an open size', () => {
    const { inputs } = compile(
      ({ x }) => ({ y: tf.layers.dropout({ rate: 0.5 }).apply(x, { training: true }) as tf.Tensor }),
      { x: { shape: ['N', 3], dtype: 'float32' } },
      { name: 'open' },
    );
    expect(inputs[1]).toEqual({
      name: 'random/0',
      shape: ['N', 3],
      dtype: 'float32',
      distribution: unit,
    });
  });
});

describe('drawRandomInputs', () => {
  const inputs = [
    { name: 'x', shape: ['N', 2], dtype: 'float32' },
    {
      name: 'random/0',
      shape: ['N', 500],
      dtype: 'float32',
      distribution: { kind: 'uniform', min: -1, max: 3 },
    },
    {
      name: 'random/1',
      shape: ['4*N', 501],
      dtype: 'float32',
      distribution: { kind: 'normal', mean: 2, standardDeviation: 0.5 },
    },
  ] as const;

  it('draws what the distributions say, in the shapes of the run', () => {
    // The generator that Park and Miller proposed as a minimal standard, https://doi.org/10.1145/63039.63042.
    let state = 1;
    const next = (): number => {
      state = (state * 48271) % 2147483647;
      return (state - 1) / 2147483646;
    };
    const drawn = drawRandomInputs(inputs, next, { N: 40 });
    expect(Object.keys(drawn)).toEqual(['random/0', 'random/1']);
    const { 'random/0': uniform, 'random/1': normal } = drawn;
    expect(uniform.shape).toEqual([40, 500]);
    expect(normal.shape).toEqual([160, 501]);
    const moments = (data: Float32Array): number[] => {
      const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
      return [mean, data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length];
    };
    expect(Math.min(...uniform.data)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform.data)).toBeLessThan(3);
    // Five standard errors of each.
    const [uniformMean, uniformVariance] = moments(uniform.data);
    expect(Math.abs(uniformMean - 1)).toBeLessThan(0.041);
    expect(Math.abs(uniformVariance - 16 / 12)).toBeLessThan(0.043);
    const [normalMean, normalVariance] = moments(normal.data);
    expect(Math.abs(normalMean - 2)).toBeLessThan(0.009);
    expect(Math.abs(normalVariance - 0.25)).toBeLessThan(0.0063);
    const within = normal.data.filter((x) => Math.abs(x - 2) < 0.5).length / normal.data.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.0083);
  });

  it('asks for the open sizes', () => {
    expect(() => drawRandomInputs(inputs, Math.random)).toThrow(
      'Cannot draw input "random/0": its size "N" is open; pass its value, as in { N: 64 }.',
    );
  });
});

function roughly(distribution: Distribution): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(distribution).map(([key, value]) => [
      key,
      typeof value === 'number' ? (expect.closeTo(value, 12) as number) : value,
    ]),
  );
}
