import type { Attributes } from '../graph.ts';
import { isList, listOf, type AnyKernel } from '../kernels/kernel.ts';
import { formatType, type TensorData } from '../tensor-type.ts';
import { graphCache } from './graph-cache.ts';
import { andThen, orElse, type Eventually, type GraphRuntime, type RuntimeTensor } from './graph-runtime.ts';
import { arrayPool } from './array-pool.ts';
import { findTail, tailRunner } from './elementwise-tail.ts';
import { knownValue, type LazyValue } from './lazy-value.ts';
import {
  cutOf,
  neededFor,
  inputName,
  outputName,
  pendingNode,
  type Cut,
  type PendingNode,
} from './pending-graph.ts';

/** Recorded nodes after which they run even though nobody has asked for a value, so that memory stays bounded. */
const mostPending = 5000;

/** Models that stay loaded. */
const mostLoaded = 256;

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
   * The elements of a value, after what it takes to make them.
   * @throws Error where the runtime fails, with its message; everything that does not depend on it can still be read.
   */
  elements(value: LazyValue): Eventually<TensorData>;
  /** Tells that one tensor less stands for a value. */
  release(value: LazyValue): void;
  counts(): LazyCounts;
  close(): void;
}

/** A graph of calls that is cut and run on `runtime` whenever an element is asked for. */
export function lazyGraph(runtime: GraphRuntime): LazyGraph {
  const cache = graphCache(runtime, mostLoaded);
  const pool = arrayPool();
  const tails = tailRunner(pool);
  let pending: PendingNode[] = [];
  let runs = 0;

  const releaseIfUnread = (value: LazyValue): void => {
    if (value.tensors > 0 || value.readers > 0 || value.data === undefined) return;
    // A runtime that allocates its results itself has no use for an array.
    if (runtime.isSynchronous) pool.release(value);
    else value.data = undefined;
  };

  const forget = (nodes: readonly PendingNode[]): void => {
    for (const { inputs } of nodes) {
      for (const input of inputs) {
        if (input === null) continue;
        input.readers--;
        releaseIfUnread(input);
      }
    }
  };

  const awaited = (): LazyValue[] =>
    pending.flatMap(({ outputs }) =>
      outputs.filter((output) => output.tensors > 0 && output.producer !== undefined),
    );

  const start = (cut: Cut): Eventually<ReadonlyMap<string, TensorData>> => {
    for (const { failure } of cut.inputs) if (failure !== undefined) throw failure;
    const { graph, constants } = cache.get(cut);
    return andThen(graph, (loaded) => {
      const feeds = new Map<string, RuntimeTensor>();
      cut.inputs.forEach((input, position) => {
        if (!constants.has(position)) feeds.set(inputName(position), input as RuntimeTensor);
      });
      const into = new Map<string, RuntimeTensor>();
      cut.outputs.forEach(({ shape, dtype }, position) => {
        const data = runtime.isSynchronous ? pool.take({ shape, dtype }) : undefined;
        if (data !== undefined) into.set(outputName(position), { shape, dtype, data });
      });
      runs++;
      return orElse(
        () => loaded.run(feeds, into),
        (error) => {
          for (const tensor of into.values()) pool.release(knownValue(tensor, tensor.data));
          throw error;
        },
      );
    });
  };

  /** Runs a cut when everything that it reads is there. */
  const run = (cut: Cut): Eventually<void> => {
    if (cut.nodes.length === 0) return;
    const arrivals = new Set(cut.inputs.flatMap(({ arriving }) => arriving ?? []));
    const arrived: Eventually<unknown> = arrivals.size === 0 ? undefined : Promise.all(arrivals);
    return andThen(
      andThen(arrived, () => start(cut)),
      (results) => {
        cut.outputs.forEach((output, position) => {
          settle(output, { data: results.get(outputName(position))! });
        });
      },
    );
  };

  const settle = (output: LazyValue, result: { data: TensorData } | { failure: Error }): void => {
    output.producer = undefined;
    output.arriving = undefined;
    output.owned = true;
    Object.assign(output, result);
    releaseIfUnread(output);
  };

  /** Runs everything at once, on a synchronous runtime with the end of a train step as loops. */
  const runTogether = (outputs: readonly LazyValue[], recorded: readonly PendingNode[]): Eventually<void> => {
    const needed = neededFor(outputs, recorded);
    if (!runtime.isSynchronous) return run(cutOf(needed, outputs));
    const tail = findTail(needed, pool);
    const nodes = needed.filter((node) => !tail.nodes.has(node));
    const made = outputs.filter(({ producer }) => !tail.nodes.has(producer!));
    const read = tail.reads.filter(({ producer }) => producer !== undefined);
    return andThen(run(cutOf(nodes, [...new Set([...made, ...read])])), () => {
      tails.run(tail);
    });
  };

  /** Runs what each value takes by itself, since together they failed: only those at fault, and what reads them, have none. */
  const runApart = (outputs: readonly LazyValue[], recorded: readonly PendingNode[]): Eventually<void> => {
    let done: Eventually<void> = undefined;
    for (const output of outputs) {
      done = andThen(done, () => {
        const cut = cutOf(neededFor([output], recorded), [output]);
        return orElse(
          () => run(cut),
          (error) => {
            const inherited = cut.inputs.find(({ failure }) => failure !== undefined);
            settle(output, { failure: inherited?.failure ?? failureOf(output, runtime, error) });
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
    elements(value) {
      if (value.producer !== undefined) void flush();
      return andThen(value.arriving as Eventually<void>, () => {
        if (value.failure !== undefined) throw value.failure;
        if (value.data === undefined)
          throw new Error(
            `Cannot read a tensor of ${formatType(value)}: it has been disposed of while it was computed.`,
          );
        // The caller may keep the array, so it can't serve another value later; the arena's must.
        if (pool.isInArena(value.data)) return value.data.slice();
        value.owned = false;
        return value.data;
      });
    },
    release(value) {
      value.tensors--;
      releaseIfUnread(value);
    },
    counts: () => ({
      runs,
      compiled: cache.compiled,
      loaded: cache.size,
      loops: tails.compiled,
      pending: pending.length,
      pooledBytes: pool.keptBytes,
    }),
    close: () => {
      cache.close();
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
