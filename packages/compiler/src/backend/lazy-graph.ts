import type { Attributes } from '../graph.ts';
import { isList, listOf, type AnyKernel } from '../kernels/kernel.ts';
import { formatType, type TensorData } from '../tensor-type.ts';
import { cutRunner } from './cut-runner.ts';
import { andThen, orElse, type Eventually, type GraphRuntime } from './graph-runtime.ts';
import type { LazyValue } from './lazy-value.ts';
import { cutOf, neededFor, pendingNode, type PendingNode } from './pending-graph.ts';
import { recordedStep, type RecordedStep } from './recorded-step.ts';

/** Recorded nodes after which they run even though nobody has asked for a value, so that memory stays bounded. */
const mostPending = 5000;

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
  /** Runs everything that some tensor still waits for. What fails is told to whoever reads it. */
  flush(): Eventually<void>;
  /**
   * Makes a step of all that is recorded and has not run, which goes on to run by itself as ever.
   * @param inputs values that will be others when the step is taken again; `undefined` for what no graph holds.
   * @returns `undefined` where the runtime is asynchronous, where tensors wait for more than `outputs`, or where the step
   *   reads what could not be computed.
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

/**
 * A graph of calls that is cut and run on `runtime` whenever an element is asked for.
 * @param afterRun is called when everything that was recorded has run, or failed.
 */
export function lazyGraph(runtime: GraphRuntime, afterRun: () => void): LazyGraph {
  const runner = cutRunner(runtime);
  let pending: PendingNode[] = [];

  const forget = (nodes: readonly PendingNode[]): void => {
    for (const { inputs } of nodes) {
      for (const input of inputs) {
        if (input === null) continue;
        input.readers--;
        runner.freeIfUnread(input);
      }
    }
  };

  const awaited = (): LazyValue[] =>
    pending.flatMap(({ outputs }) =>
      outputs.filter((output) => output.tensors > 0 && output.producer !== undefined),
    );

  const runTogether = (outputs: readonly LazyValue[], recorded: readonly PendingNode[]): Eventually<void> =>
    runner.run(runner.plan(neededFor(outputs, recorded), outputs));

  /** Runs what each value takes by itself, since together they failed: only those at fault, and what reads them, have none. */
  const runApart = (outputs: readonly LazyValue[], recorded: readonly PendingNode[]): Eventually<void> => {
    let done: Eventually<void> = undefined;
    for (const output of outputs) {
      done = andThen(done, () => {
        const cut = cutOf(neededFor([output], recorded), [output]);
        return orElse(
          () => runner.run({ cut, tail: undefined }),
          (error) => {
            const inherited = cut.inputs.find(({ failure }) => failure !== undefined);
            runner.settle(output, { failure: inherited?.failure ?? failureOf(output, runtime, error) });
          },
        );
      });
    }
    return done;
  };

  const flush = (): Eventually<void> => {
    const outputs = awaited();
    const recorded = pending;
    pending = [];
    const done = orElse(
      () => runTogether(outputs, recorded),
      () => runApart(outputs, recorded),
    );
    const finished = andThen(done, () => {
      forget(recorded);
      afterRun();
    });
    if (!(finished instanceof Promise)) return;
    // What is recorded meanwhile may read the results.
    for (const output of outputs) {
      output.arriving = finished;
      output.producer = undefined;
    }
    return finished;
  };

  return {
    record(kernel, inputs, attributes) {
      const types = kernel.infer(inputs, attributes);
      const node = pendingNode(kernel, inputs, attributes as Attributes, listOf(types));
      if (pending.length >= mostPending) void flush();
      pending.push(node);
      return isList(types) ? node.outputs : node.outputs[0];
    },
    flush,
    recordedStep(inputs, outputs) {
      if (!runtime.isSynchronous) return undefined;
      const wanted = new Set(outputs);
      if (awaited().some((value) => !wanted.has(value))) return undefined;
      const nodes = neededFor(outputs, pending);
      const isFailure = (value: LazyValue | null): boolean => value?.failure !== undefined;
      if (nodes.some((node) => node.inputs.some(isFailure))) return undefined;
      return recordedStep(nodes, inputs, outputs, runner);
    },
    elements(value) {
      if (value.producer !== undefined) void flush();
      return andThen(value.arriving as Eventually<void>, () => {
        if (value.failure !== undefined) throw value.failure;
        if (value.data === undefined)
          throw new Error(
            `Cannot read a tensor of ${formatType(value)}: it has been disposed of while it was computed.`,
          );
        // The caller may keep the array, so it can't serve another value later; the arena's must.
        // So can one that a recorded node is still to read, since the caller may change it.
        if (runner.isLent(value.data) || value.readers > 0) return value.data.slice();
        value.owned = false;
        return value.data;
      });
    },
    release(value) {
      value.tensors--;
      runner.freeIfUnread(value);
    },
    counts: () => ({ ...runner.counts(), pending: pending.length }),
    close: () => {
      runner.close();
      pending = [];
    },
  };
}

/** What a reader is told of a value that could not be computed. */
function failureOf(value: LazyValue, runtime: GraphRuntime, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(
    `Cannot compute a tensor of ${formatType(value)} on ${runtime.name}, which says: ${reason.trim()}`,
    { cause: error },
  );
}
