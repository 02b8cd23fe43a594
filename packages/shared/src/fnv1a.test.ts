import { expect, test } from 'vitest';
import { fnv1a } from './fnv1a.ts';

test.each([
  // Test vectors of the draft's appendix.
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
  // Two bytes in UTF-8, c3 a9; the value is from a Python script with the same definition.
  ['é', 0x1e9de8c1],
])('fnv1a(%j)', (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});
