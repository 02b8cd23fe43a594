import { setTimeout } from 'node:timers/promises';
import type { Dataset } from '@narrows/trainer';
import { describe, expect, it } from 'vitest';
import { judgePredictions } from './judge-predictions.ts';
import { measuredSteps, runTrainingJob, wholeBatches } from './run-training-job.ts';
import { stepwiseTraining } from './stepwise-training.ts';
import type { TrainingPeer } from './training-peer.ts';

/** Seven images of two pixels; the first pixel is the image's number, as is the label. */
const split: Dataset['train'] = {
  images: Uint8Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? i / 2 : 255)),
  labels: Uint8Array.from({ length: 7 }, (_, i) => i),
  count: 7,
};

describe('measuredSteps', () => {
  it('drops the warm-up, or half of the steps where there are few', () => {
    expect(measuredSteps([9, 8, 1, 2, 3], 2)).toEqual([1, 2, 3]);
    expect(measuredSteps([9, 8, 7, 6, 1, 2, 3, 4], 20)).toEqual([1, 2, 3, 4]);
  });

  it('leaves three, but never the first', () => {
    expect(measuredSteps([9, 1, 2, 3], 20)).toEqual([1, 2, 3]);
    expect(measuredSteps([9, 1], 20)).toEqual([1]);
    expect(measuredSteps([9], 0)).toEqual([]);
  });
});

describe('steps', () => {
  const data = { train: split } as Dataset;
  /** A peer whose steps take so many milliseconds, the first ten times as long. */
  const time = async (stepMs: number, job: { batchSize: number; budgetMs: number; patienceMs: number }) => {
    const sizes: number[] = [];
    const peer: TrainingPeer = {
      version: 'sleeper',
      open: () =>
        Promise.resolve({
          ...stepwiseTraining(split, 1, async ({ count }) => {
            await setTimeout(sizes.length === 0 ? 10 * stepMs : stepMs);
            return sizes.push(count);
          }),
          predictor: () => Promise.reject(new Error('not asked for')),
          close: () => Promise.resolve(),
        }),
    };
    const { batchSize, ...limits } = job;
    const part = await runTrainingJob(
      peer,
      { kind: 'steps', model: 'cnn', threads: 1, batchSizes: [batchSize], warmUp: 2, steps: 9, ...limits },
      data,
    );
    return { sizes, ...part.steps![0] };
  };

  it('are of whole batches alone, though the images are not', async () => {
    const { sizes, steps } = await time(0, { batchSize: 2, budgetMs: 5000, patienceMs: 5000 });
    expect(sizes).toEqual(Array(11).fill(2));
    expect(steps).toBe(9);
    expect(wholeBatches(60_000, 512)).toBe(117 * 512);
  });

  it('are three warm ones of a slow peer, when its time is up', async () => {
    const { sizes, steps } = await time(20, { batchSize: 2, budgetMs: 5, patienceMs: 5000 });
    expect([sizes.length, steps]).toEqual([4, 3]);
  });

  it('are as many as there are when patience is at its end', async () => {
    const { steps, meanMs, firstMs } = await time(10, { batchSize: 2, budgetMs: 5, patienceMs: 50 });
    expect([steps, meanMs]).toEqual([0, firstMs]);
  });
});

describe('stepwiseTraining', () => {
  const collect = async (stopAfter: number) => {
    const batches: number[][] = [];
    const training = stepwiseTraining(split, 1, ({ images, labels, count }) => {
      expect([...labels]).toEqual([...images].filter((_, i) => i % 2 === 0));
      expect(labels).toHaveLength(count);
      batches.push([...labels]);
      return Promise.resolve(batches.length);
    });
    const losses: number[] = [];
    await training.train({ count: 5, batchSize: 2 }, (loss) => losses.push(loss) < stopAfter);
    return { batches, losses };
  };

  it('gives each of the first images once, shuffled, with its label, the last batch smaller', async () => {
    const { batches, losses } = await collect(99);
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(batches.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    expect(batches.flat()).not.toEqual([0, 1, 2, 3, 4]);
    expect(losses).toEqual([1, 2, 3]);
  });

  it('ends when it is told to', async () => {
    expect((await collect(2)).batches).toHaveLength(2);
  });
});

describe('judgePredictions', () => {
  const test = { images: Uint8Array.of(255, 0, 0, 255), labels: Uint8Array.of(0, 1), count: 2 };

  it('is the mean of squared errors over all pixels', async () => {
    const predict = () => Promise.resolve(Float32Array.of(0.5, 0));
    expect(await judgePredictions(predict, test, { metric: 'mse', batchSize: 1 })).toBeCloseTo(
      (0.25 + 0.25 + 1) / 4,
    );
  });

  it('is the share of images whose label has the greatest logit', async () => {
    const predict = () => Promise.resolve(Float32Array.of(2, 1, 2, 1));
    expect(await judgePredictions(predict, test, { metric: 'accuracy', batchSize: 2 })).toBe(0.5);
  });
});
