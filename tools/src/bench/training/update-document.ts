import type { BenchDocument, Measurement } from './bench-document.ts';

/**
 * A sitting in which a part was measured anew: what has the same peer, kind, model and threads is replaced, the rest stays.
 * @throws RangeError if the two are of different machines, whose times can't stand beside each other.
 */
export function updateDocument(earlier: BenchDocument, later: BenchDocument): BenchDocument {
  const names = [earlier, later].map(({ machine }) => `${machine.cpu}, ${machine.cores} cores`);
  if (names[0] !== names[1]) {
    throw new RangeError(
      `Cannot update a bench's results of one machine (${names[0]}) on another (${names[1]}): measure everything here.`,
    );
  }
  const subject = ({ peer, job }: Measurement): string => [peer, job.kind, job.model, job.threads].join(' ');
  const replaced = new Set(later.measurements.map(subject));
  return {
    ...later,
    command: `${earlier.command}\`, then \`${later.command}`,
    seconds: earlier.seconds + later.seconds,
    measurements: [
      ...earlier.measurements.filter((one) => !replaced.has(subject(one))),
      ...later.measurements,
    ],
  };
}
