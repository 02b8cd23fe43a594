/** Answers as `try-engine-worker.ts` does where an engine's losses are no numbers. */
import type { EngineAnswer } from '../try-engine.ts';

const answer: EngineAnswer = { kind: 'ran', detail: '2 threads', losses: [Number.NaN, Infinity], stepMs: 1 };
process.send!(answer, undefined, undefined, () => {
  process.exit(0);
});
