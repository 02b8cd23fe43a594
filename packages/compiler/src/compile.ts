import { checkInputTypes, type InputDType } from './check-ports.ts';
import type { Graph, InputPort, Value } from './graph.ts';
import { checkGraph } from './onnx/check-graph.ts';
import { lowerOpen } from './lower-open.ts';
import { lowerWithPasses } from './lower-with-passes.ts';
import { onnxModel, type Dimension, type ModelDescription } from './onnx/onnx-model.ts';
import { encodeModel } from './onnx/protobuf.ts';
import { requireIntegerWeights, storeAsIntegers, type IntegerWeights } from './passes/store-as-integers.ts';
import type { Distribution } from './random-inputs.ts';
import { requireKnownOptions } from './require-known-options.ts';
import type { PassOptions } from './simplify.ts';
import { trace, type InputSpec, type TensorFunction, type TraceOptions } from './trace.ts';

/** Type of an input whose first axes may be open: a string is the name of a size that is known when the model runs. */
export interface OpenInputSpec {
  readonly shape: readonly Dimension[];
  readonly dtype: InputDType;
}

export interface CompileOptions extends ModelDescription, TraceOptions, PassOptions {
  /** How large float32 constants are stored: as they are, or as integers with scales, see {@link storeAsIntegers}. */
  readonly weights?: 'float32' | IntegerWeights;
}

const optionNames = {
  name: true,
  description: true,
  metadata: true,
  variables: true,
  weights: true,
  without: true,
  target: true,
} as const;

/** An input or output of a compiled function. */
export interface CompiledPort {
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly dtype: Value['dtype'];
  /** What to draw a random input's elements from, anew for each run, see {@link drawRandomInputs}. */
  readonly distribution?: Distribution;
}

/** A tfjs function as an ONNX model. */
export interface CompiledFunction {
  /** The model, ready to be written to a `.onnx` file or given to a runtime. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly CompiledPort[];
  readonly outputs: readonly CompiledPort[];
  /** The graph of ONNX operators, for reading. */
  readonly graph: Graph;
}

/**
 * Compiles a tfjs function into an ONNX model (opset 17, IR version 8, no external data).
 *
 * @param fn takes and returns tensors by name; see {@link trace} for what it may do.
 * @param specs type of each input; a name in a shape, as in `['N', 28, 28, 1]`, leaves that size open. One name at most.
 * @throws as {@link trace}; RangeError when an open size cannot stay open, the model exceeds 2 GiB, or an option has a
 *   value that it does not take, or is of no known name.
 */
export function compile(
  fn: TensorFunction,
  specs: Readonly<Record<string, OpenInputSpec>>,
  options: CompileOptions = {},
): CompiledFunction {
  requireKnownOptions(options, optionNames, 'compile');
  const { weights = 'float32' } = options;
  if (weights !== 'float32') requireIntegerWeights(weights);
  const { graph: exact, dimensions } = compileGraph(fn, specs, options);
  const graph = weights === 'float32' ? exact : storeAsIntegers(exact, weights);
  if (graph !== exact) checkGraph(graph, 'storeAsIntegers');
  const model = onnxModel(graph, options, dimensions);
  return {
    bytes: encodeModel(model),
    inputs: graph.inputs.map((port) => describePort(port, dimensions)),
    outputs: graph.outputs.map((port) => describePort(port, dimensions)),
    graph,
  };
}

/** What a compiled function says of an input or output. */
export function describePort(
  { name, value, distribution }: InputPort,
  dimensions: ReadonlyMap<Value, readonly Dimension[]>,
): CompiledPort {
  const { dtype } = value;
  const drawn = distribution === undefined ? {} : { distribution };
  return { name, shape: dimensions.get(value) ?? value.shape, dtype, ...drawn };
}

function compileGraph(
  fn: TensorFunction,
  specs: Readonly<Record<string, OpenInputSpec>>,
  { variables = {}, ...options }: CompileOptions,
): { graph: Graph; dimensions: ReadonlyMap<Value, readonly Dimension[]> } {
  checkInputTypes(specs, { open: true });
  const open = openSize(specs);
  const record = (size: number): Graph => trace(fn, closed(specs, size), { variables });
  if (open === undefined) return { graph: lowerWithPasses(record(0), options), dimensions: new Map() };
  // Its row of ones would be as long as the open axis is.
  const openly = { ...options, without: [...(options.without ?? []), 'sumRowsByProduct' as const] };
  const unified = lowerOpen(open, { record, lower: (graph) => lowerWithPasses(graph, openly) });
  checkGraph(unified.graph, 'unify');
  return unified;
}

/** The name of the open size, if any. */
function openSize(specs: Readonly<Record<string, OpenInputSpec>>): string | undefined {
  const names = new Set(
    Object.values(specs).flatMap(({ shape }) => shape.filter((size) => typeof size === 'string')),
  );
  if (names.size > 1) {
    throw new RangeError(
      `Cannot compile with the open sizes ${[...names].map((name) => `"${name}"`).join(', ')}: at most one may be open; give numbers for the others.`,
    );
  }
  return [...names][0];
}

function closed(specs: Readonly<Record<string, OpenInputSpec>>, size: number): Record<string, InputSpec> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      { dtype, shape: shape.map((dimension) => (typeof dimension === 'string' ? size : dimension)) },
    ]),
  );
}
