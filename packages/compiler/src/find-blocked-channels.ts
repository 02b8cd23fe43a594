import * as tf from '@tensorflow/tfjs';
import { andThen, orElse, type Eventually } from './backend/graph-runtime.ts';
import { compile } from './compile.ts';
import type { TensorFunction } from './trace.ts';
import { sizeOf, type TensorData, type TensorType } from './tensor-type.ts';

/** Runs an ONNX model once, on the processor that it is asked about. */
export type RunOnce = (
  bytes: Uint8Array,
  inputs: Readonly<Record<string, TensorType & { readonly data: TensorData }>>,
) => Eventually<Readonly<Record<string, { readonly data: TensorData }>>>;

/** Sizes that onnxruntime has, by processor: AVX-512 and ARM, AVX2. */
const candidates = [16, 8] as const;

/**
 * How many channels onnxruntime's blocked convolutions take together on a processor, see {@link Target.blockedChannels}:
 * compiles a small step of training with each size that there is, and compares what it computes with what the step of
 * standard operators does.
 *
 * @param run runs a model there; where it does so synchronously, so does this.
 * @returns the size, or `undefined` where no size gives the same results: another processor, or a runtime without these
 *   operators, which refuses the model.
 */
export function findBlockedChannels(run: RunOnce): Eventually<number | undefined> {
  const point = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      // Without a pattern that could come out the same in another order.
      { shape, dtype: 'float32' as const, data: waves(sizeOf(shape), i + 1) },
    ]),
  );
  const specs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'float32' as const }]),
  );
  const attempt = (blockedChannels?: number) =>
    run(compile(step, specs, { name: 'probe', target: { blockedChannels } }).bytes, point);
  return andThen(attempt(), (expected) => {
    const isRight = (size: number): Eventually<boolean> =>
      orElse(
        () =>
          andThen(attempt(size), (actual) =>
            Object.keys(expected).every((name) => isNear(actual[name].data, expected[name].data)),
          ),
        // The runtime says no to this size; what it says is of no use to anyone.
        () => false,
      );
    const firstRight = ([size, ...others]: readonly number[]): Eventually<number | undefined> =>
      (size as number | undefined) === undefined
        ? undefined
        : andThen(isRight(size), (right) => (right ? size : firstRight(others)));
    return firstRight(candidates);
  });
}

const shapes = { x: [16, 4, 4, 1], first: [3, 3, 1, 16], second: [3, 3, 16, 32], bias: [16] };

/** Loss and gradients of two convolutions with a pool between them: every way in which blocks are used. */
const step: TensorFunction = ({ x, first, second, bias }) => {
  const { value, grads } = tf.valueAndGrads((...parameters: tf.Tensor[]) => {
    const [a, b, c] = parameters as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
    const hidden = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, a, 1, 'same'), c));
    const pooled = tf.maxPool(hidden as tf.Tensor4D, 2, 2, 'valid');
    return tf.mean(tf.square(tf.conv2d(pooled, b, 1, 'same')));
  })([first, second, bias]);
  return { loss: value, byFirst: grads[0], bySecond: grads[1], byBias: grads[2] };
};

/** Numbers in [-1, 1] that repeat at no distance. */
function waves(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i * 0.618));
}

/** Whether two results differ by rounding at most. Another order of channels makes them differ altogether. */
function isNear(actual: TensorData, expected: TensorData): boolean {
  const [a, b] = [actual, expected] as [Float32Array, Float32Array];
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) <= 1e-4 * largest);
}
