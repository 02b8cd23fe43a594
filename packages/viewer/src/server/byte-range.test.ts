import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseByteRange } from './byte-range.ts';

const sizes = fc.nat({ max: 1e6 });

describe('a Range header', () => {
  test('of the grammar gives the bytes that it names, cut to the file', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), sizes, (start, length, sizeBytes) => {
        const range = parseByteRange(`bytes=${start}-${start + length}`, sizeBytes);
        if (start >= sizeBytes) expect(range).toBe('unsatisfiable');
        else expect(range).toEqual({ start, end: Math.min(start + length, sizeBytes - 1) });
      }),
    );
  });

  test('of a last part gives so many bytes, or all there are', () => {
    fc.assert(
      fc.property(fc.nat(), sizes, (length, sizeBytes) => {
        const range = parseByteRange(`bytes=-${length}`, sizeBytes);
        if (length === 0 || sizeBytes === 0) expect(range).toBe('unsatisfiable');
        else expect(range).toEqual({ start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 });
      }),
    );
  });

  test('of whatever text never gives bytes that the file has not', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        'bytes',
        '=',
        '-',
        ',',
        ' ',
        '\t',
        '0',
        '00',
        '1e3',
        '0x1',
        '+1',
        'Infinity',
        '٣',
        'NaN',
      ),
      fc.nat().map(String),
      fc.bigInt({ min: 0n, max: 2n ** 200n }).map(String),
      fc.string(),
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 4 }).map((parts) => `bytes=${parts.join('')}`),
    );
    fc.assert(
      fc.property(text, sizes, (header, sizeBytes) => {
        const range = parseByteRange(header, sizeBytes);
        if (typeof range === 'string') return;
        expect(Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end)).toBe(true);
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(sizeBytes);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    'bytes=0-1,3-4',
    'bytes=',
    'bytes=-',
    'bytes=2-1',
    'bytes=1',
    'items=0-1',
    'bytes 0-1',
    'bytes=0 - 1',
  ])('%s counts as none', (header) => {
    expect(parseByteRange(header, 10)).toBe('ignored');
  });
});
