/**
 * The 32-bit FNV-1a hash of a text's UTF-8 bytes: for each byte, `hash = (hash XOR byte) · 0x01000193 mod 2^32`,
 * starting from 0x811c9dc5.
 *
 * Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm",
 * https://datatracker.ietf.org/doc/draft-eastlake-fnv/.
 *
 * @returns an integer in [0, 2^32)
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
