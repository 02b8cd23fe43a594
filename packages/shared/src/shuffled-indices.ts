import type { RandomStream } from './random-stream.ts';

/**
 * The numbers 0 to count − 1 in random order, every order equally likely as far as the stream's words are random
 * (Fisher and Yates's shuffle in Durstenfeld's form, Communications of the ACM 7(7), 1964, algorithm 235).
 *
 * @param count integer in [0, 2^32)
 * @param stream draws count − 1 integers from it
 * @returns uint32 [count]
 * @throws RangeError if `count` is outside its range
 */
export function shuffledIndices(count: number, stream: RandomStream): Uint32Array {
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** 32) {
    throw new RangeError(`Cannot shuffle ${count} indices: the count must be an integer from 0 to 2^32 − 1.`);
  }
  const indices = new Uint32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = stream.nextInt(i + 1);
    const index = indices[i];
    indices[i] = indices[j];
    indices[j] = index;
  }
  return indices;
}
