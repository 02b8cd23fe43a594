import type { TensorData } from '../tensor-type.ts';
import type { CutRunner } from './cut-runner.ts';
import { knownValue, pendingValue, type LazyValue } from './lazy-value.ts';
import { pendingNode, type PendingNode } from './pending-graph.ts';

/** Recorded nodes that can run again on other inputs, without being recorded again. */
export interface RecordedStep {
  /** Positions, among the inputs that the step was recorded with, of those that it reads. */
  readonly reads: readonly number[];
  /**
   * Takes the step.
   * @param inputs the values for `reads`, in that order and of the types that were recorded. Everything recorded has run.
   * @returns new values for the outputs that the step was recorded with, or `undefined` where it cannot be taken, since an
   *   input has no elements or the runtime fails; then nothing has changed.
   */
  take(inputs: readonly LazyValue[]): LazyValue[] | undefined;
  /** Frees what the step holds; it can't be taken any more. */
  close(): void;
}

/**
 * Makes a step of recorded nodes, on values of its own: what was recorded may run and be forgotten as ever. Elements that
 * the nodes read and that are not among `inputs` are the step's constants.
 *
 * @param nodes all that it takes to make `outputs`, in the order of recording; they have not run.
 * @param runner of a synchronous runtime.
 * @returns `undefined` where two inputs that the nodes read are one value.
 */
export function recordedStep(
  nodes: readonly PendingNode[],
  inputs: readonly (LazyValue | undefined)[],
  outputs: readonly LazyValue[],
  runner: CutRunner,
): RecordedStep | undefined {
  const own = ownNodes(nodes, inputs, outputs);
  if (own === undefined) return undefined;
  const { copies, places, constants, results } = own;
  const wanted = new Set(results);
  // In the order in which they were recorded, as the graph has them that ran when they were.
  const made = copies.flatMap((copy) => copy.outputs.filter((output) => wanted.has(output)));
  for (const result of made) result.tensors++;
  const plan = runner.plan(copies, made);
  const between = plan.cut.outputs.filter((value) => !made.includes(value));

  return {
    reads: places.map(({ position }) => position),
    take(given) {
      if (given.some(({ data, failure }) => data === undefined || failure !== undefined)) return undefined;
      const before = given.map(({ data }) => data);
      places.forEach(({ place }, i) => {
        const { data, uniform, owned } = given[i];
        Object.assign(place, { data, uniform, owned });
      });
      try {
        // Synchronous, as the runtime is.
        void runner.run(plan);
      } catch {
        for (const result of made) runner.free(result);
        return undefined;
      } finally {
        places.forEach(({ place }, i) => {
          // Loops move what they read to where they can reach it, for good: once for each place that one value has.
          const isMoved = place.data !== before[i];
          if (isMoved && given[i].data === before[i])
            Object.assign(given[i], { data: place.data, owned: true });
          else if (isMoved) runner.free(place);
          place.data = undefined;
        });
        for (const value of between) runner.free(value);
      }
      const taken = new Map<LazyValue, LazyValue>(places.map(({ place }, i) => [place, given[i]]));
      for (const result of made) {
        taken.set(result, knownValue(result, result.data!, true));
        result.data = undefined;
      }
      return results.map((result) => taken.get(result) ?? result);
    },
    close() {
      for (const constant of constants) runner.free(constant);
    },
  };
}

/** A step's nodes on values of its own. */
interface OwnNodes {
  readonly copies: readonly PendingNode[];
  /** Values for the inputs that the nodes read, each with the input's position. */
  readonly places: readonly { readonly position: number; readonly place: LazyValue }[];
  /** Values for whatever else they read. */
  readonly constants: readonly LazyValue[];
  /** Values for the outputs. */
  readonly results: readonly LazyValue[];
}

/** Copies nodes. A function of its own, so that what a step keeps does not keep the originals. */
function ownNodes(
  nodes: readonly PendingNode[],
  inputs: readonly (LazyValue | undefined)[],
  outputs: readonly LazyValue[],
): OwnNodes | undefined {
  const positions = new Map(inputs.map((value, position) => [value, position]));
  const own = new Map<LazyValue, LazyValue>();
  const places: { position: number; place: LazyValue }[] = [];
  const constants: LazyValue[] = [];
  const ownOf = (value: LazyValue): LazyValue => {
    const known = own.get(value);
    if (known !== undefined) return known;
    const position = positions.get(value);
    const constant = position === undefined ? constantOf(value) : undefined;
    const place = constant === undefined ? pendingValue(value, undefined) : knownValue(value, constant);
    Object.assign(place, { uniform: value.uniform, isVariable: value.isVariable });
    // So that it is never taken for done with.
    place.tensors++;
    if (position === undefined) constants.push(place);
    else places.push({ position, place });
    own.set(value, place);
    return place;
  };
  const copies = nodes.map((node) => {
    const read = node.inputs.map((input) => input && ownOf(input));
    const copy = pendingNode(node.kernel, read, node.attributes, node.outputs);
    node.outputs.forEach((output, i) => own.set(output, copy.outputs[i]));
    return copy;
  });
  const results = outputs.map(ownOf);
  // Two inputs of one value may have two next time.
  if (places.some(({ position }) => inputs.indexOf(inputs[position]) !== position)) return undefined;
  return { copies, places, constants, results };
}

/** Elements that stay as they are: nobody changes an array full of one number, unless the pool has it back. */
function constantOf({ data, uniform, owned }: LazyValue): TensorData {
  return uniform === undefined || owned ? data!.slice() : data!;
}
