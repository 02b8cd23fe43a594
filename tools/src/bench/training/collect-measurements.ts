import type { Measurement } from './bench-document.ts';
import { estimateSeconds, reasonToSkip, type Limits } from './foresee-job.ts';
import type { PlannedJob } from './plan-jobs.ts';
import { runChild } from './run-child.ts';

export interface CollectOptions extends Limits {
  /** Longest time for one child. */
  readonly timeoutMs: number;
  /** Aborted when no more is to be measured: the child at work is ended, and what it was to measure isn't given out. */
  readonly ending: AbortController;
  /** Told in one line what is done and how long the rest will take. */
  readonly onProgress: (line: string) => void;
}

/**
 * Runs jobs one after the other, each in a process of its own. One that fails says why in its measurement and stops no
 * other; those that aren't worth their time are left out with the reason. Each is given out as soon as it is there.
 */
export async function* collectMeasurements(
  plan: readonly PlannedJob[],
  { timeoutMs, ending, onProgress, ...limits }: CollectOptions,
): AsyncGenerator<Measurement> {
  const measurements: Measurement[] = [];
  for (const [i, planned] of plan.entries()) {
    const { peer, round, job } = planned;
    const left = plan
      .slice(i)
      .filter((one) => reasonToSkip(one, measurements, limits) === undefined)
      .reduce((sum, one) => sum + estimateSeconds(one, measurements), 0);
    const reason = reasonToSkip(planned, measurements, limits);
    onProgress(
      `${i + 1}/${plan.length} ${job.kind} ${job.model} ${peer.id}, ${job.threads} thread${job.threads === 1 ? '' : 's'}, round ${round}` +
        `${reason === undefined ? '' : `: left out, ${Object.values(reason).join()}`}; about ${Math.ceil(left / 60)} min left`,
    );
    const outcome = reason ?? (await runChild(peer.command, job, { timeoutMs, ending }));
    if (ending.signal.aborted) return;
    if (reason === undefined && 'failure' in outcome) onProgress(`  failed: ${outcome.failure}`);
    const measurement = { peer: peer.id, round, job, ...outcome };
    measurements.push(measurement);
    yield measurement;
  }
}
