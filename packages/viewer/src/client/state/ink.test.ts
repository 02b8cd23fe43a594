import { expect, test } from 'vitest';
import { decodeInk, encodeInk } from './ink.ts';

test('a drawing comes back within half a level of grey', () => {
  const image = Float32Array.from({ length: 784 }, (_, i) => ((i * 37) % 101) / 100);
  const text = encodeInk(image);
  expect(text).toMatch(/^[\w-]{523}$/);
  const back = decodeInk(text, 784)!;
  const largest = Math.max(...image.map((value, i) => Math.abs(value - back[i])));
  expect(largest).toBeLessThanOrEqual(1 / 30 + 1e-6);
  expect(largest).toBeGreaterThan(0);
});

test('an odd number of pixels comes back, too', () => {
  expect(decodeInk(encodeInk(Float32Array.of(1, 0, 0.2)), 3)).toEqual(Float32Array.of(1, 0, 0.2));
});

test.each(['', '!', 'AAAA', 'A'.repeat(524)])('%j is no drawing of 784 pixels', (text) => {
  expect(decodeInk(text, 784)).toBeUndefined();
});
