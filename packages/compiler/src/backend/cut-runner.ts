import type { TensorData } from '../tensor-type.ts';
import { arrayPool } from './array-pool.ts';
import { findTail, tailRunner, type ElementwiseTail } from './elementwise-tail.ts';
import { graphCache } from './graph-cache.ts';
import { andThen, orElse, type Eventually, type GraphRuntime, type RuntimeTensor } from './graph-runtime.ts';
import { isRead, knownValue, type LazyValue } from './lazy-value.ts';
import { cutOf, inputName, outputName, type Cut, type PendingNode } from './pending-graph.ts';

/** Models that stay loaded. */
const mostLoaded = 256;

/** How some values are made: a graph, and on a synchronous runtime loops after it. */
export interface Plan {
  /** All that it takes to make the outputs, in the order of recording. */
  readonly nodes: readonly PendingNode[];
  readonly outputs: readonly LazyValue[];
  /** What the graph makes. */
  readonly cut: Cut;
  /** What loops make of it, if they are given room in memory; else a graph makes all. */
  readonly tail: ElementwiseTail | undefined;
  /** What takes room in the loops' memory: what the graph makes, and what the loops read and store. */
  readonly arrays: readonly LazyValue[];
}

/** Makes values by running recorded nodes. */
export interface CutRunner {
  /**
   * Decides how values are made.
   * @param nodes all that it takes to make `outputs`, in the order of recording.
   */
  plan(nodes: readonly PendingNode[], outputs: readonly LazyValue[]): Plan;
  /**
   * Makes the outputs of a plan when everything that it reads is there.
   * @throws Error what the runtime or a missing input says; then no output is made.
   */
  run(plan: Plan): Eventually<void>;
  /** Makes the outputs of a cut by one graph, as {@link run} does. */
  runCut(cut: Cut): Eventually<void>;
  /** Gives a value its result, a value's elements or why there are none. */
  settle(output: LazyValue, result: { data: TensorData } | { failure: Error }): void;
  /** Frees the elements of a value. */
  free(value: LazyValue): void;
  /** Frees them if neither a tensor nor a recorded node reads the value. */
  freeIfUnread(value: LazyValue): void;
  /** Whether the array of a value must not be handed out, since it will be used again. */
  isLent(data: TensorData): boolean;
  counts(): { runs: number; compiled: number; loaded: number; loops: number; pooledBytes: number };
  close(): void;
}

/** @param runtime what loads and runs the graphs. */
export function cutRunner(runtime: GraphRuntime): CutRunner {
  const cache = graphCache(runtime, mostLoaded);
  const pool = arrayPool();
  const tails = tailRunner(pool);
  let runs = 0;

  const free = (value: LazyValue): void => {
    // A runtime that allocates its results itself has no use for an array.
    if (runtime.isSynchronous) pool.release(value);
    else value.data = undefined;
  };

  const freeIfUnread = (value: LazyValue): void => {
    if (!isRead(value)) free(value);
  };

  const settle: CutRunner['settle'] = (output, result) => {
    output.producer = undefined;
    output.arriving = undefined;
    output.owned = true;
    Object.assign(output, result);
    freeIfUnread(output);
  };

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
          for (const tensor of into.values()) pool.release(knownValue(tensor, tensor.data, true));
          throw error;
        },
      );
    });
  };

  const runCut = (cut: Cut): Eventually<void> => {
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

  return {
    plan(nodes, outputs) {
      const tail = runtime.isSynchronous ? findTail(nodes, new Set(outputs)) : undefined;
      if (tail === undefined || tail.nodes.size === 0 || pool.arena() === undefined) {
        return { nodes, outputs, cut: cutOf(nodes, outputs), tail: undefined, arrays: [] };
      }
      const made = outputs.filter(({ producer }) => !tail.nodes.has(producer!));
      const read = tail.reads.filter(({ producer }) => producer !== undefined);
      const rest = nodes.filter((node) => !tail.nodes.has(node));
      const cut = cutOf(rest, [...new Set([...made, ...read])]);
      return { nodes, outputs, cut, tail, arrays: [...new Set([...cut.outputs, ...tail.arrays])] };
    },
    run({ nodes, outputs, cut, tail, arrays }) {
      if (tail === undefined) return runCut(cut);
      // Each time, since other values come and go meanwhile; and for all at once, so that nothing is half done.
      if (!pool.hasRoom(arrays)) return runCut(cutOf(nodes, outputs));
      return andThen(runCut(cut), () => {
        tails.run(tail);
      });
    },
    runCut,
    settle,
    free,
    freeIfUnread,
    isLent: (data) => pool.isInArena(data),
    counts: () => ({
      runs,
      compiled: cache.compiled,
      loaded: cache.size,
      loops: tails.compiled,
      pooledBytes: pool.keptBytes,
    }),
    close: () => {
      cache.close();
    },
  };
}
