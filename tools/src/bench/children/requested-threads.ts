import { jobSchema } from '../training/bench-document.ts';

/** Threads of the job on this child's command line, for a library that must know before it is loaded. */
export function requestedThreads(): number {
  return jobSchema.parse(JSON.parse(process.argv.at(-1)!)).threads;
}
