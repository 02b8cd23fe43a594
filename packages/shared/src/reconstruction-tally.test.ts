import { describe, expect, it, test } from 'vitest';
import { meanSquaredError } from './metrics.ts';
import { randomStream } from './random-stream.ts';
import { ReconstructionTally } from './reconstruction-tally.ts';

const imageSize = 12;
const count = 50;
const stream = randomStream(5, 'images');
const draw = () => Float32Array.from({ length: count * imageSize }, () => stream.nextUniform());
const originals = draw();
const reconstructions = draw();
/** Labels 0 and 2, never 1. */
const labels = Uint8Array.from({ length: count }, () => 2 * stream.nextInt(2));

function tallyInBatches(batchSize: number) {
  const tally = new ReconstructionTally({ imageSize, classCount: 3 });
  for (let start = 0; start < count; start += batchSize) {
    const values = [start * imageSize, (start + batchSize) * imageSize] as const;
    tally.add(
      originals.subarray(...values),
      reconstructions.subarray(...values),
      labels.subarray(start, start + batchSize),
    );
  }
  return tally.result();
}

describe('ReconstructionTally', () => {
  it('answers with the mean squared error of each image', () => {
    const tally = new ReconstructionTally({ imageSize, classCount: 3 });
    const errors = tally.add(originals, reconstructions, labels);
    expect(errors.length).toBe(count);
    errors.forEach((error, image) => {
      const of = (values: Float32Array) => values.subarray(image * imageSize, (image + 1) * imageSize);
      expect(error).toBe(meanSquaredError(of(originals), of(reconstructions)));
    });
  });

  it('gives the mean squared error over everything and over each class that had an image', () => {
    const { mse, perClass } = tallyInBatches(count);
    expect(mse).toBeCloseTo(meanSquaredError(originals, reconstructions), 14);
    expect(perClass.map(({ label }) => label)).toEqual([0, 2]);
    for (const entry of perClass) {
      const ofClass = (_: number, i: number) => labels[Math.floor(i / imageSize)] === entry.label;
      expect(entry.count).toBe(labels.filter((label) => label === entry.label).length);
      expect(entry.mse).toBeCloseTo(
        meanSquaredError(originals.filter(ofClass), reconstructions.filter(ofClass)),
        14,
      );
    }
  });

  test.each([1, 7, 16])('gives the same to the last bit in batches of %d', (batchSize) => {
    expect(tallyInBatches(batchSize)).toEqual(tallyInBatches(count));
  });

  it('refuses lengths that do not belong together', () => {
    const tally = new ReconstructionTally({ imageSize: 2, classCount: 3 });
    expect(() => {
      tally.add(new Float32Array(4), new Float32Array(6), new Uint8Array(2));
    }).toThrow(
      new TypeError(
        'Cannot tally 2 images of 2 values: that takes 4 values, not 4 original and 6 reconstructed ones.',
      ),
    );
    expect(() => {
      tally.add(new Float32Array(6), new Float32Array(4), new Uint8Array(2));
    }).toThrow(TypeError);
  });

  it('refuses a batch with a bad label or value as a whole', () => {
    const tally = new ReconstructionTally({ imageSize: 1, classCount: 3 });
    tally.add(Float32Array.of(1), Float32Array.of(0), Uint8Array.of(1));
    const before = tally.result();
    expect(() => {
      tally.add(Float32Array.of(1, 1), Float32Array.of(0, 0), Uint8Array.of(0, 3));
    }).toThrow(new RangeError('Cannot tally image 1 of a batch: labels must be below 3, not 3.'));
    expect(() => {
      tally.add(Float32Array.of(1, NaN), Float32Array.of(0, 0), Uint8Array.of(0, 0));
    }).toThrow(
      new RangeError(
        'Cannot tally image 1 of a batch: its values must be finite, but its squared error is NaN.',
      ),
    );
    expect(tally.result()).toEqual(before);
  });

  it('has no result before an image was added', () => {
    const tally = new ReconstructionTally({ imageSize: 1, classCount: 1 });
    expect(() => tally.result()).toThrow(RangeError);
  });

  test.each([
    { imageSize: 0, classCount: 10 },
    { imageSize: 1.5, classCount: 10 },
    { imageSize: 1, classCount: 0 },
    { imageSize: 1, classCount: 257 },
  ])('refuses $imageSize values and $classCount classes', (options) => {
    expect(() => new ReconstructionTally(options)).toThrow(RangeError);
  });
});
