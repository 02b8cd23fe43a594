/**
 * The process in which the doctor tries one engine: a driver that fails may take its process along. It is started by
 * `try-engine.ts` with the engine's name and the number of threads, and answers with one message.
 */
import * as tf from '@tensorflow/tfjs';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { sampleLosses, sampleStepMs } from './sample-steps.ts';
import type { EngineAnswer } from './try-engine.ts';

tf.enableProdMode();
const [name, threads] = process.argv.slice(2);
const opened = await openEngine(name as EngineName, Number(threads));
const answer: EngineAnswer =
  typeof opened === 'string'
    ? { kind: 'refused', reason: opened }
    : {
        kind: 'ran',
        detail: opened.detail,
        losses: await sampleLosses(opened.engine),
        stepMs: await sampleStepMs(opened.engine),
      };
process.send!(answer, undefined, undefined, () => {
  // Threads of a driver may keep the process.
  process.exit(0);
});
