import type { Attributes } from '../graph.ts';
import { isList, listOf, type AnyKernel } from '../kernels/kernel.ts';
import { formatType, type TensorData } from '../tensor-type.ts';
import { graphCache } from './graph-cache.ts';
import {
  andThen,
  type Eventually,
  type GraphRuntime,
  type LoadedGraph,
  type RuntimeTensor,
} from './graph-runtime.ts';
import { arrayPool } from './array-pool.ts';
import { findTail, tailRunner } from './elementwise-tail.ts';
import type { LazyValue } from './lazy-value.ts';
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
  /** Runs everything that some tensor still waits for. */
  flush(): Eventually<void>;
  /**
   * The elements of a value, after what it takes to make them.
   * @throws Error when the runtime fails, with its message; everything else that waits can still be read.
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
    if (value.tensors === 0 && value.readers === 0 && value.data !== undefined) pool.release(value);
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

  /** Keeps the nodes that live tensors still need. */
  const prune = (): void => {
    const nodes = neededFor(awaited(), pending);
    const kept = new Set(nodes);
    const dropped = pending.filter((node) => !kept.has(node));
    pending = nodes;
    forget(dropped);
  };

  const awaited = (): LazyValue[] =>
    pending.flatMap(({ outputs }) =>
      outputs.filter((output) => output.tensors > 0 && output.producer !== undefined),
    );

  const run = (cut: Cut): Eventually<ReadonlyMap<string, TensorData>> => {
    if (cut.nodes.length === 0) return new Map();
    const { graph, constants } = cache.get(cut);
    const start = (loaded: LoadedGraph): Eventually<ReadonlyMap<string, TensorData>> => {
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
      return loaded.run(feeds, into);
    };
    const arrivals = cut.inputs.flatMap(({ arriving }) => arriving ?? []);
    const arrived: Eventually<unknown> = arrivals.length === 0 ? undefined : Promise.all(arrivals);
    return andThen(arrived, () => andThen(graph, start));
  };

  const receive = (cut: Cut, results: ReadonlyMap<string, TensorData>): void => {
    cut.outputs.forEach((output, position) => {
      output.data = results.get(outputName(position));
      output.owned = true;
      output.producer = undefined;
      output.arriving = undefined;
      releaseIfUnread(output);
    });
  };

  /** Runs everything that is awaited, with the end of a train step as loops. */
  const runNow = (outputs: readonly LazyValue[]): void => {
    const needed = neededFor(outputs, pending);
    const tail = findTail(needed, pool);
    const nodes = needed.filter((node) => !tail.nodes.has(node));
    const made = outputs.filter(({ producer }) => !tail.nodes.has(producer!));
    const read = tail.reads.filter(({ producer }) => producer !== undefined);
    const cut = cutOf(nodes, [...new Set([...made, ...read])]);
    receive(cut, run(cut) as ReadonlyMap<string, TensorData>);
    tails.run(tail);
    forget(pending);
    pending = [];
  };

  /** Starts to run everything that is awaited; what is recorded meanwhile may read the results. */
  const runSoon = (outputs: readonly LazyValue[]): Promise<void> => {
    const cut = cutOf(neededFor(outputs, pending), outputs);
    const done = pending;
    pending = [];
    const arriving = Promise.resolve(run(cut)).then((results) => {
      receive(cut, results);
    });
    for (const output of outputs) {
      output.arriving = arriving;
      output.producer = undefined;
    }
    // Whoever reads one of the outputs gets the error.
    arriving
      .catch(() => undefined)
      .finally(() => {
        forget(done);
      });
    return arriving;
  };

  const flush = (): Eventually<void> => {
    const outputs = awaited();
    if (outputs.length > 0) {
      if (!runtime.isSynchronous) return runSoon(outputs);
      runNow(outputs);
      return;
    }
    forget(pending);
    pending = [];
  };

  /** Runs what one value takes, and nothing more. */
  const runAlone = (value: LazyValue): void => {
    const cut = cutOf(neededFor([value], pending), [value]);
    receive(cut, run(cut) as ReadonlyMap<string, TensorData>);
    prune();
  };

  return {
    record(kernel, inputs, attributes) {
      const types = kernel.infer(inputs, attributes) as ReturnType<AnyKernel['infer']>;
      const node = pendingNode(kernel, inputs, attributes as Attributes, listOf(types));
      if (pending.length >= mostPending) void flush();
      pending.push(node);
      return isList(types) ? node.outputs : node.outputs[0];
    },
    flush,
    elements(value) {
      if (value.producer !== undefined) {
        try {
          void flush();
        } catch {
          // Something else that waits may be at fault.
          runAlone(value);
        }
      }
      return andThen(value.arriving as Eventually<void>, () => {
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
