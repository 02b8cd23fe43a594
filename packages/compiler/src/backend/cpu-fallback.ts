import * as tf from '@tensorflow/tfjs';
import type { LazyBackend, NamedInputs } from './lazy-backend.ts';

/** The part of tfjs's cpu backend that a kernel run outside of the engine needs. */
interface CpuBackend extends tf.KernelBackend {
  readonly data: {
    get(id: tf.DataId): {
      values?: tf.backend_util.BackendValues;
      complexTensorInfos?: { real: tf.TensorInfo; imag: tf.TensorInfo };
    };
  };
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void;
}

/**
 * Runs one kernel on tfjs's `cpu` backend with tensors of the lazy backend, which are computed for it.
 * @throws Error when the runtime is asynchronous and an input is not there yet.
 */
export function runOnCpu(
  backend: LazyBackend,
  name: string,
  inputs: NamedInputs,
  attributes: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  const cpu = tf.findBackend('cpu') as CpuBackend | null;
  const kernel = tf.getKernel(name, 'cpu') as tf.KernelConfig | undefined;
  if (cpu === null || kernel === undefined) {
    throw new Error(
      `Cannot run kernel "${name}" on tfjs's cpu backend: it is not registered there; import '@tensorflow/tfjs-backend-cpu' first.`,
    );
  }
  const taken: tf.TensorInfo[] = [];
  const take = (info: tf.TensorInfo): tf.TensorInfo => {
    const there = enter(backend, cpu, info);
    if (there === undefined) throw notThere(backend, name, info);
    taken.push(there);
    return there;
  };
  const leave = (info: tf.TensorInfo): tf.TensorInfo => {
    const here = bringBack(backend, cpu, info);
    cpu.disposeIntermediateTensorInfo(info);
    return here;
  };
  try {
    const there = mapInputs(inputs, take);
    const results = kernel.kernelFunc({ inputs: there, backend: cpu, attrs: attributes ?? {} });
    return Array.isArray(results) ? results.map(leave) : leave(results);
  } finally {
    for (const info of taken) cpu.disposeIntermediateTensorInfo(info);
  }
}

function notThere({ runtime }: LazyBackend, name: string, { dtype, shape }: tf.TensorInfo): Error {
  return new Error(
    `Cannot run kernel "${name}" on an input ${dtype}[${shape.join()}] that is not computed yet: it runs on tfjs's cpu ` +
      `backend, which needs the elements now, and ${runtime.name} only runs asynchronously; await the input's data() first.`,
  );
}

/** Inputs are a list, or an object of tensors of which some are lists themselves, or left out. */
function mapInputs(inputs: NamedInputs, take: (info: tf.TensorInfo) => tf.TensorInfo): tf.NamedTensorInfoMap {
  const mapOne = (input: NamedInputs[string]): unknown =>
    Array.isArray(input) ? (input as tf.TensorInfo[]).map(mapOne) : input ? take(input) : input;
  const mapped = Array.isArray(inputs)
    ? (inputs as NamedInputs[string][]).map(mapOne)
    : Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, mapOne(input)]));
  return mapped as tf.NamedTensorInfoMap;
}

/** The same tensor on the cpu backend; `undefined` if its elements are not there and can't be made at once. */
function enter(backend: LazyBackend, cpu: CpuBackend, info: tf.TensorInfo): tf.TensorInfo | undefined {
  const { shape, dtype } = info;
  const parts = backend.partsOf(info);
  if (parts === undefined) {
    const elements = backend.elementsNow(info.dataId);
    return elements && { dataId: cpu.write(elements, shape, dtype), shape, dtype };
  }
  const real = enter(backend, cpu, parts.real);
  const imag = enter(backend, cpu, parts.imag);
  if (real === undefined || imag === undefined) {
    for (const part of [real, imag]) if (part !== undefined) cpu.disposeIntermediateTensorInfo(part);
    return undefined;
  }
  const complex = tf
    .getKernel('Complex', 'cpu')
    .kernelFunc({ inputs: { real, imag }, backend: cpu }) as tf.TensorInfo;
  cpu.disposeIntermediateTensorInfo(real);
  cpu.disposeIntermediateTensorInfo(imag);
  return complex;
}

/** A result of the cpu backend as a tensor of ours. */
function bringBack(
  backend: LazyBackend,
  cpu: CpuBackend,
  { dataId, shape, dtype }: tf.TensorInfo,
): tf.TensorInfo {
  const { complexTensorInfos } = cpu.data.get(dataId);
  if (complexTensorInfos === undefined) {
    return { dataId: backend.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
  }
  const real = bringBack(backend, cpu, complexTensorInfos.real);
  const imag = bringBack(backend, cpu, complexTensorInfos.imag);
  const complex = backend.complex({ ...real, shape }, { ...imag, shape });
  backend.disposeData(real.dataId);
  backend.disposeData(imag.dataId);
  return complex;
}
