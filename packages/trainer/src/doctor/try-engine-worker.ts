/**
 * The process in which the doctor tries one engine: a driver that fails may take its process along. It is started by
 * `try-engine.ts` with the engine's name and the number of threads, and answers with one message.
 */
import { failureReason } from '../engine/failure-reason.ts';
import type { EngineName } from '../engine/open-engine.ts';
import type { EngineAnswer } from './try-engine.ts';

// Where a driver hangs, nobody else would end it.
process.on('disconnect', () => process.exit());

const [name, threads] = process.argv.slice(2);
const answer = await tryHere(name as EngineName, Number(threads)).catch((error: unknown): EngineAnswer => ({
  kind: 'refused',
  reason: failureReason(error),
}));
process.send!(answer, undefined, undefined, () => {
  // Threads of a driver may keep the process.
  process.exit(0);
});

async function tryHere(name: EngineName, threads: number): Promise<EngineAnswer> {
  // Loaded here, so that a package that is missing or damaged is an answer as well.
  const tf = await import('@tensorflow/tfjs');
  const { openEngine } = await import('../engine/open-engine.ts');
  const { sampleLosses, sampleStepMs } = await import('./sample-steps.ts');
  tf.enableProdMode();
  const opened = await openEngine(name, threads);
  if (typeof opened === 'string') return { kind: 'refused', reason: opened };
  const { engine, detail } = opened;
  return {
    kind: 'ran',
    detail,
    losses: await sampleLosses(engine),
    stepMs: await sampleStepMs(engine),
  };
}
