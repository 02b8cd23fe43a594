import type { Dataset } from '@narrows/trainer';
import { describe, expect, it } from 'vitest';
import { judgePredictions } from './judge-predictions.ts';
import { measuredSteps } from './run-training-job.ts';
import { stepwiseTraining } from './stepwise-training.ts';

/** Seven images of two pixels; the first pixel is the image's number, as is the label. */
const split: Dataset['train'] = {
  images: Uint8Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? i / 2 : 255)),
  labels: Uint8Array.from({ length: 7 }, (_, i) => i),
  count: 7,
};

describe('measuredSteps', () => {
  it('drops the warm-up, unless there is nothing else', () => {
    expect(measuredSteps([9, 8, 1, 2], 2)).toEqual([1, 2]);
    expect(measuredSteps([9, 8], 2)).toEqual([8]);
  });
});

describe('stepwiseTraining', () => {
  const collect = async (stopAfter: number) => {
    const batches: number[][] = [];
    const training = stepwiseTraining(split, ({ images, labels, count }) => {
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
