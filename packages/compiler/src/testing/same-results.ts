import { expect } from 'vitest';
import type { Graph } from '../graph.ts';
import { onnxModel, separateOutputs } from '../onnx/onnx-model.ts';
import { encodeModel } from '../onnx/protobuf.ts';
import { drawValues } from './draw-values.ts';
import { findMismatch } from './mismatch.ts';
import { runModel, type HostTensor } from './run-onnx.ts';
import { toleranceOf, tolerances, type ToleranceName } from './tolerances.ts';

/**
 * Runs two lowered graphs on the same values and expects the same results.
 * @param inputs values by name; those of other inputs are drawn.
 * @param tolerance of float32 results.
 */
export async function expectSameResults(
  before: Graph,
  after: Graph,
  {
    inputs = {},
    tolerance,
  }: { inputs?: Readonly<Record<string, HostTensor>>; tolerance?: ToleranceName } = {},
): Promise<void> {
  const drawn = before.inputs.map(({ name, value }, i): [string, HostTensor] => {
    const { shape, dtype } = value;
    return [
      name,
      inputs[name] ?? { shape, dtype, data: drawValues({ shape, dtype, range: 'signed' }, 500 + i) },
    ];
  });
  const point = Object.fromEntries(drawn);
  const expected = await runModel(encodeGraph(before), point);
  const actual = await runModel(encodeGraph(after), point);
  for (const { name, value } of after.outputs) {
    const allowed = tolerance && value.dtype === 'float32' ? tolerances[tolerance] : toleranceOf(value.dtype);
    expect(findMismatch(actual[name], expected[name], allowed), name).toBeUndefined();
  }
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
}

/** The bytes of a lowered graph. */
export function encodeGraph(graph: Graph): Uint8Array {
  return encodeModel(onnxModel(separateOutputs(graph), { name: 'graph' }));
}
