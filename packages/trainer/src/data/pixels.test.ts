import { expect, test } from 'vitest';
import { roundToBytes, scaleBytes } from './pixels.ts';

test('bytes become float32 in [0, 1]', () => {
  expect(scaleBytes(Uint8Array.of(0, 51, 255))).toEqual(Float32Array.of(0, 0.2, 1));
});

test('every byte comes back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(roundToBytes(scaleBytes(bytes))).toEqual(bytes);
});

test('what lies outside of [0, 1] is clipped, the rest rounded', () => {
  expect(roundToBytes(Float32Array.of(-0.1, 1.2, 0.4999 / 255, 0.5001 / 255))).toEqual(
    Uint8Array.of(0, 255, 0, 1),
  );
});
