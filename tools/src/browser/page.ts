/** Runs in a browser: what the page of `lazy-backend.test.ts` offers to the test. */
import * as tf from '@tensorflow/tfjs';
import { configureBackend } from '@narrows/compiler/backend';
import { trainSteps } from './train-steps.ts';

/** What the test gets back. */
export interface PageResult {
  readonly backend: string;
  readonly isIsolated: boolean;
  readonly losses: readonly number[];
  /** What `dataSync()` says of a value that is not computed. */
  readonly refusal: string;
  readonly tensorsLeft: number;
}

declare global {
  var trainInPage: (options: { wasm: string; threads: number }) => Promise<PageResult>;
}

globalThis.trainInPage = async (options) => {
  // The types are those for Node, since this repository's program runs there; the bundler takes the entry for browsers.
  await configureBackend(options);
  await tf.setBackend('onnx');
  const { numTensors } = tf.memory();
  const losses = await trainSteps();
  const sum = tf.add([1], [2]);
  let refusal = '';
  try {
    sum.dataSync();
  } catch (error) {
    refusal = (error as Error).message;
  }
  sum.dispose();
  return {
    backend: tf.getBackend(),
    isIsolated: globalThis.crossOriginIsolated,
    losses,
    refusal,
    tensorsLeft: tf.memory().numTensors - numTensors,
  };
};
