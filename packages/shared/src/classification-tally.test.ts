import { describe, expect, it, test } from 'vitest';
import { ClassificationTally } from './classification-tally.ts';

const tallyOf = (classCount: number, logits: number[], labels: number[]) => {
  const tally = new ClassificationTally({ classCount });
  tally.add(Float32Array.from(logits), Uint8Array.from(labels));
  return tally;
};

describe('ClassificationTally', () => {
  it('counts predictions by true class in rows and predicted class in columns', () => {
    const logits = [
      [0, 2, 1],
      [3, 2, 1],
      [0, 0, 1],
      [5, 0, 0],
    ].flat();
    const tally = tallyOf(3, logits, [1, 2, 2, 0]);
    tally.add(Float32Array.of(0, 9, 0), Uint8Array.of(0));
    expect(tally.result()).toMatchObject({
      accuracy: 3 / 5,
      confusion: [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 1],
      ],
    });
  });

  it('computes the mean natural-log softmax cross-entropy', () => {
    // softmax is (1/10, 2/10, 3/10, 4/10) for both rows.
    const row = [1, 2, 3, 4].map(Math.log);
    const { crossEntropy } = tallyOf(4, [...row, ...row], [0, 2]).result();
    expect(crossEntropy).toBeCloseTo((Math.log(10) + Math.log(10 / 3)) / 2, 6);
  });

  it('computes it from logits that would overflow an exponential', () => {
    expect(tallyOf(2, [1000, 0], [0]).result().crossEntropy).toBe(0);
    expect(tallyOf(2, [1000, 0], [1]).result().crossEntropy).toBe(1000);
    expect(tallyOf(2, [-1000, -1000], [1]).result().crossEntropy).toBeCloseTo(Math.LN2, 12);
  });

  it('answers with the predicted class of each image and its softmax', () => {
    const tally = new ClassificationTally({ classCount: 4 });
    const logits = Float32Array.from([...[1, 2, 3, 4].map(Math.log), 0, 1000, 0, 0, 7, 7, 0, 0]);
    const { classes, probabilities } = tally.add(logits, Uint8Array.of(0, 1, 2));
    expect([...classes]).toEqual([3, 1, 0]);
    expect(probabilities[0]).toBeCloseTo(0.4, 6);
    expect(probabilities[1]).toBe(1);
    expect(probabilities[2]).toBeCloseTo(1 / (2 + 2 * Math.exp(-7)), 6);
  });

  it('breaks ties for the lowest index', () => {
    expect(tallyOf(3, [0, 7, 7], [1]).result().accuracy).toBe(1);
    expect(tallyOf(3, [0, 0, 0], [0]).result().accuracy).toBe(1);
  });

  it('gives the same to the last bit however predictions are cut into batches', () => {
    const logits = Array.from({ length: 30 }, (_, i) => Math.sin(i * i));
    const labels = Array.from({ length: 10 }, (_, i) => i % 3);
    const whole = tallyOf(3, logits, labels).result();
    const tally = new ClassificationTally({ classCount: 3 });
    for (let i = 0; i < 10; i++) {
      tally.add(Float32Array.from(logits.slice(3 * i, 3 * i + 3)), Uint8Array.of(labels[i]));
    }
    expect(tally.result()).toEqual(whole);
  });

  it('refuses logits that do not belong to the labels', () => {
    expect(() => tallyOf(3, [1, 2, 3, 4], [0])).toThrow(
      new TypeError('Cannot tally 1 predictions of 3 classes: that takes 3 logits, not 4.'),
    );
  });

  it('refuses a batch with a bad label or logit as a whole', () => {
    const tally = tallyOf(2, [1, 0], [0]);
    const before = tally.result();
    expect(() => {
      tally.add(Float32Array.of(1, 0, 1, 0), Uint8Array.of(0, 2));
    }).toThrow(new RangeError('Cannot tally prediction 1 of a batch: labels must be below 2, not 2.'));
    expect(() => {
      tally.add(Float32Array.of(1, 0, 1, NaN), Uint8Array.of(0, 0));
    }).toThrow(
      new RangeError('Cannot tally prediction 1 of a batch: its logits must be finite, but one is NaN.'),
    );
    expect(tally.result()).toEqual(before);
  });

  it('hands out a confusion matrix that later predictions do not change', () => {
    const tally = tallyOf(2, [1, 0], [0]);
    const { confusion } = tally.result();
    tally.add(Float32Array.of(1, 0), Uint8Array.of(0));
    expect(confusion).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  it('has no result before a prediction was added', () => {
    expect(() => new ClassificationTally({ classCount: 2 }).result()).toThrow(RangeError);
  });

  test.each([0, 2.5, 257])('refuses %d classes', (classCount) => {
    expect(() => new ClassificationTally({ classCount })).toThrow(RangeError);
  });
});
