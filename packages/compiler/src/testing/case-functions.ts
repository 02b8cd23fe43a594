import * as tf from '@tensorflow/tfjs';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { drawValues, repeatValues } from './draw-values.ts';
import type { KernelCase } from './kernel-case.ts';
import type { HostTensor } from './run-onnx.ts';

/** Types of a row's inputs. */
export function specsOf({ inputs }: Pick<KernelCase, 'inputs'>): Record<string, InputSpec> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) => [name, { shape, dtype }]),
  );
}

/** A row's function, as the compiler takes it. */
export function forwardOf(row: KernelCase): TensorFunction {
  return (inputs) => ({ y: row.fn(inputs) });
}

/** Names of the inputs that a row has gradients by. */
export function differentiableInputs(row: KernelCase): string[] {
  return Object.entries(specsOf(row)).flatMap(([name, { dtype }]) => (dtype === 'float32' ? [name] : []));
}

/** `(inputs, dy) → dx for each float32 input x`, where `dy` has the shape of the row's result. */
export function gradientOf(row: KernelCase): [TensorFunction, Record<string, InputSpec>] {
  const specs = specsOf(row);
  const names = differentiableInputs(row);
  const { shape } = trace(forwardOf(row), specs).outputs[0].value;
  const gradient: TensorFunction = ({ dy, ...inputs }) => {
    const f = (...tensors: tf.Tensor[]): tf.Tensor =>
      row.fn({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]])) });
    const slopes = tf.grads(f)(
      names.map((name) => inputs[name]),
      dy,
    );
    return Object.fromEntries(names.map((name, i) => [`d${name}`, slopes[i]]));
  };
  return [gradient, { ...specs, dy: { shape, dtype: 'float32' } }];
}

/** Whether tfjs and the compiler both have a gradient of a row. */
export function hasGradient({ gradient }: KernelCase): boolean {
  return gradient?.check !== 'none';
}

/** The sets of inputs to run a row on: the drawn one, then those of `also`. */
export function pointsOf(row: KernelCase): Readonly<Record<string, HostTensor>>[] {
  const specs = specsOf(row);
  const names = Object.keys(specs);
  const drawn = names.map((name, i): HostTensor => {
    const { range = 'signed' } = row.inputs[name];
    return { ...specs[name], data: drawValues({ ...specs[name], range }, (row.seed ?? 1) * 100 + i) };
  });
  return [{}, ...(row.also ?? [])].map((values: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(
      names.map((name, i) => {
        const data = name in values ? repeatValues(values[name], specs[name]) : drawn[i].data;
        return [name, { ...specs[name], data }];
      }),
    ),
  );
}
