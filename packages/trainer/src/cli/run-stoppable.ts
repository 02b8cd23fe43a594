import { createProgress, type Progress } from './progress.ts';
import { createStopSignal, type StopSignal } from './signals.ts';

/**
 * Does a command's long work: shows how it goes on the host's stdout, and has a signal ask it to stop. Display and signals
 * are as they were when it is over, however it ends.
 *
 * @param host the process that it writes to and whose signals stop it.
 * @param work told where to show its progress, and who knows of a signal.
 */
export async function runStoppable<Outcome>(
  host: NodeJS.Process,
  work: (progress: Progress, stop: StopSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const progress = createProgress({
    stream: host.stdout,
    isTty: host.stdout.isTTY,
    now: () => performance.now(),
  });
  const stop = createStopSignal(host, {
    say: (line) => {
      progress.note(line);
    },
    beforeExit: () => {
      progress.close();
    },
  });
  try {
    return await work(progress, stop);
  } finally {
    progress.close();
    stop.dispose();
  }
}
