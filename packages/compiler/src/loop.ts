import { checkPortNames } from './check-ports.ts';
import { describePort, type CompiledFunction } from './compile.ts';
import { nextId, type Graph, type Port, type Value } from './graph.ts';
import { lowerWithPasses } from './lower-with-passes.ts';
import { checkGraph } from './onnx/check-graph.ts';
import { onnxModel, type Dimension, type ModelDescription } from './onnx/onnx-model.ts';
import { encodeModel } from './onnx/protobuf.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';
import { requireKnownOptions } from './require-known-options.ts';
import { requireNamedTensors, requireNames } from './require-named-tensors.ts';
import type { PassOptions } from './simplify.ts';
import { formatType, type TensorType } from './tensor-type.ts';
import { trace, type InputSpec, type NamedTensors } from './trace.ts';

/** Tensors by name: those that steps hand on, and those that every step has of its own. */
export interface LoopTensors {
  readonly carried: NamedTensors;
  readonly each: NamedTensors;
}

/**
 * One step of a loop. It returns the carried tensors as they are after it, under the names and of the types that it got
 * them, and in `each` what to collect from every step.
 */
export type LoopStep = (tensors: LoopTensors) => LoopTensors;

/** Types of what a step takes. Those in `each` are of one step; the model takes them with one more axis in front. */
export interface LoopSpecs {
  readonly carried: Readonly<Record<string, InputSpec>>;
  readonly each: Readonly<Record<string, InputSpec>>;
}

/** Name and description of the model, and how its step is improved. */
export interface LoopOptions extends ModelDescription, PassOptions {}

const optionNames = { name: true, description: true, metadata: true, without: true, target: true } as const;

/** Name of the open size: how many steps a run takes. */
const stepsName = 'steps';

/**
 * Compiles a step into an ONNX model that takes any number of them in one run, by the operator `Loop`: what is carried
 * stays where the runtime computes, on a device with memory of its own too, and crosses to and from it once a run.
 *
 * The model's inputs are `<carried>` of the given shapes and `<each>` of shape `[steps, ...shape]`, in whose first axis
 * step `i` finds its own at `i`; what layers draw at random comes likewise, as `random/0`, …. Its outputs are
 * `next/<carried>` after the last step and `<each>` of shape `[steps, ...shape]` from all of them. A run of k steps gives
 * what k runs of one step give, fed with each other's outputs.
 *
 * @param step called once, with stand-ins of the specified types; see {@link trace} for what it may do.
 * @throws TypeError when `each` is empty, two ports would have one name, such as one in `each` that goes in and comes
 *   out, or the step changes a carried tensor's type; RangeError for an option of no known name; otherwise as {@link trace}.
 */
export function compileLoop(step: LoopStep, specs: LoopSpecs, options: LoopOptions = {}): CompiledFunction {
  requireKnownOptions(options, optionNames, 'compile a loop');
  const body = lowerWithPasses(traceStep(step, specs), options);
  const { graph, dimensions } = loopGraph(body, specs);
  checkPortNames(graph.inputs, graph.outputs);
  checkGraph(graph, 'loop');
  return {
    bytes: encodeModel(onnxModel(graph, options, dimensions)),
    inputs: graph.inputs.map((port) => describePort(port, dimensions)),
    outputs: graph.outputs.map((port) => describePort(port, dimensions)),
    graph,
  };
}

type Side = 'carried' | 'each';

/** Records one step; ports are named `carried/<name>`, `each/<name>`, `next/carried/<name>`, `next/each/<name>`. */
function traceStep(step: LoopStep, specs: LoopSpecs): Graph {
  const twice = Object.keys(specs.carried).find((name) => name in specs.each);
  if (twice !== undefined) {
    throw new TypeError(
      `Cannot compile a loop with two inputs "${twice}": names must differ between "carried" and "each", and both have it; rename one.`,
    );
  }
  if (Object.keys(specs.each).length === 0) {
    throw new TypeError(
      'Cannot compile a loop in which steps have no inputs of their own: their first axis says how many steps to take, and "each" is empty; give it one.',
    );
  }
  const named = <T>(side: Side, entries: Readonly<Record<string, T>>, prefix = ''): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${prefix}${side}/${name}`, entry]));
  return trace(
    (inputs) => {
      const pick = (side: Side): NamedTensors =>
        Object.fromEntries(Object.keys(specs[side]).map((name) => [name, inputs[`${side}/${name}`]]));
      const next: unknown = step({ carried: pick('carried'), each: pick('each') });
      requireNames(
        next,
        'the step returns',
        'what it hands on and what to collect, as { carried: { … }, each: { … } }',
      );
      const { carried, each } = next;
      requireNamedTensors(carried, 'the step returns as "carried"');
      requireNamedTensors(each, 'the step returns as "each"');
      requireSameCarried(specs.carried, carried);
      return { ...named('carried', carried, 'next/'), ...named('each', each, 'next/') };
    },
    { ...named('carried', specs.carried), ...named('each', specs.each) },
  );
}

function requireSameCarried(specs: LoopSpecs['carried'], next: NamedTensors): void {
  const names = new Set([...Object.keys(specs), ...Object.keys(next)]);
  for (const name of names) {
    const before = specs[name] as TensorType | undefined;
    const tensor = next[name] as NamedTensors[string] | undefined;
    const after = tensor && `${tensor.dtype}[${tensor.shape.join(',')}]`;
    if (before !== undefined && formatType(before) === after) continue;
    throw new TypeError(
      `Cannot carry "${name}" from step to step: it must come out of a step with the type it goes in with, which is ` +
        `${before === undefined ? 'none' : formatType(before)}, and comes out as ${after ?? 'none'}; return it unchanged in type.`,
    );
  }
}

/** Puts a `Loop` around a lowered step. */
function loopGraph(
  step: Graph,
  specs: LoopSpecs,
): { graph: Graph; dimensions: ReadonlyMap<Value, readonly Dimension[]> } {
  const values = valueFactory(nextId(step));
  const dimensions = new Map<Value, readonly Dimension[]>();
  /** A stack of what steps have of their own; what is open of it is counted as 1 in its value. */
  const stacked = (of: TensorType): Value => {
    const value = values.value({ shape: [1, ...of.shape], dtype: of.dtype });
    dimensions.set(value, [stepsName, ...of.shape]);
    return value;
  };
  const portOf = (ports: readonly Port[], name: string): Value =>
    ports.find((port) => port.name === name)!.value;
  const carried = Object.keys(specs.carried);

  const inner = new OnnxBuilder(values);
  const iteration = values.value({ shape: [], dtype: 'int64' });
  const going = values.value({ shape: [], dtype: 'bool' });
  for (const [value, data] of step.constants) inner.constants.set(value, data);
  const ofEachStep = step.inputs.filter(
    ({ name, distribution }) => name.startsWith('each/') || distribution !== undefined,
  );
  const stacks = ofEachStep.map((port) => {
    const { name, value: own } = port;
    const stack = stacked(own);
    // Its output is the traced input itself, which the step's nodes read already.
    inner.nodes.push({
      op: 'Gather',
      domain: '',
      inputs: [stack, iteration],
      outputs: [own],
      attributes: { axis: 0 },
      layer: '',
    });
    return { ...port, name: name.replace(/^each\//, ''), value: stack };
  });
  inner.nodes.push(...step.nodes);
  const ownOutputs = step.outputs.filter(({ name }) => name.startsWith('next/each/'));
  const handedOn = carried.map((name) => portOf(step.outputs, `next/carried/${name}`));
  const body = inner.graph(
    [
      { name: 'iteration', value: iteration },
      { name: 'going', value: going },
      ...carried.map((name) => ({ name, value: portOf(step.inputs, `carried/${name}`) })),
    ],
    [
      { name: 'goes on', value: inner.unary('Identity', going) },
      ...handedOn.map((value, i) => ({ name: `next/${carried[i]}`, value })),
      ...ownOutputs,
    ],
  );

  const outer = new OnnxBuilder(values);
  const start = carried.map((name) => ({
    name,
    value: values.value(portOf(step.inputs, `carried/${name}`)),
  }));
  const count = outer.node('Shape', [stacks[0].value], { shape: [1], dtype: 'int64' }, { start: 0, end: 1 });
  const outputs = [
    ...start.map(({ name, value }) => ({ name: `next/${name}`, value: values.value(value) })),
    ...ownOutputs.map(({ name, value }) => ({
      name: name.slice('next/each/'.length),
      value: stacked(value),
    })),
  ];
  outer.nodes.push({
    op: 'Loop',
    domain: '',
    inputs: [outer.reshape(count, []), null, ...start.map(({ value }) => value)],
    outputs: outputs.map(({ value }) => value),
    attributes: {},
    layer: '',
    body,
  });
  return { graph: outer.graph([...start, ...stacks], outputs), dimensions };
}
