/**
 * The process in which jobs of a sweep run, one after the other. It is started by `worker-pool.ts`, which it talks to by
 * the messages of `worker-messages.ts`, and ends with it: it keeps nothing that would be lost.
 */
import * as tf from '@tensorflow/tfjs';
import { loadMnist } from '../data/mnist.ts';
import { ExpectedError } from '../expected-error.ts';
import {
  fitSweepPca,
  jobContext,
  runTrial,
  trainSweepClassifier,
  type JobContext,
  type JobProgress,
  type TrainedClassifier,
} from './run-job.ts';
import { jobName, type FromWorker, type JobResult, type ToWorker } from './worker-messages.ts';

/** Shortest time between two messages about progress. */
const progressMs = 200;

// Ctrl-C reaches every process of the terminal, and SIGTERM often the whole group: what it means is the sweep's to say.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
// Without checks of every value for NaN; the loss is checked at every step.
tf.enableProdMode();

let takeClassifier: (classifier: TrainedClassifier) => void = () => undefined;
const classifier = new Promise<TrainedClassifier>((resolve) => {
  takeClassifier = resolve;
});
let context: JobContext | undefined;

process.on('message', (message: ToWorker) => {
  // A rejection that nobody handles ends the process, which the sweep sees.
  void receive(message);
});

async function receive(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'setup': {
      const { configuration, data } = message;
      context = jobContext(configuration, await loadMnist(data === undefined ? {} : { folder: data }));
      send({ kind: 'ready' });
      return;
    }
    case 'classifier':
      takeClassifier(message.classifier);
      return;
    case 'job':
      // For whoever looks at the processes of a machine.
      process.title = `narrows sweep ${jobName(message.job)}`;
      try {
        send({ kind: 'done', result: await runJob(message) });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const isFinal = error instanceof ExpectedError;
        send({ kind: 'failed', reason: reason.replace(/\s+/g, ' ').trim(), isFinal });
      }
      process.title = 'narrows sweep';
      send({ kind: 'ready' });
  }
}

async function runJob({ job, pca }: Extract<ToWorker, { kind: 'job' }>): Promise<JobResult> {
  const onProgress = throttledProgress();
  switch (job.kind) {
    case 'classifier':
      return { kind: 'classifier', classifier: await trainSweepClassifier(context!, onProgress) };
    case 'pca':
      return { kind: 'pca', pca: await fitSweepPca(context!, onProgress) };
    case 'trial':
      return { kind: 'trial', trial: await runTrial(job.trial, context!, { classifier, pca, onProgress }) };
  }
}

function throttledProgress(): JobProgress {
  let lastMs = -Infinity;
  return (fraction) => {
    const now = performance.now();
    if (now - lastMs < progressMs) return;
    lastMs = now;
    send({ kind: 'progress', fraction });
  };
}

function send(message: FromWorker): void {
  // The sweep may be gone; its end is ours as soon as the event loop turns.
  if (process.connected) process.send!(message);
}
