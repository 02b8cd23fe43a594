import * as tf from '@tensorflow/tfjs';
import type { AnyKernel } from '../kernels/kernel.ts';
import { kernelTable } from '../kernels/table.ts';
import { runOnParts } from './complex-kernels.ts';
import { runOnCpu } from './cpu-fallback.ts';
import { fallbackKernels } from './fallback-kernels.ts';
import { andThen, type Eventually, type GraphRuntime } from './graph-runtime.ts';
import { backendName, LazyBackend, type NamedInputs } from './lazy-backend.ts';
import { replaySteps } from './step-replay.ts';

type Infos = tf.TensorInfo | tf.TensorInfo[];

const fallbacks = new Map<string, number>();

/** How often each kernel ran on tfjs's `cpu` backend instead of in a graph, since the program began. */
export function fallbackCounts(): ReadonlyMap<string, number> {
  return fallbacks;
}

/**
 * Registers the backend `onnx` and its kernels with tfjs.
 * @param open opens the runtime: when it is configured, or else when the backend is first set.
 * @returns how to configure it: opens the runtime with options. Throws what `open` does, which may then be tried with
 *   others, and an Error when it is open already.
 */
export function registerBackend<Options>(
  open: (options?: Options) => Eventually<GraphRuntime>,
): (options: Options) => Promise<void> {
  let opened: Eventually<GraphRuntime> | undefined;
  registerKernels(() => {
    opened ??= onCpu(open);
    // One that could not be opened may be configured in another way.
    if (opened instanceof Promise)
      opened.catch(() => {
        opened = undefined;
      });
    return opened;
  });
  return async (options) => {
    if (opened !== undefined) {
      throw new Error(
        `Cannot configure the backend "${backendName}": it has been set or configured before; do so once, and before tf.setBackend.`,
      );
    }
    try {
      opened = onCpu(() => open(options));
      await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}

/** What tfjs's engine remembers of the backend that it is on. */
interface EngineBackend {
  backendName: string;
  backendInstance: tf.KernelBackend | null;
  profiler: unknown;
}

/**
 * Runs `open` with tfjs on its cpu backend: opening may trace a graph, which takes a backend to go back to, and tfjs may be
 * on none so far, or in the middle of going to the one that is opened.
 */
function onCpu<T>(open: () => T): T {
  const engine = tf.engine() as unknown as EngineBackend;
  const { backendName: name, backendInstance, profiler } = engine;
  // Its factory is synchronous, and so it is set when this returns.
  void tf.setBackend('cpu');
  try {
    return open();
  } finally {
    Object.assign(engine, { backendName: name, backendInstance, profiler });
  }
}

function registerKernels(runtimeOf: () => Eventually<GraphRuntime>): void {
  const made = tf.registerBackend(
    backendName,
    () => andThen(runtimeOf(), (runtime): tf.KernelBackend => new LazyBackend(runtime)),
    0,
  );
  if (!made) return;
  const names = new Set([
    ...kernelTable.keys(),
    ...tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName),
  ]);
  for (const kernelName of names) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        call(backend as unknown as LazyBackend, kernelName, inputs, attrs),
    });
  }
  cutBetweenSteps();
  replaySteps(currentBackend);
}

function call(
  backend: LazyBackend,
  name: string,
  inputs: NamedInputs,
  attributes: tf.NamedAttrMap | undefined,
): Infos {
  const direct = name in onWholeTensors ? onWholeTensors[name](backend, inputs) : undefined;
  if (direct !== undefined) return direct;
  const kernel: AnyKernel | undefined = kernelTable.get(name);
  const isReal = !holdsOther(inputs, attributes);
  const values = kernel && isReal ? backend.valuesOf(kernel, inputs) : undefined;
  if (kernel !== undefined && values !== undefined) {
    if (!fallbackKernels.has(name)) return backend.record(kernel, values, attributes ?? {});
    try {
      return backend.record(kernel, values, attributes ?? {});
    } catch (error) {
      // A rule says so for what ONNX can't express.
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    }
  } else if (!isReal) {
    const joined = runOnParts(backend, name, inputs, (parts) => call(backend, name, parts, attributes));
    if (joined !== undefined) return joined;
  } else if (!fallbackKernels.has(name)) {
    throw unsupported(name, inputs);
  }
  const results = runOnCpu(backend, name, inputs, attributes);
  fallbacks.set(name, (fallbacks.get(name) ?? 0) + 1);
  return results;
}

/** Kernels that only pass tensors on, of whatever dtype, and compute nothing. */
const onWholeTensors: Readonly<
  Record<string, (backend: LazyBackend, inputs: NamedInputs) => Infos | undefined>
> = {
  Identity: (backend, { x }) => backend.share(x!),
  Complex: (backend, { real, imag }) => backend.complex(real!, imag!),
  Real: (backend, { input }) => {
    const parts = backend.partsOf(input!);
    return backend.copy(parts === undefined ? input! : parts.real);
  },
  Imag: (backend, { input }) => {
    const parts = backend.partsOf(input!);
    return parts && backend.copy(parts.imag);
  },
};

/** Whether a call has to do with strings or complex numbers, which no graph holds. */
function holdsOther(inputs: NamedInputs, attributes: tf.NamedAttrMap | undefined): boolean {
  if (isOther(attributes?.['dtype']) || typeof attributes?.['value'] === 'string') return true;
  for (const name in inputs) {
    const input = inputs[name] as tf.TensorInfo | readonly tf.TensorInfo[] | null | undefined;
    if (
      Array.isArray(input)
        ? input.some(({ dtype }) => isOther(dtype))
        : isOther((input as tf.TensorInfo | null)?.dtype)
    )
      return true;
  }
  return false;
}

function isOther(dtype: unknown): boolean {
  return dtype === 'string' || dtype === 'complex64';
}

function unsupported(name: string, inputs: NamedInputs): Error {
  const operands = Object.entries(inputs).flatMap(([key, info]) =>
    info ? [`${key}: ${info.dtype}[${info.shape.join()}]`] : [],
  );
  return new Error(
    `Cannot run kernel "${name}" on the backend "${backendName}" with inputs (${operands.join(', ')}): the compiler has no rule ` +
      'for it; use another op, or tf.setBackend("cpu") for this part.',
  );
}

/** The backend, if tfjs is on it. */
function currentBackend(): LazyBackend | undefined {
  const { backend } = tf.engine();
  return backend instanceof LazyBackend ? backend : undefined;
}

/**
 * Runs what is recorded where a step of a training begins: when an optimizer is asked to minimize, and, for loops that do
 * without `minimize`, when a variable is given a value for the second time. So the graph of each step is like that of the
 * step before, and memory holds one step at a time. Gradients, and steps by `minimize`, are not cut.
 */
function cutBetweenSteps(): void {
  const { prototype: variables } = tf.Variable;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { assign } = variables;
  variables.assign = function (this: tf.Variable, value) {
    currentBackend()?.beforeAssign(this, value);
    assign.call(this, value);
  };
  const { prototype: optimizers } = tf.Optimizer;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { minimize } = optimizers;
  optimizers.minimize = function (this: tf.Optimizer, ...args) {
    const backend = currentBackend();
    const step = (): tf.Scalar | null => minimize.apply(this, args);
    return backend === undefined ? step() : backend.minimize(this, step);
  };
  const engine = tf.engine();
  const gradients = engine.gradients.bind(engine) as (...args: unknown[]) => object;
  engine.gradients = ((...args: unknown[]) => {
    const take = (): object => gradients(...args);
    return currentBackend()?.inStep(take) ?? take();
  }) as typeof engine.gradients;
}
