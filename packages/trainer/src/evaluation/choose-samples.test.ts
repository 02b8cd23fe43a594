import { describe, expect, test } from 'vitest';
import { chooseSamples } from './choose-samples.ts';
import type { PerImageFigures } from './per-image-figures.ts';

/** 100 images whose classes repeat 0 to 9. */
const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 10);

const codec = (id: string, mse: ArrayLike<number>): PerImageFigures['codecs'][number] => ({
  id,
  mse: Float32Array.from(mse),
  ssim: new Float32Array(labels.length),
});

/** A classifier that is right but for the images of `wrong`. */
const classification = (
  classifier: string,
  on: string,
  wrong: readonly number[],
): PerImageFigures['classifications'][number] => ({
  classifier,
  on,
  predicted: labels.map((label, image) => (wrong.includes(image) ? (label + 1) % 10 : label)),
  probability: new Float32Array(labels.length),
});

const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i);
const firsts = range(0, 10);

describe('chooseSamples', () => {
  test('takes the first image of each class, by class', () => {
    expect(chooseSamples({ labels: Uint8Array.of(2, 2, 0, 7, 0), codecs: [], classifications: [] })).toEqual([
      2, 0, 3,
    ]);
  });

  test("takes each codec's best, median and worst four in turn", () => {
    // Error rises with the index, so ranks are indices.
    expect(chooseSamples({ labels, codecs: [codec('a', range(0, 100))], classifications: [] })).toEqual([
      ...firsts,
      ...[48, 99, 49, 98, 50, 97, 51, 96],
    ]);
    const falling = range(0, 100).reverse();
    expect(chooseSamples({ labels, codecs: [codec('a', falling)], classifications: [] })).toEqual([
      ...firsts,
      ...[99, 51, 98, 50, 97, 49, 96, 48],
    ]);
  });

  test('of equal errors takes the lower index first, at both ends', () => {
    const chosen = chooseSamples({
      labels,
      codecs: [
        codec(
          'a',
          labels.map(() => 1),
        ),
      ],
      classifications: [],
    });
    expect(chosen).toEqual([...firsts, 48, 49, 50, 51]);
    const halves = labels.map((_, i) => (i < 50 ? 1 : 0));
    expect(chooseSamples({ labels, codecs: [codec('a', halves)], classifications: [] })).toEqual([
      ...firsts,
      ...[50, 98, 51, 99, 52, 53],
    ]);
  });

  test('takes the first eight that a codec makes the classifier err on, and the first ten it errs on anyway', () => {
    const wrong = range(20, 35);
    const classifications = [
      classification('cnn', 'original', wrong),
      classification('cnn', 'a', [...wrong, ...range(50, 60)]),
    ];
    expect(chooseSamples({ labels, codecs: [], classifications })).toEqual([
      ...firsts,
      ...range(50, 58),
      ...range(20, 30),
    ]);
  });

  test('compares each classifier with itself', () => {
    const classifications = [
      classification('one', 'original', [20]),
      classification('one', 'a', [20, 21]),
      classification('two', 'original', [21]),
      classification('two', 'a', [20, 21]),
    ];
    expect(chooseSamples({ labels, codecs: [], classifications })).toEqual([...firsts, 21, 20]);
  });

  test('names no image twice', () => {
    const classifications = [
      classification('cnn', 'original', range(95, 100)),
      classification('cnn', 'a', range(45, 100)),
    ];
    const codecs = [codec('a', range(0, 100)), codec('b', range(0, 100))];
    const chosen = chooseSamples({ labels, codecs, classifications });
    expect(new Set(chosen).size).toBe(chosen.length);
    expect(chosen.slice(0, 18)).toEqual([...firsts, 48, 99, 49, 98, 50, 97, 51, 96]);
    expect(chosen.slice(18)).toEqual([45, 46, 47, 52, 95]);
  });

  test('with many models stays at 150, and every model has its foremost images', () => {
    const many = Uint8Array.from({ length: 10_000 }, (_, i) => i % 10);
    const models = range(0, 25);
    const codecs = models.map((m) => ({
      id: `c${m}`,
      // Model m's best image is 100 + m, its worst 500 + m.
      mse: Float32Array.from(many, (_, i) =>
        i === 100 + m ? 0 : i === 500 + m ? 99 : 1 + ((i * 7 + m) % 13),
      ),
      ssim: new Float32Array(10_000),
    }));
    const classifications = ['original', ...codecs.map(({ id }) => id)].map((on, m) => ({
      classifier: 'cnn',
      on,
      predicted: many.map((label, i) => (i >= 1000 * (m % 9) + m && on !== 'original' ? label + 1 : label)),
      probability: new Float32Array(10_000),
    }));
    const chosen = chooseSamples({ labels: many, codecs, classifications });
    expect(chosen.length).toBeLessThanOrEqual(150);
    expect(chosen.length).toBeGreaterThan(120);
    for (const m of models) {
      expect(chosen).toContain(100 + m);
      expect(chosen).toContain(500 + m);
    }
  });

  test('works with fewer images than it would take', () => {
    const few = { labels: Uint8Array.of(4, 4, 4), codecs: [codec('a', [3, 1, 2])], classifications: [] };
    expect(chooseSamples(few)).toEqual([0, 1, 2]);
  });
});
