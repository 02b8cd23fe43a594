import { fnv1a } from './fnv1a.ts';
import { multiplyHigh, philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';

/**
 * A sequence of random numbers that depends on nothing but what `randomStream` was given. Every method draws from the
 * same sequence of words, so the order of calls matters.
 */
export interface RandomStream {
  /** An integer in [0, 2^32), every value equally likely. Takes one word. */
  nextUint32(): number;
  /** A multiple of 2^-24 in [0, 1), each equally likely, so that it is exact as a float32. Takes one word. */
  nextUniform(): number;
  /**
   * An integer in [0, limit), every value exactly equally likely. Takes one word, seldom more.
   *
   * Source: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019,
   * https://arxiv.org/abs/1805.10941.
   *
   * @param limit integer in [1, 2^32)
   * @throws RangeError if `limit` is anything else
   */
  nextInt(limit: number): number;
  /**
   * A number from the normal distribution of mean 0 and variance 1, at most 6.66 from 0. Takes two words every other
   * time, by the Box–Muller transform, and keeps the second of each pair for the next call.
   *
   * The last bit rests on the JavaScript engine's `Math.log`, `Math.cos` and `Math.sin`; all else here is exact.
   *
   * Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates", 1958,
   * https://doi.org/10.1214/aoms/1177706645.
   */
  nextNormal(): number;
}

const twoTo32 = 2 ** 32;

/**
 * Opens the stream of random numbers that belongs to a seed, a purpose and up to two indices.
 *
 * The stream is Philox4x32-10 (see `philox4x32`) with these words, so that streams of different arguments share no
 * block, unless two purposes have the same 32-bit hash:
 *
 * | word | holds |
 * | --- | --- |
 * | key 0 | the lower 32 bits of `seed` |
 * | key 1 | FNV-1a of `purpose` |
 * | counter 0 | the number of the block of four words within the stream |
 * | counter 1, 2 | the indices, 0 where not given |
 * | counter 3 | the upper 21 bits of `seed`, above them how many indices were given |
 *
 * @param seed integer in [0, 2^53), the one a run is started with
 * @param purpose what the numbers are for, such as `'shuffle:cnn'`
 * @param indices at most two integers in [0, 2^32), such as epoch and step
 * @throws RangeError if the seed or an index is outside its range
 */
export function randomStream(
  seed: number,
  purpose: string,
  ...indices: [] | [number] | [number, number]
): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `Cannot open the random stream "${purpose}": a seed is an integer from 0 to 2^53 − 1, not ${seed}.`,
    );
  }
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= twoTo32) {
      throw new RangeError(
        `Cannot open the random stream "${purpose}": an index is an integer from 0 to 2^32 − 1, not ${index}.`,
      );
    }
  }
  const key: PhiloxKey = [seed >>> 0, fnv1a(purpose)];
  const [first = 0, second = 0] = indices;
  const last = Math.floor(seed / twoTo32) | (indices.length << 21);
  let blocks = 0;
  let block: PhiloxBlock = [0, 0, 0, 0];
  let used = 4;
  let spareNormal: number | undefined;

  function nextUint32(): number {
    if (used === 4) {
      if (blocks === twoTo32) {
        throw new RangeError(
          `Cannot draw from the random stream "${purpose}": all its 2^34 words are used up; split it by an index.`,
        );
      }
      block = philox4x32([blocks++, first, second, last], key);
      used = 0;
    }
    return block[used++];
  }

  function nextUniform(): number {
    return (nextUint32() >>> 8) * 2 ** -24;
  }

  function nextInt(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit >= twoTo32) {
      throw new RangeError(
        `Cannot draw an integer below ${limit}: the limit must be an integer from 1 to 2^32 − 1.`,
      );
    }
    let word = nextUint32();
    let remainder = Math.imul(word, limit) >>> 0;
    if (remainder < limit) {
      const surplus = (twoTo32 - limit) % limit;
      while (remainder < surplus) {
        word = nextUint32();
        remainder = Math.imul(word, limit) >>> 0;
      }
    }
    return multiplyHigh(word, limit);
  }

  function nextNormal(): number {
    if (spareNormal !== undefined) {
      const normal = spareNormal;
      spareNormal = undefined;
      return normal;
    }
    // In (0, 1], for 0 has no logarithm.
    const uniform = (nextUint32() + 1) / twoTo32;
    const radius = Math.sqrt(-2 * Math.log(uniform));
    const angle = (2 * Math.PI * nextUint32()) / twoTo32;
    spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  return { nextUint32, nextUniform, nextInt, nextNormal };
}
