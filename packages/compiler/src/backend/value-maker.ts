import { formatType } from '../tensor-type.ts';
import type { CutRunner } from './cut-runner.ts';
import { explainIndex, kernelAtFault } from './explain-index.ts';
import { andThen, orElse, type Eventually, type GraphRuntime } from './graph-runtime.ts';
import type { LazyValue } from './lazy-value.ts';
import { cutOf, neededFor, type Cut, type PendingNode } from './pending-graph.ts';

/** Recorded nodes of the kernel that has failed of which each is tried by itself. */
const mostSuspects = 16;

/**
 * Makes values of recorded nodes, all together; where that fails, all but those that cannot be made, which are told why.
 * @param outputs the values.
 * @param recorded all nodes that it takes, in order.
 */
export type MakeValues = (
  outputs: readonly LazyValue[],
  recorded: readonly PendingNode[],
) => Eventually<void>;

/** @param runtime that of `runner`. */
export function valueMaker(runner: CutRunner, runtime: GraphRuntime): MakeValues {
  const runTogether: MakeValues = (outputs, recorded) =>
    runner.run(runner.plan(neededFor(outputs, recorded), outputs));

  /** Runs what each value takes by itself, since together they failed: only those at fault, and what reads them, have none. */
  const runEach: MakeValues = (outputs, recorded) => {
    let done: Eventually<void> = undefined;
    for (const output of outputs) {
      done = andThen(done, () => {
        const cut = cutOf(neededFor([output], recorded), [output]);
        return orElse(
          () => runner.runCut(cut),
          (error) => {
            runner.settle(output, { failure: failureOf(output, cut, error) });
          },
        );
      });
    }
    return done;
  };

  /** Tries nodes by themselves. Gives those that ran; what the others would have made is lost. */
  const tryEach = (
    suspects: readonly PendingNode[],
    recorded: readonly PendingNode[],
    lost: Map<LazyValue, Error>,
  ): Eventually<ReadonlySet<PendingNode>> => {
    const ran = new Set<PendingNode>();
    let done: Eventually<void> = undefined;
    for (const suspect of suspects) {
      done = andThen(done, () => {
        const cut = cutOf(neededFor(suspect.outputs, recorded), suspect.outputs);
        return orElse(
          () => andThen(runner.runCut(cut), () => void ran.add(suspect)),
          (cause) => {
            for (const output of suspect.outputs) lost.set(output, failureOf(output, cut, cause));
          },
        );
      });
    }
    return andThen(done, () => ran);
  };

  /**
   * Makes what can be made of values that failed together. The runtime says which kernel failed: what takes its results is
   * lost without a run, and the rest runs together, which is one graph instead of one for each value.
   */
  const runApart = (
    outputs: readonly LazyValue[],
    recorded: readonly PendingNode[],
    error: unknown,
  ): Eventually<void> => {
    const name = kernelAtFault(error);
    // Some kernels name their cases: `GatherV2 by batches`.
    const suspects = recorded.filter(({ kernel }) => name?.split(' ')[0] === kernel.name);
    const lost = new Map<LazyValue, Error>();
    const tried = suspects.length > mostSuspects ? [] : suspects;
    return andThen(tryEach(tried, recorded, lost), (ran) => {
      for (const { inputs, outputs: made } of recorded) {
        const reason = inputs.map((input) => input && (lost.get(input) ?? input.failure)).find(Boolean);
        if (reason) for (const output of made) lost.set(output, reason);
      }
      const rest = recorded.filter((node) => !ran.has(node) && !node.outputs.some((it) => lost.has(it)));
      const awaited = outputs.filter(({ data }) => data === undefined);
      for (const output of awaited) {
        const failure = lost.get(output);
        if (failure !== undefined) runner.settle(output, { failure });
      }
      const sound = awaited.filter((output) => !lost.has(output));
      // Fewer each time.
      if (lost.size === 0) return runEach(sound, rest);
      return orElse(
        () => runTogether(sound, rest),
        (again) => runApart(sound, rest, again),
      );
    });
  };

  /** What a reader is told of a value that could not be computed. */
  const failureOf = (value: LazyValue, { inputs }: Cut, error: unknown): Error =>
    inputs.find(({ failure }) => failure !== undefined)?.failure ?? tellFailure(value, runtime, error);

  return (outputs, recorded) =>
    orElse(
      () => runTogether(outputs, recorded),
      (error) => runApart(outputs, recorded, error),
    );
}

/** What a reader is told of a value that could not be computed. */
function tellFailure(value: LazyValue, runtime: GraphRuntime, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const index = explainIndex(reason);
  if (index !== undefined)
    return new RangeError(`Cannot run ${index.subject} on ${runtime.name}: its ${index.rule}.`, {
      cause: error,
    });
  return new Error(
    `Cannot compute a tensor of ${formatType(value)} on ${runtime.name}, which says: ${reason.trim()}`,
    { cause: error },
  );
}
