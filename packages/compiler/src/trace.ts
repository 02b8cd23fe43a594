import * as tf from '@tensorflow/tfjs';
import { checkInputTypes, checkPortNames, type InputDType } from './check-ports.ts';
import type { Graph, InputPort, Port } from './graph.ts';
import { guardVariables, lendVariables } from './lend-variables.ts';
import { requireNamedTensors } from './require-named-tensors.ts';
import { asDType, type TensorType } from './tensor-type.ts';
import { traceBackend, traceBackendName, type Recording, type TraceBackend } from './trace-backend.ts';

/** Type of one input of a traced function. `uint8` arrives in the function as an `int32` tensor of 0…255. */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype: InputDType;
}

/** Tensors by name. The names are those of the ONNX graph's inputs and outputs. */
export type NamedTensors = Record<string, tf.Tensor>;

/**
 * A function on named tensors. It may use any tfjs op and gradient, and must not read values. What `tf.dropout` and the
 * layers for dropout and noise draw become inputs; it must not draw other random numbers.
 */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors;

export interface TraceOptions {
  /**
   * Variables whose values are inputs of the graph, by the inputs' names, instead of constants. For each that the function
   * assigns to, the graph has an output `next/<name>`: what to feed in the next time. All of them hold what they held
   * before once the function has been traced.
   */
  readonly variables?: Readonly<Record<string, tf.Variable>>;
}

/**
 * Records what a function does with its inputs as a graph of tfjs kernels. Tensors that the function closes over (the
 * weights of a model, say) become constants of the graph, except for those of `variables`. The graph's inputs are those
 * of `specs`, then the variables, then what layers draw at random, as `random/0`, `random/1`, …, with its distribution.
 *
 * @param fn called once, with stand-ins of the specified types. What it keeps in plain JavaScript, such as an optimizer's
 *   count of steps, goes on as if it had run.
 * @param specs type of each input.
 * @throws UnsupportedKernelError when `fn` uses a kernel the compiler has no rule for; Error when it reads a value,
 *   draws other random numbers or disposes a variable; TypeError when it needs an input that there is not, when it assigns to a variable that is not one of
 *   `variables`, when it returns anything but tensors by name, and for ports without names of their own; TypeError or
 *   RangeError for types and attributes that ONNX cannot express.
 */
export function trace(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  { variables = {} }: TraceOptions = {},
): Graph {
  checkInputTypes(specs);
  checkVariables(variables);
  const backend = traceBackend();
  // Asking for the backend initialises one where none has been so far.
  tf.backend();
  const previous = tf.getBackend();
  return backend.record((recording) => {
    const restoreLayers = followLayers(recording);
    const restorePredict = predictAtOnce();
    const restoreVariables = guardVariables(backend, Object.values(variables));
    // The promise only tells that a backend was set, which happens before setBackend returns when its factory is
    // synchronous, as this one's is.
    void tf.setBackend(traceBackendName);
    try {
      let graph: Graph;
      tf.tidy(() => {
        graph = recordFunction(backend, recording, fn, { specs, variables });
      });
      return graph!;
    } finally {
      restoreVariables();
      restorePredict();
      restoreLayers();
      void tf.setBackend(previous);
    }
  });
}

function recordFunction(
  backend: TraceBackend,
  recording: Recording,
  fn: TensorFunction,
  { specs, variables }: { specs: Readonly<Record<string, InputSpec>> } & Required<TraceOptions>,
): Graph {
  const inputs: InputPort[] = [];
  const tensors: NamedTensors = {};
  for (const [name, { shape, dtype }] of Object.entries(specs)) {
    const value = recording.values.value({ shape, dtype });
    inputs.push({ name, value });
    tensors[name] = backend.tensorFor(
      dtype === 'uint8' ? widened(recording, { shape, dtype }, value) : value,
    );
  }
  const lent = Object.entries(variables).map(([name, variable]) => {
    const { shape, dtype } = variable;
    const value = recording.values.value({ shape, dtype: asDType(dtype) });
    inputs.push({ name, value });
    return [variable, value] as const;
  });
  const outputs = lendVariables(backend, lent, (currentValues): Port[] => {
    const returned: unknown = callWithNames(fn, tensors);
    requireNamedTensors(returned);
    const results = Object.entries(returned).map(([name, tensor]) => ({
      name,
      value: backend.tracedValue(tensor, `output "${name}",`),
    }));
    const current = currentValues();
    const next = Object.keys(variables).map((name, i) => ({ name: `next/${name}`, value: current[i] }));
    return [...results, ...next.filter(({ value }, i) => value !== lent[i][1])];
  });
  recording.random.forEach(({ value, distribution }, i) => {
    inputs.push({ name: `random/${i}`, value, distribution });
  });
  if (outputs.length === 0)
    throw new TypeError('Cannot trace a function without outputs: return at least one tensor.');
  checkPortNames(inputs, outputs);
  return { inputs, outputs, nodes: recording.nodes, constants: recording.constants };
}

/**
 * Calls a function with its inputs.
 * @throws what the function throws; TypeError that names the inputs where it had read one that there is not.
 */
function callWithNames(fn: TensorFunction, tensors: NamedTensors): unknown {
  const missing = new Set<string>();
  const watched = new Proxy(tensors, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target)) missing.add(name);
      return Reflect.get(target, name) as unknown;
    },
  });
  try {
    return fn(watched);
  } catch (error) {
    // A function may look for an input and do without, and throw for a reason of its own.
    const isAboutUndefined = error instanceof Error && /undefined|^Argument '/.test(error.message);
    if (missing.size === 0 || !isAboutUndefined) throw error;
    const list = (names: Iterable<string>): string =>
      [...names].map((name) => `"${name}"`).join(', ') || 'none';
    throw new TypeError(
      `Cannot trace a function that reads input ${list(missing)}: its inputs are ${list(Object.keys(tensors))}; give it that ` +
        `input too, or read another. It threw: ${error.message}`,
      { cause: error },
    );
  }
}

function checkVariables(variables: TraceOptions['variables'] & {}): void {
  const names = new Map<tf.Variable, string>();
  for (const [name, variable] of Object.entries(variables)) {
    const other = names.get(variable);
    if (other !== undefined) {
      throw new TypeError(
        `Cannot trace variable "${variable.name}" as "${other}" and as "${name}": a variable is one input, and would be two; pass it under one name.`,
      );
    }
    names.set(variable, name);
  }
}

/** tfjs has no uint8, so such an input is shown to it as int32. */
function widened(recording: Recording, type: TensorType, value: Port['value']): Port['value'] {
  const wide = recording.values.value({ shape: type.shape, dtype: 'int32' });
  recording.nodes.push({
    op: 'Cast',
    domain: 'tfjs',
    inputs: [value],
    outputs: [wide],
    attributes: { dtype: 'int32' },
    layer: '',
  });
  return wide;
}

/** While a trace runs, notes which layer is being applied, so that nodes and errors can name it. */
function followLayers({ layers }: Recording): () => void {
  const prototype = tf.layers.Layer.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const apply = prototype.apply;
  prototype.apply = function (this: tf.layers.Layer, ...args: Parameters<typeof apply>) {
    layers.push(this);
    try {
      return apply.apply(this, args);
    } finally {
      layers.pop();
    }
  };
  return () => {
    prototype.apply = apply;
  };
}

/**
 * While a trace runs, lets models predict all rows as one batch. Cut into batches, as tfjs does for its memory's sake, they
 * give the same, but a graph would hold the model once for each batch, and depend on how many there are.
 */
function predictAtOnce(): () => void {
  const prototype = tf.LayersModel.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const predict = prototype.predict;
  prototype.predict = function (this: tf.LayersModel, x, args = {}) {
    return predict.call(this, x, { ...args, batchSize: Number.MAX_SAFE_INTEGER });
  };
  return () => {
    prototype.predict = predict;
  };
}
