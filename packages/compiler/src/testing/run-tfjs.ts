import * as tf from '@tensorflow/tfjs';
import { asDType, type TensorData } from '../tensor-type.ts';
import type { NamedTensors, TensorFunction } from '../trace.ts';
import type { HostTensor } from './run-onnx.ts';

/** What tfjs computes, on the backend that is set, from the same function and inputs. */
export function runInTfjs(
  fn: TensorFunction,
  inputs: Readonly<Record<string, HostTensor>>,
): Record<string, HostTensor> {
  const results = tf.tidy(() => {
    const tensors: NamedTensors = {};
    for (const [name, { shape, dtype, data }] of Object.entries(inputs)) {
      const values = dtype === 'uint8' ? Int32Array.from(data as Uint8Array) : (data as tf.TypedArray);
      tensors[name] = tf.tensor(values, [...shape], dtype === 'uint8' ? 'int32' : (dtype as tf.DataType));
    }
    return fn(tensors);
  });
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => {
      const data = tensor.dataSync() as TensorData;
      tensor.dispose();
      return [name, { shape: tensor.shape, dtype: asDType(tensor.dtype), data }];
    }),
  );
}
