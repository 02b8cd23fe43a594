import { BenchError } from '../bench-error.ts';
import type { BenchDocument, Measurement } from './bench-document.ts';

/**
 * A sitting in which a part was measured anew: what has the same peer, kind, model and threads is replaced, the rest stays.
 * A peer that gives no answer any more keeps those that it gave before. Date and machine are those of the newer part, and
 * its command is added; where nothing of it is taken, the earlier sitting is returned as it was.
 * @throws BenchError if the two can't stand beside each other, see `checkComparable`.
 */
export function updateDocument(earlier: BenchDocument, later: BenchDocument): BenchDocument {
  checkComparable(earlier, later);
  const answered = ({ measurements }: BenchDocument): ReadonlySet<string> =>
    new Set(measurements.filter(({ answer }) => answer !== undefined).map(subjectOf));
  const [before, now] = [answered(earlier), answered(later)];
  const taken = later.measurements.filter((one) => now.has(subjectOf(one)) || !before.has(subjectOf(one)));
  if (taken.length === 0) return earlier;
  const replaced = new Set(taken.map(subjectOf));
  return {
    ...later,
    command: `${earlier.command}\`, then \`${later.command}`,
    seconds: earlier.seconds + later.seconds,
    measurements: [...earlier.measurements.filter((one) => !replaced.has(subjectOf(one))), ...taken],
  };
}

/**
 * @throws BenchError (exit code 2) if one sitting's times can't stand beside the other's: they are of different machines, of
 * different numbers of threads, or of quick and full runs.
 */
export function checkComparable(
  earlier: Pick<BenchDocument, 'machine' | 'settings'>,
  later: Pick<BenchDocument, 'machine' | 'settings'>,
): void {
  const conditions = ({ machine, settings }: typeof earlier): readonly string[] => [
    `${machine.cpu}, ${machine.cores} cores`,
    `--threads=${settings.threads}`,
    settings.quick ? '--quick' : 'full length, without --quick',
  ];
  const [before, now] = [earlier, later].map(conditions);
  const i = before.findIndex((condition, k) => condition !== now[k]);
  if (i < 0) return;
  const what = ['on one machine', 'with as many threads', 'in runs of one length'][i];
  throw new BenchError(
    `Cannot update a bench's results: all must be measured ${what}, and the file's are of ${before[i]}, these would be of ` +
      `${now[i]}: measure them the same way, or everything anew, without --update.`,
    { exitCode: 2 },
  );
}

function subjectOf({ peer, job }: Measurement): string {
  return [peer, job.kind, job.model, job.threads].join(' ');
}
