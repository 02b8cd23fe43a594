import { describe, expect, test } from 'vitest';
import { randomStream } from './random-stream.ts';
import { structuralSimilarity } from './structural-similarity.ts';

type Shape = readonly [height: number, width: number, channels: number];

/** Images in [0, 1] of a seed, and the same with noise. */
function pairs(count: number, [height, width, channels]: Shape): [Float32Array, Float32Array] {
  const random = randomStream(5, 'images');
  const originals = Float32Array.from({ length: count * height * width * channels }, () =>
    random.nextUniform(),
  );
  return [originals, originals.map((value) => 0.7 * value + 0.3 * random.nextUniform())];
}

/** The definition, word by word: weights of the whole window, centred moments, each window on its own. */
function defined(x: ArrayLike<number>, y: ArrayLike<number>, [height, width, channels]: Shape): number {
  let size = 11;
  while (size > height || size > width) size -= 2;
  const radius = (size - 1) / 2;
  const weights = Array.from({ length: size * size }, (_, k) => {
    const [row, column] = [Math.floor(k / size) - radius, (k % size) - radius];
    return Math.exp(-(row * row + column * column) / (2 * 1.5 * 1.5));
  });
  const total = weights.reduce((a, b) => a + b);
  const similarities: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    for (let top = 0; top + size <= height; top++) {
      for (let left = 0; left + size <= width; left++) {
        const at = (k: number): number =>
          ((top + Math.floor(k / size)) * width + left + (k % size)) * channels + channel;
        const mean = (of: (k: number) => number): number =>
          weights.reduce((sum, weight, k) => sum + (weight / total) * of(k), 0);
        const meanX = mean((k) => x[at(k)]);
        const meanY = mean((k) => y[at(k)]);
        const varianceX = mean((k) => (x[at(k)] - meanX) ** 2);
        const varianceY = mean((k) => (y[at(k)] - meanY) ** 2);
        const covariance = mean((k) => (x[at(k)] - meanX) * (y[at(k)] - meanY));
        similarities.push(
          ((2 * meanX * meanY + 0.0001) * (2 * covariance + 0.0009)) /
            ((meanX ** 2 + meanY ** 2 + 0.0001) * (varianceX + varianceY + 0.0009)),
        );
      }
    }
  }
  return similarities.reduce((a, b) => a + b) / similarities.length;
}

describe('structuralSimilarity', () => {
  test.each<Shape>([
    [28, 28, 1],
    [13, 17, 3],
    [11, 11, 1],
    [10, 12, 1],
    [8, 8, 2],
    [1, 9, 1],
    [2, 2, 1],
  ])('is what the paper defines, on %d × %d × %d', (...imageShape) => {
    const [originals, reconstructions] = pairs(3, imageShape);
    const size = imageShape[0] * imageShape[1] * imageShape[2];
    const similarities = structuralSimilarity(originals, reconstructions, { imageShape });
    expect(similarities.length).toBe(3);
    similarities.forEach((similarity, image) => {
      const of = (values: Float32Array) => values.subarray(image * size, (image + 1) * size);
      expect(similarity).toBeCloseTo(defined(of(originals), of(reconstructions), imageShape), 12);
    });
  });

  test('is what scikit-image 0.19.3 gives, for a ramp and its square root and for a mixture of patterns', () => {
    const ramp = Float32Array.from({ length: 256 }, (_, i) => i / 255);
    const [smooth] = structuralSimilarity(ramp, ramp.map(Math.sqrt), { imageShape: [16, 16, 1] });
    expect(smooth).toBeCloseTo(0.8862706501669706, 12);
    const a = Float32Array.from({ length: 784 }, (_, i) => ((i * i * 7) % 256) / 255);
    const mixed = a.map((value, i) => 0.5 * value + 0.5 * Math.fround(((i * 13) % 256) / 255));
    const [rough] = structuralSimilarity(a, mixed, { imageShape: [28, 28, 1] });
    expect(rough).toBeCloseTo(0.6682268763529918, 12);
  });

  test('is 1 for equal images and symmetric for others', () => {
    const [a, b] = pairs(2, [12, 12, 1]);
    const options = { imageShape: [12, 12, 1] } as const;
    expect([...structuralSimilarity(a, a, options)]).toEqual([1, 1]);
    const [there, back] = [structuralSimilarity(a, b, options), structuralSimilarity(b, a, options)];
    expect(there[0]).toBeCloseTo(back[0], 14);
    expect(there[0]).toBeLessThan(0.99);
  });

  test('is below 0 for an image turned into its negative', () => {
    const [a] = pairs(1, [16, 16, 1]);
    const [similarity] = structuralSimilarity(
      a,
      a.map((value) => 1 - value),
      { imageShape: [16, 16, 1] },
    );
    expect(similarity).toBeLessThan(-0.5);
    expect(similarity).toBeGreaterThanOrEqual(-1);
  });

  test('works without images', () => {
    const none = new Float32Array(0);
    expect(structuralSimilarity(none, none, { imageShape: [28, 28, 1] }).length).toBe(0);
  });

  test.each([
    [784, 783],
    [100, 100],
  ])('refuses %d and %d values for images of 28 × 28', (a, b) => {
    const compare = () =>
      structuralSimilarity(new Float32Array(a), new Float32Array(b), { imageShape: [28, 28, 1] });
    expect(compare).toThrow(TypeError);
    expect(compare).toThrow(`the same multiple of 784 values, not ${a} and ${b}`);
  });

  test.each([NaN, Infinity])('refuses %d', (value) => {
    const images = new Float32Array(8);
    const compare = () => structuralSimilarity(images, images.with(5, value), { imageShape: [2, 2, 1] });
    expect(compare).toThrow(RangeError);
    expect(compare).toThrow('Cannot compare image 1: its values must be finite');
  });
});
