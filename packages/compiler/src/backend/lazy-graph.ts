import type { Attributes } from '../graph.ts';
import { isList, listOf, type AnyKernel } from '../kernels/kernel.ts';
import { formatType, type TensorData } from '../tensor-type.ts';
import { cutRunner } from './cut-runner.ts';
import { andThen, type Eventually, type GraphRuntime } from './graph-runtime.ts';
import { isRead, type LazyValue } from './lazy-value.ts';
import { neededFor, pendingNode, type PendingNode } from './pending-graph.ts';
import { placeToCut } from './periodic-cut.ts';
import { recordedStep, type RecordedStep } from './recorded-step.ts';
import { valueMaker } from './value-maker.ts';

/** Recorded nodes after which they run even though nobody has asked for a value, so that memory stays bounded. */
const mostPending = 5000;

/**
 * The same in a step of a training, which is to stay whole: some 700 steps of an LSTM, forward and back. Such a graph takes
 * onnxruntime a quarter of a minute to load, and one of 1,000 steps more than a minute.
 */
const mostPendingInStep = 65_000;

/** Bytes of elements that nothing but recorded nodes holds, after which these run. */
const mostHeldBytes = 256 * 2 ** 20;

/**
 * Recorded nodes after which a loop is looked for, to run its turns some at a time by one graph. Larger graphs are no
 * faster, and take longer to compile.
 */
const fewestOfLoop = 256;

export interface LazyGraphOptions {
  /**
   * Called when everything that is recorded goes on to run, and gives what is to be called when all of it, and of the runs
   * before, has run or failed.
   */
  readonly beginRun: () => () => void;
  /** Whether a gradient or a step of a training is being recorded, which is to run as a whole unless it is very large. */
  readonly isInStep: () => boolean;
  /** Whether one of these has been recorded that has not run: what comes now may belong to it. */
  readonly isAfterStep: () => boolean;
  /** Whether variables were given values that they keep only if all that was recorded with these can be computed. */
  readonly isInDoubt: () => boolean;
}

/** Counts of what has happened since the backend was made. */
export interface LazyCounts {
  /** Runs of a model. */
  runs: number;
  /** Models compiled. */
  compiled: number;
  /** Models that are loaded now. */
  loaded: number;
  /** Loops compiled that do the end of train steps. */
  loops: number;
  /** Kernels recorded that have not run. */
  pending: number;
  /** Bytes of arrays that wait to be used again. */
  pooledBytes: number;
}

/** Kernels that were called and have not run, and how they come to run. */
export interface LazyGraph {
  /** Records a call of a kernel. Gives a list where the kernel infers one. */
  record(
    kernel: AnyKernel,
    inputs: readonly (LazyValue | null)[],
    attributes: object,
  ): LazyValue | readonly LazyValue[];
  /**
   * Runs everything that some tensor still waits for, and is done when that and all that ran before is. What fails is told
   * to whoever reads it.
   */
  flush(): Eventually<void>;
  /**
   * Makes a step of all that is recorded and has not run, which goes on to run by itself as ever.
   * @param inputs values that will be others when the step is taken again; `undefined` for what no graph holds.
   * @returns `undefined` where the runtime is asynchronous, where tensors wait for more than `outputs`, or where the step
   *   reads what could not be computed, or one value by two inputs.
   */
  recordedStep(
    inputs: readonly (LazyValue | undefined)[],
    outputs: readonly LazyValue[],
  ): RecordedStep | undefined;
  /**
   * The elements of a value, after what it takes to make them.
   * @throws Error where the runtime fails, with its message; everything that does not depend on it can still be read.
   */
  elements(value: LazyValue): Eventually<TensorData>;
  /** Tells that one tensor less stands for a value. */
  release(value: LazyValue): void;
  counts(): LazyCounts;
  close(): void;
}

/** A graph of calls that is cut and run on `runtime` when an element is asked for, and when much is recorded. */
export function lazyGraph(
  runtime: GraphRuntime,
  { beginRun, isInStep, isAfterStep, isInDoubt }: LazyGraphOptions,
): LazyGraph {
  const runner = cutRunner(runtime);
  const make = valueMaker(runner, runtime);
  const pending = new Set<PendingNode>();
  /** At least the bytes of elements that nothing but recorded nodes holds. */
  let heldBytes = 0;
  /** Recorded nodes after which a loop is looked for the next time. */
  let nextSearch = fewestOfLoop;
  /** Whether a part of what was recorded has run by itself, so that a step of a training may be half done. */
  let isCut = false;
  /** Done when nothing runs any more, where the runtime works asynchronously. Never rejected. */
  let running: Promise<void> | undefined;

  const forget = (nodes: readonly PendingNode[]): void => {
    for (const { inputs } of nodes) {
      for (const input of inputs) {
        if (input === null) continue;
        input.readers--;
        runner.freeIfUnread(input);
      }
    }
  };

  /** What is wanted of nodes: what tensors stand for, and what is read later. */
  const awaited = (nodes: readonly PendingNode[], readLater: ReadonlySet<LazyValue>): LazyValue[] =>
    nodes.flatMap(({ outputs }) => outputs.filter((output) => output.tensors > 0 || readLater.has(output)));

  /** Runs the nodes that were recorded first. */
  const runFirst = (count: number): Eventually<void> => {
    const all = [...pending];
    const [recorded, rest] = [all.slice(0, count), all.slice(count)];
    isCut = rest.length > 0;
    const endRun = isCut ? undefined : beginRun();
    const outputs = awaited(recorded, valuesRead(rest));
    for (const node of recorded) pending.delete(node);
    heldBytes = bytesHeldBy(rest);
    nextSearch = fewestOfLoop;
    const done = make(outputs, recorded);
    const before = running;
    const finished = andThen(done, () => {
      forget(recorded);
      if (endRun !== undefined) return andThen(before, endRun);
    });
    if (!(finished instanceof Promise)) return running;
    // What is recorded meanwhile may read the results.
    for (const output of outputs) {
      output.arriving = finished;
      output.producer = undefined;
    }
    running = finished.then(() => before);
    return running;
  };

  const handOut = (value: LazyValue): TensorData => {
    if (value.failure !== undefined) throw value.failure;
    const data = value.data!;
    // The caller may keep the array, so it can't serve another value later; the arena's must.
    // So can one that a recorded node is still to read, since the caller may change it.
    // An array full of one number may serve other values, too.
    if (runner.isLent(data) || value.readers > 0 || value.uniform !== undefined) return data.slice();
    value.owned = false;
    value.isHandedOut = true;
    return data;
  };

  const flush = (): Eventually<void> => runFirst(pending.size);

  const isTooMuch = (): boolean => {
    if (pending.size > mostPending && (pending.size > mostPendingInStep || !isInStep())) return true;
    if (heldBytes <= mostHeldBytes) return false;
    heldBytes = bytesHeldBy(pending);
    // Half of it, so that it is not added up again and again.
    return heldBytes > mostHeldBytes / 2;
  };

  /**
   * Runs some of what is recorded if it is much, but never the last node: nothing stands for its results yet. Of a step that
   * is too large to stay whole not too much at once, since large graphs take long to load.
   */
  const makeRoom = (): void => {
    const mustRun = isTooMuch();
    if (!mustRun && (pending.size <= nextSearch || isInStep() || isAfterStep())) return;
    do {
      const some = [...pending].slice(0, Math.min(pending.size - 1, mostPending));
      const place = placeToCut(some);
      if (place > 0) void runFirst(place);
      else if (mustRun) void runFirst(some.length);
      else nextSearch = 2 * pending.size;
    } while (pending.size > mostPending + 1);
  };

  /** Forgets nodes whose results nobody reads any longer, beginning with the one that makes `value`. */
  const discard = (value: LazyValue): void => {
    const unread = [value];
    for (let next = unread.pop(); next !== undefined; next = unread.pop()) {
      if (next.producer === undefined) runner.freeIfUnread(next);
      else if (!next.producer.outputs.some(isRead) && pending.delete(next.producer)) {
        for (const input of next.producer.inputs) {
          if (input === null) continue;
          input.readers--;
          unread.push(input);
        }
      }
    }
  };

  const release = (value: LazyValue): void => {
    value.tensors--;
    if (!isRead(value)) discard(value);
    else if (value.tensors === 0) heldBytes += value.data?.byteLength ?? 0;
  };

  return {
    record(kernel, inputs, attributes) {
      const types = kernel.infer(inputs, attributes);
      for (const input of inputs) if (input?.isHandedOut) keepElements(input);
      const node = pendingNode(kernel, inputs, attributes as Attributes, listOf(types));
      pending.add(node);
      makeRoom();
      return isList(types) ? node.outputs : node.outputs[0];
    },
    flush,
    recordedStep(inputs, outputs) {
      if (!runtime.isSynchronous) return undefined;
      const wanted = new Set(outputs);
      const recorded = [...pending];
      if (awaited(recorded, new Set()).some((value) => !wanted.has(value))) return undefined;
      const nodes = neededFor(outputs, recorded);
      const isFailure = (value: LazyValue | null): boolean => value?.failure !== undefined;
      if (nodes.some((node) => node.inputs.some(isFailure))) return undefined;
      return recordedStep(nodes, inputs, outputs, runner);
    },
    elements(value) {
      // Whoever has asked gets the elements, though the tensor be disposed of, or given back, before they are there.
      value.tensors++;
      const mustEnd = isCut && isInDoubt();
      const flushed = value.producer !== undefined || mustEnd ? flush() : undefined;
      const arrived = mustEnd ? flushed : value.arriving;
      if (arrived instanceof Promise) {
        return arrived
          .then(() => handOut(value))
          .finally(() => {
            release(value);
          });
      }
      try {
        return handOut(value);
      } finally {
        release(value);
      }
    },
    release,
    counts: () => ({ ...runner.counts(), pending: pending.size }),
    close: () => {
      for (const output of awaited([...pending], new Set())) {
        const failure = new Error(
          `Cannot compute a tensor of ${formatType(output)}: its backend has been removed; read what is needed before tf.removeBackend.`,
        );
        runner.settle(output, { failure });
      }
      runner.close();
      pending.clear();
    },
  };
}

/** Parts a value from the array that a program has read and may change before what is recorded of the value runs. */
function keepElements(value: LazyValue): void {
  value.data = value.data?.slice();
  value.isHandedOut = false;
}

function valuesRead(nodes: Iterable<PendingNode>): ReadonlySet<LazyValue> {
  const read = new Set<LazyValue>();
  for (const { inputs } of nodes) for (const input of inputs) if (input !== null) read.add(input);
  return read;
}

/** Bytes of the elements that nodes read and that no tensor stands for. */
function bytesHeldBy(nodes: Iterable<PendingNode>): number {
  const arrays = new Set(
    [...valuesRead(nodes)].flatMap(({ tensors, data }) => (tensors === 0 ? (data ?? []) : [])),
  );
  let bytes = 0;
  for (const { byteLength } of arrays) bytes += byteLength;
  return bytes;
}
