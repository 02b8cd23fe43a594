import * as tf from '@tensorflow/tfjs';
import { compile, type CompiledFunction, type CompileOptions, type OpenInputSpec } from './compile.ts';
import type { Dimension } from './onnx/onnx-model.ts';
import { requireKnownOptions } from './require-known-options.ts';
import type { InputSpec, NamedTensors, TensorFunction } from './trace.ts';

export interface ExportOptions extends Omit<CompileOptions, 'variables' | 'name'> {
  /** Name of the ONNX graph; that of the layers model unless given, and `graph-model` for a graph model. */
  readonly name?: string;
  /** Size of the first axis of every input that leaves it open; unless given it stays open, by the name of `N`. */
  readonly batchSize?: number;
  /** Whole shapes of inputs by name, for a model that leaves more than the first axis open. */
  readonly shapes?: Readonly<Record<string, readonly Dimension[]>>;
}

const optionNames = {
  name: true,
  description: true,
  metadata: true,
  batchSize: true,
  shapes: true,
  weights: true,
  without: true,
  target: true,
} as const;

/** A graph model, however it was loaded. */
type GraphModel = tf.GraphModel | tf.GraphModel<tf.io.IOHandlerSync>;

/** A model as the compiler sees it: named inputs with what is known of their shapes, and a function. */
interface Exportable {
  readonly name: string;
  readonly inputs: readonly {
    readonly name: string;
    /** `null`, or -1 in a graph model, stands for an open size; `undefined` for a rank that is not known. */
    readonly shape: readonly (number | null)[] | undefined;
    readonly dtype: string | undefined;
  }[];
  readonly fn: TensorFunction;
}

/**
 * Exports a model of tfjs for inference as an ONNX model that stock onnxruntime runs. Weights become constants. Inputs and
 * outputs have the model's names: of a layers model those of its input and output layers, of a graph model those of its
 * signature. The first axis of each input stays open as `N` if the model leaves it open.
 *
 * @param model a layers model with at least one layer, or a graph model of tfjs-converter that `execute` can run: without
 *   control flow and without outputs whose shape depends on values.
 * @throws UnsupportedKernelError when the model uses a kernel that the compiler has no rule for; RangeError when an
 *   open size gets into the arithmetic, or when a size other than the first is open: pass `batchSize` or `shapes`, or for an
 *   option of no known name; TypeError for what is no model, for inputs of complex numbers or text and for stateful layers;
 *   Error when a graph model has to be run by `executeAsync`.
 */
export function exportOnnx(
  model: tf.LayersModel | GraphModel,
  options: ExportOptions = {},
): CompiledFunction {
  requireKnownOptions(options, optionNames, 'export');
  const { batchSize, shapes = {}, ...compileOptions } = options;
  const { name, inputs, fn } = exportable(model);
  const unknown = Object.keys(shapes).find((input) => !inputs.some((known) => known.name === input));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot export "${name}" with a shape for "${unknown}": it has no such input; its inputs are ${inputs.map((input) => `"${input.name}"`).join(', ')}.`,
    );
  }
  const specs = inputs.map((input): [string, OpenInputSpec] => [
    input.name,
    {
      shape: shapes[input.name] ?? openShape(name, input, batchSize ?? 'N'),
      dtype: inputDType(name, input),
    },
  ]);
  try {
    return compile(fn, Object.fromEntries(specs), { name, ...compileOptions });
  } catch (error) {
    throw explained(error, name);
  }
}

function exportable(model: unknown): Exportable {
  if (model instanceof tf.GraphModel) return ofGraphModel(model);
  if (model instanceof tf.LayersModel) return ofLayersModel(model);
  throw new TypeError(
    `Cannot export what is no model: exportOnnx takes a layers model or a graph model of tfjs, and this is ${kindOf(model)}; await the loading of a model, and use one copy of tfjs for both.`,
  );
}

/** What a caller may have in place of a model. */
function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `of the class ${value.constructor.name}`;
}

function ofLayersModel(model: tf.LayersModel): Exportable {
  const { name } = model;
  if (model.inputs.length === 0) {
    throw new TypeError(`Cannot export model "${name}": it has no layers yet; add some before.`);
  }
  // A sequential model names its inputs and outputs when it is first used.
  if (!model.built) model.build(model.inputs.map(({ shape }) => shape));
  const stateful = model.layers.find((layer) => layer.stateful);
  if (stateful !== undefined) {
    throw new TypeError(
      `Cannot export model "${name}": layer "${stateful.name}" is stateful, which an ONNX graph cannot be; make it without stateful, or give and return its state.`,
    );
  }
  const { inputNames } = model;
  const outputNames = distinct(model.outputNames, inputNames);
  return {
    name,
    inputs: model.inputs.map(({ shape, dtype }, i) => ({ name: inputNames[i], shape, dtype })),
    fn: (inputs) => {
      const results = model.apply(
        inputNames.map((input) => inputs[input]),
        { training: false },
      );
      return named(outputNames, results as tf.Tensor | tf.Tensor[]);
    },
  };
}

function ofGraphModel(model: GraphModel): Exportable {
  const { inputNodes, outputNodes } = model;
  return {
    name: 'graph-model',
    inputs: model.inputs.map(({ shape, dtype }, i) => ({ name: inputNodes[i], shape, dtype })),
    // The order of execute's outputs is that of the names it is given.
    fn: (inputs) => named(outputNodes, model.execute(inputs, outputNodes)),
  };
}

function named(names: readonly string[], results: tf.Tensor | readonly tf.Tensor[]): NamedTensors {
  const list = results instanceof tf.Tensor ? [results] : results;
  return Object.fromEntries(names.map((name, i) => [name, list[i]]));
}

/**
 * A layer that gives several of the outputs has its name in the list several times, and an input that is given back as an
 * output has its own: such outputs get a number.
 */
function distinct(names: readonly string[], inputNames: readonly string[]): string[] {
  const taken = new Set(inputNames);
  return names.map((name) => {
    let own = name;
    for (let i = 1; taken.has(own); i++) own = `${name}_${i}`;
    taken.add(own);
    return own;
  });
}

function openShape(
  model: string,
  { name, shape }: Exportable['inputs'][number],
  batch: Dimension,
): Dimension[] {
  const isOpen = (size: number | null): boolean => size === null || size < 0;
  if (shape === undefined || shape.slice(1).some(isOpen)) {
    const known =
      shape === undefined ? 'none' : `[${shape.map((size) => (isOpen(size) ? '?' : size)).join(',')}]`;
    throw new RangeError(
      `Cannot export "${model}": of the shape of input "${name}" only the first size may be open, it is ${known}; pass shapes: { '${name}': […] }.`,
    );
  }
  return shape.map((size) => (isOpen(size) ? batch : size!));
}

function inputDType(model: string, { name, dtype }: Exportable['inputs'][number]): InputSpec['dtype'] {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(
    `Cannot export "${model}": input "${name}" is of dtype "${dtype}", and graphs hold float32, int32 and bool; leave that part of the model out.`,
  );
}

/** Adds what to do about an export to errors that cannot know of it. */
function explained(error: unknown, model: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.startsWith('Cannot leave the size')) {
    return new RangeError(
      `Cannot export "${model}" with an open size, which gets into its arithmetic: pass batchSize, or shapes that are numbers. ${error.message}`,
      {
        cause: error,
      },
    );
  }
  if (error.message.includes('executeAsync')) {
    return new Error(
      `Cannot export "${model}": it has control flow, or shapes that depend on values, and an ONNX graph here has neither; ` +
        `convert it without. tfjs says: ${error.message}`,
      { cause: error },
    );
  }
  return error;
}
