import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { parseIdxImages, parseIdxLabels } from './idx.ts';

/** An IDX file: two zero bytes, type, rank, the dimensions, the values. */
function idx(dimensions: number[], values: ArrayLike<number>, type = 0x08): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint8(2, type);
  header.setUint8(3, dimensions.length);
  dimensions.forEach((dimension, i) => {
    header.setUint32(4 + 4 * i, dimension);
  });
  return Uint8Array.of(...new Uint8Array(header.buffer), ...Array.from(values));
}

const pixels = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => i * 10);
const images = idx([2, 3, 4], pixels);
const labels = idx([3], [0, 9, 4]);

describe('parseIdxImages', () => {
  it('reads plain bytes without a copy', () => {
    const parsed = parseIdxImages(images, 'images');
    expect(parsed).toEqual({ count: 2, height: 3, width: 4, pixels });
    expect(parsed.pixels.buffer).toBe(images.buffer);
  });

  it('reads a file that lies within a larger buffer', () => {
    const larger = Uint8Array.of(1, 2, 3, ...images, 4);
    expect(parseIdxImages(larger.subarray(3, -1), 'images').pixels).toEqual(pixels);
  });

  it('gives a Uint8Array also of a Buffer, whose slice() would be another', () => {
    expect(Object.getPrototypeOf(parseIdxImages(Buffer.from(images), 'images').pixels)).toBe(
      Uint8Array.prototype,
    );
  });

  it('reads gzip, in one member or several', () => {
    expect(parseIdxImages(gzipSync(images), 'images.gz')).toEqual({ count: 2, height: 3, width: 4, pixels });
    const members = Buffer.concat([gzipSync(images.subarray(0, 20)), gzipSync(images.subarray(20))]);
    expect(parseIdxImages(members, 'images.gz').pixels).toEqual(pixels);
  });
});

test('parseIdxLabels reads plain bytes and gzip', () => {
  expect(parseIdxLabels(labels, 'labels', 10)).toEqual(Uint8Array.of(0, 9, 4));
  expect(parseIdxLabels(gzipSync(labels), 'labels.gz', 10)).toEqual(Uint8Array.of(0, 9, 4));
});

const gzipped = gzipSync(images);
const flipped = Uint8Array.from(gzipped, (byte, i) => (i === gzipped.length - 6 ? byte ^ 1 : byte));

test.each<[bad: string, parse: () => unknown, rule: string]>([
  ['an empty file', () => parseIdxImages(new Uint8Array(), 'x'), 'takes 16 bytes, but the file has 0'],
  ['half a header', () => parseIdxImages(images.subarray(0, 15), 'x'), 'takes 16 bytes, but the file has 15'],
  [
    'labels for images',
    () => parseIdxImages(idx([20], pixels), 'x'),
    'an IDX file of images starts with 0x00000803, this one with 0x00000801',
  ],
  [
    'images for labels',
    () => parseIdxLabels(images, 'x', 10),
    'an IDX file of labels starts with 0x00000801, this one with 0x00000803',
  ],
  [
    'a zip file',
    () => parseIdxImages(Buffer.from('PK\x03\x04 and so on for a while'), 'x'),
    'an IDX file of images starts with 0x00000803, this one with 0x504b0304',
  ],
  [
    'floats',
    () => parseIdxImages(idx([2, 3, 1], new Uint8Array(24), 0x0d), 'x'),
    "the values' type must be 0x08, unsigned bytes, not 0x0d",
  ],
  [
    'truncated values',
    () => parseIdxImages(images.subarray(0, -1), 'x'),
    '2 × 3 × 4 pixels after a header of 16 bytes take 40 bytes, but the file has 39',
  ],
  ['trailing bytes', () => parseIdxImages(Uint8Array.of(...images, 0), 'x'), 'but the file has 41'],
  [
    'trailing labels',
    () => parseIdxLabels(Uint8Array.of(...labels, 0), 'x', 10),
    'take 11 bytes, but the file has 12',
  ],
  [
    'no images',
    () => parseIdxImages(idx([0, 3, 4], []), 'x'),
    'must take from 1 to 1073741824 bytes, not 0 × 3 × 4',
  ],
  ['flat images', () => parseIdxImages(idx([2, 3, 0], []), 'x'), 'not 2 × 3 × 0'],
  [
    'no labels',
    () => parseIdxLabels(idx([0], []), 'x', 10),
    'its labels must take from 1 to 1073741824 bytes, not 0',
  ],
  [
    'huge dimensions, also ones whose product wraps to 0 in 32 bits',
    () => parseIdxImages(idx([65_536, 65_536, 1], []), 'x'),
    'not 65536 × 65536 × 1',
  ],
  [
    'the largest dimensions',
    () => parseIdxImages(idx([0xffffffff, 0xffffffff, 0xffffffff], []), 'x'),
    'not 4294967295 × 4294967295 × 4294967295',
  ],
  ['a label too large', () => parseIdxLabels(labels, 'x', 9), 'labels must be below 9, but label 1 is 9'],
  ['nothing but the mark of gzip', () => parseIdxImages(gzipped.subarray(0, 2), 'x'), 'takes 16 bytes'],
  [
    'gzip cut off within the values',
    () => parseIdxImages(gzipped.subarray(0, -12), 'x'),
    'it must be sound gzip (unexpected end of file)',
  ],
  [
    'gzip with a wrong sum',
    () => parseIdxImages(flipped, 'x'),
    'it must be sound gzip (incorrect data check)',
  ],
  [
    'gzip followed by something else',
    () => parseIdxImages(Buffer.concat([gzipped, Buffer.from('more')]), 'x'),
    'it must be sound gzip (incorrect header check)',
  ],
  [
    'gzip of too few values',
    () => parseIdxImages(gzipSync(images.subarray(0, -1)), 'x'),
    'but the file has 39',
  ],
  [
    'gzip of another kind',
    () => parseIdxImages(gzipSync(labels), 'x'),
    'takes 16 bytes, but the file has 11',
  ],
  [
    'gzip of more than its header announces',
    () => parseIdxImages(gzipSync(Buffer.concat([images, Buffer.alloc(200_000_000)])), 'x'),
    'it must decompress to the 40 bytes that its header announces, not to more',
  ],
])('refuses %s', (_, parse, rule) => {
  expect(parse).toThrow(ExpectedError);
  expect(parse).toThrow(/^Cannot read "x": .* Replace it by an intact copy\.$/);
  expect(parse).toThrow(rule);
});

describe('whatever the bytes', () => {
  const dimension = fc.integer({ min: 1, max: 6 });
  const good = fc
    .tuple(dimension, dimension, dimension)
    .chain(([count, height, width]) =>
      fc
        .uint8Array({ minLength: count * height * width, maxLength: count * height * width })
        .map((values) => ({ count, height, width, pixels: values })),
    );
  const fileOf = ({ count, height, width, pixels: values }: ReturnType<typeof parseIdxImages>) =>
    idx([count, height, width], values);

  it('gives back what was written, plain and gzip', () => {
    fc.assert(
      fc.property(good, (content) => {
        expect(parseIdxImages(fileOf(content), 'x')).toEqual(content);
        expect(parseIdxImages(gzipSync(fileOf(content)), 'x')).toEqual(content);
      }),
    );
  });

  it('throws its own error, or what it gives writes the same file again', () => {
    const damaged = good.chain((content) => {
      const file = fileOf(content);
      const whole = fc.constantFrom<Uint8Array>(file, gzipSync(file));
      return fc
        .tuple(
          whole,
          fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
          fc.nat(),
        )
        .map(([bytes, edits, cut]) => {
          const copy = Uint8Array.from(bytes);
          for (const [at, byte] of edits) copy[at % copy.length] = byte;
          return cut % 3 === 0 ? copy.subarray(0, cut % copy.length) : copy;
        });
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damaged), (bytes) => {
        let parsed;
        try {
          parsed = parseIdxImages(bytes, 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(ExpectedError);
          return;
        }
        accepted++;
        expect(parsed.pixels.length).toBe(parsed.count * parsed.height * parsed.width);
        if (bytes[0] === 0) expect(fileOf(parsed)).toEqual(Uint8Array.from(bytes));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('gives labels below the number of classes, or throws its own error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (values) => {
        const file = idx([values.length], values);
        const tooLarge = values.findIndex((label) => label >= 200);
        if (tooLarge === -1) expect(parseIdxLabels(file, 'x', 200)).toEqual(values);
        else {
          expect(() => parseIdxLabels(file, 'x', 200)).toThrow(
            `labels must be below 200, but label ${tooLarge} is ${values[tooLarge]}.`,
          );
        }
      }),
    );
  });
});
