import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { multiplyHigh, philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';

const ones = 0xffffffff;

/** Lines "philox4x32 10" of kat_vectors in Random123. */
const knownAnswers: { counter: PhiloxBlock; key: PhiloxKey; block: PhiloxBlock }[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [ones, ones, ones, ones],
    key: [ones, ones],
    block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe('philox4x32', () => {
  test.each(knownAnswers)('gives the known answer $block', ({ counter, key, block }) => {
    expect(philox4x32(counter, key)).toEqual(block);
  });

  it('takes words modulo 2^32', () => {
    expect(philox4x32([-1, ones, -1, ones], [-1, ones])).toEqual(knownAnswers[1].block);
  });
});

test('multiplyHigh is the upper half of the 64-bit product', () => {
  const uint32 = fc.integer({ min: 0, max: ones });
  fc.assert(
    fc.property(uint32, uint32, (a, b) => {
      expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
    { numRuns: 2000, examples: [[ones, ones]] },
  );
});
