import type { Dataset } from '@narrows/trainer';
import { leastSteps, type CurvePoint, type Job, type JobOf } from '../training/bench-document.ts';
import { findBenchModel, isReached } from '../training/peer-table.ts';
import { wrongKind, type Part } from './job-part.ts';
import { judgePredictions } from './judge-predictions.ts';
import type { PeerModel, TrainingPeer } from './training-peer.ts';

/** Has a peer train as a job says, and takes the time. Preparing data and looking at the test set don't count. */
export async function runTrainingJob(peer: TrainingPeer, job: Job, data: Dataset): Promise<Part> {
  const seed = job.kind === 'target' ? job.seed : 1;
  const open = (): Promise<PeerModel> => peer.open(job.model, { data, threads: job.threads, seed });
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
  const { warmUp, steps, budgetMs, patienceMs } = job;
  const results = [];
  for (const batchSize of job.batchSizes) {
    const model = await open();
    const wanted = warmUp + steps;
    const count = wholeBatches(Math.min(data.train.count, wanted * batchSize), batchSize);
    await model.prepare(count);
    const times: number[] = [];
    let warmMs = 0;
    const isEnough = () =>
      times.length >= wanted ||
      (times.length > leastSteps && warmMs >= budgetMs) ||
      (times.length > 0 && times[0] + warmMs >= patienceMs);
    let begin = performance.now();
    while (!isEnough()) {
      await model.train({ count, batchSize }, () => {
        const now = performance.now();
        times.push(now - begin);
        if (times.length > 1) warmMs += now - begin;
        begin = now;
        return !isEnough();
      });
    }
    await model.close();
    const measured = measuredSteps(times, warmUp);
    const [firstMs] = times;
    results.push({
      batchSize,
      meanMs: measured.length === 0 ? firstMs : measured.reduce((sum, ms) => sum + ms, 0) / measured.length,
      steps: measured.length,
      firstMs,
    });
  }
  return results;
}

/**
 * How many images are whole batches alone. A smaller one at the end would be a step of less work, with what its own size is
 * compiled for inside.
 */
export function wholeBatches(images: number, batchSize: number): number {
  return images - (images % batchSize);
}

/**
 * The steps that count. The first never does, for all that is compiled and allocated in it; nor does the warm-up, which is
 * cut to half of the steps, and further to leave `leastSteps`, where there are few.
 */
export function measuredSteps(times: readonly number[], warmUp: number): readonly number[] {
  const few = Math.min(Math.floor(times.length / 2), times.length - leastSteps);
  return times.slice(Math.max(1, Math.min(warmUp, few)));
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
