import { beforeAll, describe, expect, it, test } from 'vitest';
import { batchPlan, epochOrder, fillBatch } from './batches.ts';
import type { Split } from './dataset.ts';
import { loadMnist } from './mnist.ts';

describe('batchPlan', () => {
  it('keeps the last, smaller batch: 60,000 at 64 are 937 of 64 and one of 32', () => {
    const plan = batchPlan(60_000, 64);
    expect(plan.length).toBe(938);
    expect(plan.slice(0, 937).every(({ start, size }, i) => start === 64 * i && size === 64)).toBe(true);
    expect(plan[937]).toEqual({ start: 59_968, size: 32 });
  });

  test.each([
    [6, 3, [3, 3]],
    [7, 3, [3, 3, 1]],
    [2, 3, [2]],
    [3, 1, [1, 1, 1]],
  ])('cuts %d by %d', (count, batchSize, sizes) => {
    const plan = batchPlan(count, batchSize);
    expect(plan.map(({ size }) => size)).toEqual(sizes);
    expect(plan.map(({ start }) => start)).toEqual(sizes.map((_, i) => i * batchSize));
  });

  test.each([
    [0, 64],
    [10, 0],
    [10, 1.5],
    [NaN, 64],
    [10, -1],
  ])('refuses %d by %d', (count, batchSize) => {
    expect(() => batchPlan(count, batchSize)).toThrow(
      new RangeError(
        `Cannot cut ${count} images into batches of ${batchSize}: both must be integers of at least 1.`,
      ),
    );
  });
});

test('epochOrder is another shuffle for each seed, model and epoch, and the same for the same', () => {
  const orders = [
    epochOrder(1000, 1, 'cnn', 1),
    epochOrder(1000, 2, 'cnn', 1),
    epochOrder(1000, 1, 'basic', 1),
    epochOrder(1000, 1, 'cnn', 2),
  ];
  for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
  expect(new Set(orders.map((order) => order.join())).size).toBe(orders.length);
  expect(epochOrder(1000, 1, 'cnn', 1)).toEqual(orders[0]);
});

describe('fillBatch', () => {
  let split: Split;
  beforeAll(async () => {
    split = (await loadMnist()).test;
  });

  it('shows every image with its label once an epoch', () => {
    const order = epochOrder(split.count, 3, 'cnn', 1);
    const images = new Uint8Array(64 * 784);
    const labels = new Uint8Array(64);
    const seen = new Uint8Array(split.count);
    for (const { start, size } of batchPlan(split.count, 64)) {
      fillBatch(split, order, start, size, images, labels);
      for (let i = 0; i < size; i++) {
        const index = order[start + i];
        const image = Buffer.from(images.buffer, i * 784, 784);
        const same = image.equals(split.images.subarray(index * 784, (index + 1) * 784));
        if (!same || labels[i] !== split.labels[index]) expect.fail(`image ${index} is not itself`);
        seen[index]++;
      }
    }
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  const four: Split = {
    images: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31),
    labels: Uint8Array.of(5, 6, 7, 8),
    count: 4,
  };

  it('leaves alone what lies beyond the batch', () => {
    const images = new Uint8Array(8).fill(99);
    const labels = new Uint8Array(4).fill(99);
    fillBatch(four, Uint32Array.of(3, 2, 0), 1, 2, images, labels);
    expect([...images]).toEqual([20, 21, 0, 1, 99, 99, 99, 99]);
    expect([...labels]).toEqual([7, 5, 99, 99]);
  });

  test.each([
    [
      'a batch beyond the indices',
      [0, 1],
      1,
      2,
      4,
      2,
      RangeError,
      'places 1 to 3 must lie within the 2 indices',
    ],
    ['a start below 0', [0, 1], -1, 2, 4, 2, RangeError, 'places -1 to 1 must lie within'],
    ['a fractional start', [0, 1], 0.5, 1, 4, 2, RangeError, 'places 0.5 to 1.5 must lie within'],
    [
      'an index beyond the split',
      [0, 4],
      0,
      2,
      4,
      2,
      RangeError,
      'indices must be below 4, but that of image 1 is 4',
    ],
    ['too little room for images', [0, 1], 0, 2, 3, 2, TypeError, 'room for 3 and 2'],
    ['too little room for labels', [0, 1], 0, 2, 4, 1, TypeError, 'room for 4 and 1'],
  ])('refuses %s', (_, indices, start, size, imageRoom, labelRoom, errorClass, rule) => {
    const fill = () => {
      fillBatch(
        four,
        Uint32Array.from(indices),
        start,
        size,
        new Uint8Array(imageRoom),
        new Uint8Array(labelRoom),
      );
    };
    expect(fill).toThrow(errorClass);
    expect(fill).toThrow(rule);
  });
});
