import { loadMnist } from '@narrows/trainer';
import { jobSchema, type Answer, type Job } from '../training/bench-document.ts';
import type { Part } from './job-part.ts';
import { runTrainingJob } from './run-training-job.ts';
import type { TrainingPeer } from './training-peer.ts';

/**
 * The life of a child: answers the job that is the last word of its command line, by one line of JSON on stdout. What went
 * wrong is `{"failure": "…"}` there; the parent tells it from a child that died.
 */
export async function answerJob(
  answer: (job: Job) => Promise<Part & Pick<Answer, 'version'>>,
): Promise<void> {
  let line: Answer | { failure: string };
  try {
    const part = await answer(jobSchema.parse(JSON.parse(process.argv.at(-1)!)));
    line = { ...part, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } catch (error) {
    line = { failure: error instanceof Error ? error.message.split('\n')[0] : String(error) };
  }
  // Workers of some peers would keep the process alive.
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

/** Answers jobs about training by a peer. */
export async function answerTrainingJob(peer: TrainingPeer): Promise<void> {
  await answerJob(async (job) => ({
    ...(await runTrainingJob(peer, job, await loadMnist())),
    version: peer.version,
  }));
}
