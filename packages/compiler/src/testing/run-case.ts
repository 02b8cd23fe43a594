import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { printGraph } from '../graph.ts';
import { blockedDomain } from '../passes/blocked-layout.ts';
import { passNames, type PassOptions } from '../simplify.ts';
import type { TensorData } from '../tensor-type.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { blockedChannelsHere } from './blocked-channels-here.ts';
import {
  differentiableInputs,
  forwardOf,
  gradientOf,
  hasGradient,
  pointsOf,
  specsOf,
} from './case-functions.ts';
import { drawValues } from './draw-values.ts';
import { inFloat64 } from './float64-reference.ts';
import type { KernelCase } from './kernel-case.ts';
import { findMismatch } from './mismatch.ts';
import { numbersOf, openModel, runModel, type HostTensor } from './run-onnx.ts';
import { runInTfjs } from './run-tfjs.ts';
import { toleranceOf, tolerances } from './tolerances.ts';

type HostTensors = Readonly<Record<string, HostTensor>>;

/**
 * With and without passes, so that a fault of a lowering cannot hide behind a pass and vice versa. What passes do to each
 * other takes programs of several kernels, see `programs.test.ts`.
 */
const variants: readonly { readonly with: string; readonly options: PassOptions }[] = [
  { with: 'all passes', options: {} },
  { with: 'no passes', options: { without: passNames } },
];

/**
 * Makes the same tests of every row:
 *
 * - the traced graph, the final one and the final one of the gradient equal their snapshots, and the row covers the
 *   kernels it claims to;
 * - onnxruntime accepts the model and gives tfjs `cpu`'s shape, dtype and values, with all passes and with none;
 * - the traced gradient, along a random output direction, is the one of tfjs `cpu`, with all passes and with none;
 * - it agrees with a central difference of the function in float64 along a random input direction.
 */
export function describeCases(title: string, rows: readonly KernelCase[]): void {
  describe(title, () => {
    beforeAll(async () => {
      await tf.setBackend('cpu');
    });
    for (const row of rows)
      describe(row.name, () => {
        describeCase(row);
      });
  });
}

/**
 * Compares rows of convolutions with tfjs as {@link describeCases} does, and their gradients, compiled for this machine: with
 * channels in blocks. Skipped where onnxruntime has no blocked convolutions.
 */
export function describeCasesInBlocks(title: string, rows: readonly KernelCase[]): void {
  describe(title, () => {
    beforeAll(async () => {
      await tf.setBackend('cpu');
    });
    it.for(rows.map((row) => [row.name, row] as const))('%s', async ([, row], context) => {
      const blockedChannels = await blockedChannelsHere();
      if (blockedChannels === undefined) context.skip('onnxruntime has no blocked convolutions here');
      const options = { target: { blockedChannels } };
      expect(printCompiled(forwardOf(row), specsOf(row), options)).toContain(blockedDomain);
      await compareForward(row, options);
      if (hasGradient(row)) await compareGradient(row, options);
    });
  });
}

function describeCase(row: KernelCase): void {
  const forward = forwardOf(row);
  const specs = specsOf(row);
  const check = row.gradient?.check;

  it('has the graphs of its snapshot', () => {
    const traced = [trace(forward, specs)];
    expect(`${printGraph(traced[0])}\n→\n${printCompiled(forward, specs)}`).toMatchSnapshot('forward');
    if (hasGradient(row)) {
      const [gradient, gradientSpecs] = gradientOf(row);
      traced.push(trace(gradient, gradientSpecs));
      expect(printCompiled(gradient, gradientSpecs)).toMatchSnapshot('gradient');
    }
    const kernels = traced.flatMap(({ nodes }) => nodes.map(({ op }) => op));
    expect(kernels).toEqual(expect.arrayContaining([...row.covers]));
  });

  it.each(variants)('computes what tfjs computes, with $with', async ({ options }) => {
    await compareForward(row, options);
  });

  if (!hasGradient(row)) return;

  const comparable = check === 'differences only' ? [] : variants;
  it.each(comparable)('has the gradient of tfjs, with $with', async ({ options }) => {
    await compareGradient(row, options);
  });

  if (check === 'without differences') return;
  it('has the gradient that differences show', async () => {
    const [gradient, gradientSpecs] = gradientOf(row);
    const differentiable = differentiableInputs(row);
    const [point] = pointsOf(row);
    const dy = outputDirection(gradientSpecs);
    const { bytes } = compile(gradient, gradientSpecs, { name: row.name });
    const gradients = await runModel(bytes, { ...point, dy });
    const directions = new Map(
      differentiable.map((name, i) => [name, drawValues({ ...specs[name], range: 'signed' }, 1000 + i)]),
    );
    const terms = differentiable.flatMap((name) =>
      numbersOf(gradients[`d${name}`]).map((slope, i) => slope * Number(directions.get(name)![i])),
    );
    const actual = terms.reduce((sum, term) => sum + term, 0);
    const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
    const expected = difference(row, point, dy, directions);
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerances.difference.ofLargest * magnitude);
  });
}

function compareForward(row: KernelCase, options: PassOptions): Promise<void> {
  return compareWithTfjs([forwardOf(row), specsOf(row)], pointsOf(row), row.tolerance, options);
}

function compareGradient(row: KernelCase, options: PassOptions): Promise<void> {
  const [gradient, specs] = gradientOf(row);
  const points = pointsOf(row).slice(0, row.gradient?.check === 'drawn values' ? 1 : undefined);
  const withDirection = points.map((point) => ({ ...point, dy: outputDirection(specs) }));
  return compareWithTfjs([gradient, specs], withDirection, row.tolerance ?? 'gradient', options);
}

function outputDirection({ dy }: Readonly<Record<string, InputSpec>>): HostTensor {
  return { ...dy, data: drawValues({ ...dy, range: 'signed' }, 2000) };
}

function printCompiled(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  options: PassOptions = {},
): string {
  return printGraph(compile(fn, specs, { name: 'case', ...options }).graph);
}

async function compareWithTfjs(
  [fn, specs]: readonly [TensorFunction, Readonly<Record<string, InputSpec>>],
  points: readonly HostTensors[],
  tolerance: KernelCase['tolerance'],
  options: PassOptions,
): Promise<void> {
  const { bytes } = compile(fn, specs, { name: 'case', ...options });
  const model = await openModel(bytes);
  try {
    for (const [i, point] of points.entries()) {
      const actual = await model.run(point);
      for (const [name, expected] of Object.entries(runInTfjs(fn, point))) {
        const isReal = expected.dtype === 'float32';
        const allowed = isReal && tolerance ? tolerances[tolerance] : toleranceOf(expected.dtype);
        const mismatch = findMismatch(actual[name], expected, allowed);
        expect(mismatch, `output ${name} at inputs ${i}`).toBeUndefined();
      }
    }
  } finally {
    await model.close();
  }
}

/** `Σ dy·(f(x + h·v) - f(x - h·v)) / 2h` in float64, for the direction `v`. */
function difference(
  row: KernelCase,
  point: HostTensors,
  dy: HostTensor,
  directions: ReadonlyMap<string, TensorData>,
): number {
  const h = 1e-5;
  const names = Object.keys(point);
  const along = (step: number): number => {
    const moved = names.map((name) => {
      const { shape, dtype, data } = point[name];
      const direction = directions.get(name);
      const values = numbersOf({ data }).map((x, i) => x + step * Number(direction?.[i] ?? 0));
      return { shape, dtype: (dtype === 'uint8' ? 'int32' : dtype) as tf.DataType, data: values };
    });
    const y = inFloat64(
      (tensors) => row.fn(Object.fromEntries(names.map((name, i) => [name, tensors[i]]))),
      moved,
    );
    return y.reduce((sum, element, i) => sum + element * Number(dy.data[i]), 0);
  };
  return (along(h) - along(-h)) / (2 * h);
}
