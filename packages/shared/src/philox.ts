/** Four 32-bit words: a counter that is encrypted, or the block of random words that comes out. */
export type PhiloxBlock = readonly [number, number, number, number];

/** Two 32-bit words: which of the 2^64 sequences. */
export type PhiloxKey = readonly [number, number];

const rounds = 10;
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
/** Added to the key's words between rounds: the fractional parts of the golden ratio and of √3, times 2^32. */
const keyStep0 = 0x9e3779b9;
const keyStep1 = 0xbb67ae85;

/**
 * The upper 32 bits of the 64-bit product of two uint32: floor(a · b / 2^32).
 *
 * @param a integer, taken modulo 2^32
 * @param b integer, taken modulo 2^32
 * @returns an integer in [0, 2^32)
 */
export function multiplyHigh(a: number, b: number): number {
  // Long multiplication in 16-bit digits: a float64 could not hold the product, and this stays in integer registers.
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/**
 * The Philox4x32-10 block function: 128 random bits as a pure function of a counter and a key.
 *
 * Two different counters under the same key never give the same block (the function is a bijection of the counter),
 * so any number can be drawn again without drawing those before it.
 *
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * https://doi.org/10.1145/2063384.2063405. Tested against the known answers that come with its Random123 library.
 *
 * @param counter four words, each taken modulo 2^32
 * @param key two words, each taken modulo 2^32
 * @returns four words, each an integer in [0, 2^32)
 */
export function philox4x32(counter: PhiloxBlock, key: PhiloxKey): PhiloxBlock {
  // Kept as int32, for Math.imul and the bitwise operators take either sign; made unsigned at the end.
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + keyStep0) | 0;
    k1 = (k1 + keyStep1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}
