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
import { arrayPool, type LazyValue } from './lazy-value.ts';
import { cutOut, inputName, outputName, pendingNode, type Cut, type PendingNode } from './pending-graph.ts';

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
    const { nodes } = cutOut(pending, awaited());
    const kept = new Set(nodes);
    const dropped = pending.filter((node) => !kept.has(node));
    pending = [...nodes];
    forget(dropped);
  };

  const awaited = (): LazyValue[] =>
    pending.flatMap(({ outputs }) =>
      outputs.filter((output) => output.tensors > 0 && output.producer !== undefined),
    );

  const run = (cut: Cut): Eventually<ReadonlyMap<string, TensorData>> => {
    const { graph, constants } = cache.get(cut);
    const start = (loaded: LoadedGraph): Eventually<ReadonlyMap<string, TensorData>> => {
      const feeds = new Map<string, RuntimeTensor>();
      cut.inputs.forEach((input, position) => {
        if (!constants.has(position)) feeds.set(inputName(position), input as RuntimeTensor);
      });
      const into = new Map<string, RuntimeTensor>();
      cut.outputs.forEach(({ shape, dtype }, position) => {
        const data = pool.take({ shape, dtype });
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

  /** Runs a cut; what is in it no longer waits. */
  const runAll = (cut: Cut): Eventually<void> => {
    const results = run(cut);
    const done = pending;
    pending = [];
    if (!(results instanceof Promise)) {
      receive(cut, results);
      forget(done);
      return;
    }
    const arriving = results.then(
      (values) => {
        receive(cut, values);
        forget(done);
      },
      (error: unknown) => {
        forget(done);
        throw error;
      },
    );
    // Whoever reads one of the outputs gets the error.
    arriving.catch(() => undefined);
    for (const output of cut.outputs) {
      output.arriving = arriving;
      output.producer = undefined;
    }
    return arriving;
  };

  const flush = (): Eventually<void> => {
    const outputs = awaited();
    if (outputs.length > 0) return runAll(cutOut(pending, outputs));
    forget(pending);
    pending = [];
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
          // Something else that waits may be at fault: run what this value takes, and nothing more.
          receive(cutOut(pending, [value]), run(cutOut(pending, [value])) as ReadonlyMap<string, TensorData>);
          prune();
        }
      }
      return andThen(value.arriving as Eventually<void>, () => {
        if (value.data === undefined)
          throw new Error(
            `Cannot read a tensor of ${formatType(value)}: it has been disposed of while it was computed.`,
          );
        // The caller may keep the array, so it can't serve another value later.
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
      pending: pending.length,
      pooledBytes: pool.keptBytes,
    }),
    close: () => {
      cache.close();
      pending = [];
    },
  };
}
