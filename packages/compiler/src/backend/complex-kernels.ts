import type * as tf from '@tensorflow/tfjs';
import type { LazyBackend, NamedInputs } from './lazy-backend.ts';

type Infos = tf.TensorInfo | tf.TensorInfo[];

/** Runs a kernel on real tensors. */
type CallReal = (inputs: NamedInputs) => Infos;

/** Kernels that only move elements, or treat real and imaginary parts each by itself. */
const partByPart: ReadonlySet<string> = new Set([
  ...['Reshape', 'ExpandDims', 'Slice', 'StridedSlice', 'Transpose', 'Reverse', 'Tile', 'GatherV2'],
  ...['Concat', 'Pack', 'Unpack', 'SplitV', 'ZerosLike', 'Add', 'Sub', 'Neg', 'Sum'],
]);

/**
 * Runs a kernel on the real and on the imaginary parts of complex tensors, which graphs hold where they don't hold complex
 * numbers.
 * @param backend where the tensors live.
 * @param call runs the kernel on real tensors there.
 * @returns `undefined` for a kernel that mixes the parts, or when not all operands are complex.
 */
export function runOnParts(
  backend: LazyBackend,
  name: string,
  inputs: NamedInputs,
  call: CallReal,
): Infos | undefined {
  if (!partByPart.has(name)) return undefined;
  const parts = Object.entries(inputs).map(([key, info]) => {
    const isComplex = info?.dtype === 'complex64';
    // What to gather is whole numbers in any case.
    return [
      key,
      isComplex ? backend.partsOf(info) : key === 'indices' ? { real: info, imag: info } : undefined,
    ];
  }) as [string, { real: tf.TensorInfo; imag: tf.TensorInfo } | undefined][];
  if (parts.some(([, part]) => part === undefined)) return undefined;
  const run = (which: 'real' | 'imag'): tf.TensorInfo[] => {
    const results = call(Object.fromEntries(parts.map(([key, part]) => [key, part![which]])));
    return Array.isArray(results) ? results : [results];
  };
  const imaginary = run('imag');
  const joined = run('real').map((real, i) => {
    const both = backend.complex(real, imaginary[i]);
    backend.disposeData(real.dataId);
    backend.disposeData(imaginary[i].dataId);
    return both;
  });
  return name === 'Unpack' || name === 'SplitV' ? joined : joined[0];
}
