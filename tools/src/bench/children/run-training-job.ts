import type { Dataset } from '@narrows/trainer';
import type { CurvePoint, Job, JobOf } from '../training/bench-document.ts';
import { findBenchModel, isReached } from '../training/peer-table.ts';
import { wrongKind, type Part } from './job-part.ts';
import { judgePredictions } from './judge-predictions.ts';
import type { PeerModel, TrainingPeer } from './training-peer.ts';

/** Has a peer train as a job says, and takes the time. Preparing data and looking at the test set don't count. */
export async function runTrainingJob(peer: TrainingPeer, job: Job, data: Dataset): Promise<Part> {
  const open = (): Promise<PeerModel> => peer.open(job.model, { data, threads: job.threads });
  switch (job.kind) {
    case 'steps':
      return { steps: await timeSteps(open, job, data) };
    case 'epochs':
      return { epochs: await timeEpochs(open, job) };
    case 'target':
      return { curve: await timeToTarget(open, job, data) };
    case 'compile':
    case 'inference':
      throw wrongKind(job);
  }
}

async function timeSteps(open: () => Promise<PeerModel>, job: JobOf<'steps'>, data: Dataset) {
  const { warmUp, steps, budgetMs } = job;
  const results = [];
  for (const batchSize of job.batchSizes) {
    const model = await open();
    const wanted = warmUp + steps;
    const count = Math.min(data.train.count, wanted * batchSize);
    await model.prepare(count);
    const times: number[] = [];
    let spentMs = 0;
    const isEnough = () => times.length >= wanted || spentMs >= budgetMs;
    let begin = performance.now();
    while (!isEnough()) {
      await model.train({ count, batchSize }, () => {
        const now = performance.now();
        times.push(now - begin);
        if (times.length > warmUp) spentMs += now - begin;
        // Of who takes seconds a step, few are to be had, warm or not.
        else if (now - begin > budgetMs) spentMs = budgetMs;
        begin = now;
        return !isEnough();
      });
    }
    await model.close();
    const measured = measuredSteps(times, warmUp);
    results.push({
      batchSize,
      meanMs: measured.reduce((sum, ms) => sum + ms, 0) / measured.length,
      steps: measured.length,
      firstMs: times[0],
    });
  }
  return results;
}

/** The steps after the warm-up, or the last where there are no others. */
export function measuredSteps(times: readonly number[], warmUp: number): readonly number[] {
  return times.length > warmUp ? times.slice(warmUp) : times.slice(-1);
}

/** Batches that everything is tried with before an epoch is timed. */
const warmUpBatches = 20;

async function timeEpochs(open: () => Promise<PeerModel>, job: JobOf<'epochs'>) {
  const { batchSize } = job;
  const results = [];
  for (const images of job.imageCounts) {
    const model = await open();
    // The last batch is of another size, which may be compiled for.
    const warmUp = warmUpBatches * batchSize + (images % batchSize);
    await model.prepare(warmUp);
    await model.train({ count: warmUp, batchSize }, () => true);
    await model.prepare(images);
    let lossSum = 0;
    let steps = 0;
    const begin = performance.now();
    await model.train({ count: images, batchSize }, (loss) => {
      lossSum += loss;
      steps++;
      return true;
    });
    results.push({ images, seconds: (performance.now() - begin) / 1000, loss: lossSum / steps });
    await model.close();
  }
  return results;
}

/** Images that the test set is looked at by. */
const testBatch = 1000;

async function timeToTarget(
  open: () => Promise<PeerModel>,
  job: JobOf<'target'>,
  { train, test }: Dataset,
): Promise<CurvePoint[]> {
  const { batchSize, everyImages, budgetMs, target } = job;
  const { metric } = findBenchModel(job.model);
  const model = await open();
  await model.prepare(train.count);
  const curve: CurvePoint[] = [];
  const isOver = () =>
    curve.length > 0 &&
    (isReached(curve.at(-1)!.value, { metric, target }) || curve.at(-1)!.seconds * 1000 >= budgetMs);
  let trainingMs = 0;
  let images = 0;
  let begin = performance.now();
  while (!isOver()) {
    const epochEnd = images + train.count;
    await model.train({ count: train.count, batchSize }, async () => {
      const before = images;
      images = Math.min(images + batchSize, epochEnd);
      if (Math.floor(before / everyImages) === Math.floor(images / everyImages)) return true;
      trainingMs += performance.now() - begin;
      const predictor = await model.predictor(testBatch);
      const value = await judgePredictions((batch) => predictor.predict(batch), test, {
        metric,
        batchSize: testBatch,
      });
      await predictor.close();
      curve.push({ seconds: trainingMs / 1000, images, value });
      begin = performance.now();
      return !isOver();
    });
  }
  await model.close();
  return curve;
}
