import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { exportOnnx } from '../export-onnx.ts';
import type { Distribution } from '../random-inputs.ts';
import { asDType, type TensorData } from '../tensor-type.ts';
import type { InputSpec, NamedTensors, TensorFunction } from '../trace.ts';
import { drawValues } from './draw-values.ts';
import { inFloat64 } from './float64-reference.ts';
import type { LayerCase } from './layer-case.ts';
import { findMismatch } from './mismatch.ts';
import { numbersOf, openModel, runModel, type HostTensor } from './run-onnx.ts';
import { toleranceOf, tolerances } from './tolerances.ts';

type HostTensors = Record<string, HostTensor>;

/** A row as a function of tensors and of variables that it may assign to. */
interface Prepared {
  readonly specs: Readonly<Record<string, InputSpec>>;
  readonly apply: (inputs: NamedTensors) => tf.Tensor;
  /** The layer's weights by name, and those of them that are trained. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly trained: readonly string[];
  /** Values of the inputs and weights. */
  readonly point: HostTensors;
}

/**
 * Makes the same tests of every row:
 *
 * - the compiled function gives tfjs `cpu`'s result, and leaves the same values in the weights (moving averages);
 * - so does the gradient along a random output direction, by every float32 input and trained weight, compiled together
 *   with the function as in a train step;
 * - a model of the layer alone is exported with an open batch, and predicts what tfjs predicts;
 * - the gradient agrees with a central difference in float64 along a random direction of inputs and weights.
 *
 * Where a layer draws random numbers, tfjs and the compiled function are given the same ones.
 */
export function describeLayerCases(title: string, rows: readonly LayerCase[]): void {
  describe(title, () => {
    beforeAll(async () => {
      await tf.setBackend('cpu');
    });
    afterEach(() => {
      tf.disposeVariables();
    });
    describe.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      it('computes what tfjs computes', async () => {
        const prepared = prepare(row);
        const forward: TensorFunction = (inputs) => ({ y: prepared.apply(inputs) });
        await compare(forward, prepared, row);
      });
      if (typeof row.of === 'function') {
        it('is exported with an open batch', async () => {
          await compareExported(row, row.of as () => tf.layers.Layer);
        });
      }
      if (row.gradient?.check === 'none') return;
      it('has the gradient of tfjs', async () => {
        const prepared = prepare(row);
        await compare(gradientOf(prepared), withDirection(prepared), row);
      });
      if (row.gradient?.check === 'without differences') return;
      it('has the gradient that differences show', () => {
        compareWithDifference(prepare(row));
      });
    });
  });
}

/** Exports a model of the one layer for inference, and runs it at other batch sizes than it was traced at. */
async function compareExported(
  { inputs, weights = 'unit', tolerance = 'sum' }: LayerCase,
  makeLayer: () => tf.layers.Layer,
): Promise<void> {
  const layer = makeLayer();
  const symbols = Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) =>
    tf.input({ name, shape: shape.slice(1), dtype: dtype as 'float32' }),
  );
  const output = layer.apply(symbols.length === 1 ? symbols[0] : symbols) as tf.SymbolicTensor;
  const model = tf.model({ inputs: symbols, outputs: output });
  const drawn = layer.weights.map(({ shape }, i) => {
    const type = { shape: shape as number[], dtype: 'float32' } as const;
    return tf.tensor(drawValues({ ...type, range: weights }, 400 + i) as Float32Array, [...type.shape]);
  });
  layer.setWeights(drawn);
  const { bytes, outputs } = exportOnnx(model);
  const opened = await openModel(bytes);
  for (const batch of [1, 6]) {
    const point = Object.entries(inputs).map(([name, { shape, dtype = 'float32', range = 'signed' }], i) => {
      const type = { shape: [batch, ...shape.slice(1)], dtype };
      return [name, { ...type, data: drawValues({ ...type, range }, 500 + i) }] as const;
    });
    const actual = await opened.run(Object.fromEntries(point));
    const expected = tf.tidy(() => {
      const tensors = point.map(([, { data, shape, dtype }]) =>
        tf.tensor(data as Float32Array, shape, dtype as 'float32'),
      );
      return model.predict(tensors, { batchSize: 8 }) as tf.Tensor;
    });
    expect(findMismatch(actual[outputs[0].name], hostOf(expected), tolerances[tolerance])).toBeUndefined();
  }
  await opened.close();
}

function prepare({ inputs, of, training = false, weights: range = 'unit' }: LayerCase): Prepared {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) => [name, { shape, dtype }]),
  );
  const draw = (type: InputSpec, from: CaseInputRange, seed: number): HostTensor => ({
    ...type,
    data: drawValues({ ...type, range: from }, seed),
  });
  const point = Object.fromEntries(
    Object.entries(specs).map(([name, spec], i) => [
      name,
      draw(spec, inputs[name].range ?? 'signed', 300 + i),
    ]),
  );
  if (typeof of !== 'function') return { specs, apply: of.fn, variables: {}, trained: [], point };
  const layer = of();
  const symbols = Object.values(specs).map(({ shape, dtype }) =>
    tf.input({ batchShape: [...shape], dtype: dtype as 'float32' }),
  );
  layer.apply(symbols.length === 1 ? symbols[0] : symbols);
  const variables = Object.fromEntries(
    layer.weights.map((weight): [string, tf.Variable] => [weight.originalName, weight.read() as never]),
  );
  const drawn = Object.entries(variables).map(([name, { shape }], i): [string, HostTensor] => [
    name,
    draw({ shape, dtype: 'float32' }, range, 400 + i),
  ]);
  return {
    specs,
    apply: (tensors) => {
      const list = Object.keys(specs).map((name) => tensors[name]);
      return layer.apply(list.length === 1 ? list[0] : list, { training }) as tf.Tensor;
    },
    variables,
    trained: layer.trainableWeights.map(({ originalName }) => originalName),
    point: { ...point, ...Object.fromEntries(drawn) },
  };
}

type CaseInputRange = Parameters<typeof drawValues>[0]['range'];

/** `(inputs, dy) → y and its gradient by each float32 input and trained weight`, along `dy`. */
function gradientOf({ specs, apply, variables, trained }: Prepared): TensorFunction {
  return ({ dy, ...inputs }) => {
    const by = [
      ...Object.keys(specs).flatMap((name) =>
        specs[name].dtype === 'float32' ? [[name, inputs[name]] as const] : [],
      ),
      ...trained.map((name) => [name, variables[name]] as const),
    ];
    const { value, grads } = tf.engine().gradients(
      () => apply(inputs),
      by.map(([, tensor]) => tensor),
      dy,
    );
    return { y: value, ...Object.fromEntries(by.map(([name], i) => [`d/${name}`, grads[i]])) };
  };
}

/** The row with a further input, the random output direction. */
function withDirection(prepared: Prepared): Prepared {
  const { shape } = referenceOf((inputs) => ({ y: prepared.apply(inputs) }), prepared)['y'];
  const dy = { shape, dtype: 'float32' } as const;
  return {
    ...prepared,
    specs: { ...prepared.specs, dy },
    point: { ...prepared.point, dy: { ...dy, data: drawValues({ ...dy, range: 'signed' }, 2000) } },
  };
}

async function compare(
  fn: TensorFunction,
  prepared: Prepared,
  { tolerance = 'sum' }: LayerCase,
): Promise<void> {
  const { specs, variables, point } = prepared;
  // First, since recurrent layers keep a mask until they are applied again.
  const expected = referenceOf(fn, prepared);
  const before = tf.memory().numTensors;
  const { bytes, inputs } = compile(fn, specs, { name: 'layer', variables });
  expect(tf.memory().numTensors).toBe(before);
  const random = inputs.flatMap(({ name, shape, distribution }) =>
    distribution === undefined ? [] : [[name, drawAsTfjs(shape as number[], distribution)] as const],
  );
  const actual = await runModel(bytes, { ...point, ...Object.fromEntries(random) });
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const allowed = value.dtype === 'float32' ? tolerances[tolerance] : toleranceOf(value.dtype);
    expect(findMismatch(actual[name], value, allowed), name).toBeUndefined();
  }
}

/** What tfjs computes, and the weights that it changed as `next/<name>`. */
function referenceOf(fn: TensorFunction, { specs, variables, point }: Prepared): HostTensors {
  let results: HostTensors = {};
  tf.tidy(() => {
    assignAll(variables, point);
    const inputs = Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      tf.tensor(point[name].data as Float32Array, [...shape], dtype as 'float32'),
    ]);
    const tensors = withKnownRandomness(() => fn(Object.fromEntries(inputs) as NamedTensors));
    const changed = Object.entries(variables).flatMap(([name, variable]): [string, HostTensor][] => {
      const now = hostOf(variable);
      const { data } = point[name];
      return numbersOf(now).every((x, i) => x === data[i]) ? [] : [[`next/${name}`, now]];
    });
    const returned = Object.entries(tensors).map(([name, tensor]) => [name, hostOf(tensor)] as const);
    results = Object.fromEntries([...returned, ...changed]);
  });
  return results;
}

function assignAll(variables: Prepared['variables'], point: HostTensors): void {
  for (const [name, variable] of Object.entries(variables)) {
    variable.assign(tf.tensor(point[name].data as Float32Array, variable.shape, 'float32'));
  }
}

function hostOf(tensor: tf.Tensor): HostTensor {
  return {
    shape: tensor.shape,
    dtype: asDType(tensor.dtype),
    data: (tensor.dataSync() as TensorData).slice(),
  };
}

/**
 * Runs `fn` with a `Math.random` that tfjs seeds all its generators with, so that tensors of the same shape and
 * distribution get the same numbers.
 */
function withKnownRandomness<T>(fn: () => T): T {
  const { random } = Math;
  Math.random = () => 0.375;
  try {
    return fn();
  } finally {
    Math.random = random;
  }
}

function drawAsTfjs(shape: number[], distribution: Distribution): HostTensor {
  const drawn = withKnownRandomness(() =>
    distribution.kind === 'uniform'
      ? tf.randomUniform(shape, distribution.min, distribution.max)
      : tf.randomNormal(shape, distribution.mean, distribution.standardDeviation),
  );
  const host = hostOf(drawn);
  drawn.dispose();
  return host;
}

/** `Σ dy·(f(p + h·v) - f(p - h·v)) / 2h` in float64 against the gradient along `v`, for the inputs and weights `p`. */
function compareWithDifference(prepared: Prepared): void {
  const h = 1e-5;
  const directed = withDirection(prepared);
  const { dy, ...point } = directed.point;
  const gradients = referenceOf(gradientOf(prepared), directed);
  const directions = Object.keys(point).flatMap((name, i): [string, TensorData][] => {
    const { shape, dtype } = point[name];
    return `d/${name}` in gradients ? [[name, drawValues({ shape, dtype, range: 'signed' }, 3000 + i)]] : [];
  });
  const terms = directions.flatMap(([name, direction]) =>
    numbersOf(gradients[`d/${name}`]).map((slope, i) => slope * Number(direction[i])),
  );
  const along = (step: number): number => {
    const moved = Object.entries(point).map(([name, { shape, dtype, data }]) => {
      const direction = new Map(directions).get(name);
      const values = numbersOf({ data }).map((x, i) => x + step * Number(direction?.[i] ?? 0));
      return { shape, dtype: dtype as tf.DataType, data: values };
    });
    const y = inFloat64((tensors) => {
      const named = Object.fromEntries(Object.keys(point).map((name, i) => [name, tensors[i]]));
      for (const [name, variable] of Object.entries(prepared.variables)) variable.assign(named[name]);
      return withKnownRandomness(() => prepared.apply(named));
    }, moved);
    return y.reduce((sum, element, i) => sum + element * Number(dy.data[i]), 0);
  };
  const expected = (along(h) - along(-h)) / (2 * h);
  const actual = terms.reduce((sum, term) => sum + term, 0);
  const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerances.difference.ofLargest * magnitude);
}
