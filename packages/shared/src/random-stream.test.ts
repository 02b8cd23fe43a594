import { describe, expect, it, test } from 'vitest';
import { randomStream, type RandomStream } from './random-stream.ts';
import { shuffledIndices } from './shuffled-indices.ts';

const words = (stream: RandomStream, count: number) =>
  Array.from({ length: count }, () => stream.nextUint32());

describe('randomStream', () => {
  it('puts seed, purpose and indices into the words that its table says', () => {
    // From an independent Philox and FNV-1a in Python.
    expect(words(randomStream(42, 'shuffle:cnn', 3), 8)).toEqual([
      0xacfa7e2a, 0xf0319d34, 0x86f5a9be, 0xbbba2c0c, 0xc06b74b6, 0x5545d4fa, 0xdadaf814, 0xcc0ee16a,
    ]);
    expect(words(randomStream(Number.MAX_SAFE_INTEGER, 'dropout', 3, 0xffffffff), 8)).toEqual([
      0x6af3d3db, 0x196c7eba, 0xa2420018, 0x403406d4, 0x3767de41, 0x196b4881, 0x923a4a85, 0x60167311,
    ]);
  });

  it('gives the same numbers again for the same arguments, and others for any other', () => {
    const streams = [
      () => randomStream(1, 'noise'),
      () => randomStream(2, 'noise'),
      () => randomStream(1 + 2 ** 32, 'noise'),
      () => randomStream(1, 'dropout'),
      () => randomStream(1, 'noise', 0),
      () => randomStream(1, 'noise', 0, 0),
      () => randomStream(1, 'noise', 1),
      () => randomStream(1, 'noise', 0, 1),
      () => randomStream(1, 'noise', 1, 0),
    ];
    const first = streams.map((open) => words(open(), 6));
    expect(streams.map((open) => words(open(), 6))).toEqual(first);
    expect(new Set(first.map((row) => row.join())).size).toBe(streams.length);
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => randomStream(seed, 'noise')).toThrow(
      new RangeError(
        `Cannot open the random stream "noise": a seed is an integer from 0 to 2^53 − 1, not ${seed}.`,
      ),
    );
  });

  test.each([-1, 0.5, NaN, 2 ** 32])('refuses the index %d', (index) => {
    const message = `Cannot open the random stream "noise": an index is an integer from 0 to 2^32 − 1, not ${index}.`;
    expect(() => randomStream(0, 'noise', index)).toThrow(new RangeError(message));
    expect(() => randomStream(0, 'noise', 0, index)).toThrow(new RangeError(message));
  });
});

test('nextUniform gives multiples of 2^-24 in [0, 1) with the mean and variance of a uniform', () => {
  const stream = randomStream(7, 'uniform');
  const count = 100_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const uniform = stream.nextUniform();
    if (!(uniform >= 0 && uniform < 1 && Math.fround(uniform) === uniform)) expect.fail(`drew ${uniform}`);
    sum += uniform;
    squares += (uniform - 0.5) ** 2;
  }
  // Four standard errors: √(1/12 / n) and √(1/180 / n).
  expect(Math.abs(sum / count - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
  expect(Math.abs(squares / count - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / count));
});

describe('nextInt', () => {
  test.each([
    // word modulo limit gives the lowest third twice as often as the others,
    ['third of the range', (value: number) => Math.floor(value / 2 ** 30)],
    // and the upper half of word · limit, without rejection, every third value.
    ['remainder by three', (value: number) => value % 3],
  ])('gives each %s equally often where the limit does not divide 2^32', (_, group) => {
    const stream = randomStream(7, 'int');
    const counts = [0, 0, 0];
    const draws = 30_000;
    for (let i = 0; i < draws; i++) counts[group(stream.nextInt(3 * 2 ** 30))]++;
    const standardDeviation = Math.sqrt((draws * 2) / 9);
    for (const count of counts) expect(Math.abs(count - draws / 3)).toBeLessThan(4 * standardDeviation);
  });

  it('gives every value below the limit and none else', () => {
    const stream = randomStream(7, 'int');
    const seen = new Set(Array.from({ length: 1000 }, () => stream.nextInt(10)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(stream.nextInt(1)).toBe(0);
  });

  test.each([0, -1, 1.5, NaN, 2 ** 32])('refuses the limit %d', (limit) => {
    expect(() => randomStream(0, 'int').nextInt(limit)).toThrow(RangeError);
  });
});

describe('nextNormal', () => {
  it('gives the first four moments of a standard normal, and neighbours that do not correlate', () => {
    const stream = randomStream(7, 'normal');
    const count = 200_000;
    const moments = [0, 0, 0, 0];
    let neighbours = 0;
    let previous = 0;
    for (let i = 0; i < count; i++) {
      const normal = stream.nextNormal();
      moments.forEach((moment, power) => (moments[power] = moment + normal ** (power + 1) / count));
      neighbours += (normal * previous) / count;
      previous = normal;
    }
    // Means and variances of the powers of a standard normal.
    const expected = [0, 1, 0, 3];
    const variances = [1, 2, 15, 96];
    moments.forEach((moment, power) => {
      expect(Math.abs(moment - expected[power])).toBeLessThan(4 * Math.sqrt(variances[power] / count));
    });
    expect(Math.abs(neighbours)).toBeLessThan(4 * Math.sqrt(1 / count));
  });

  it('takes two words for two numbers', () => {
    const stream = randomStream(7, 'normal');
    stream.nextNormal();
    stream.nextNormal();
    expect(stream.nextUint32()).toBe(words(randomStream(7, 'normal'), 3)[2]);
  });
});

describe('shuffledIndices', () => {
  it('holds each index once', () => {
    const shuffled = shuffledIndices(60_000, randomStream(1, 'shuffle'));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 60_000 }, (_, i) => i));
    expect(shuffledIndices(0, randomStream(1, 'shuffle'))).toEqual(new Uint32Array());
    expect(shuffledIndices(1, randomStream(1, 'shuffle'))).toEqual(new Uint32Array([0]));
  });

  it('gives every order equally often', () => {
    const stream = randomStream(1, 'shuffle');
    const orders = new Map<string, number>();
    const count = 24_000;
    for (let i = 0; i < count; i++) {
      const order = shuffledIndices(4, stream).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const expected = count / 24;
    const chiSquare = [...orders.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // The 99.9th percentile of chi-square with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(49.73);
  });

  test.each([-1, 0.5, NaN, 2 ** 32])('refuses the count %d', (count) => {
    expect(() => shuffledIndices(count, randomStream(0, 'shuffle'))).toThrow(RangeError);
  });
});
