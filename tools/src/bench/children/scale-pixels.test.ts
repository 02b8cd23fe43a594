import { expect, it } from 'vitest';
import { scalePixels } from './scale-pixels.ts';

it('brings bytes into [0, 1]', () => {
  expect([...scalePixels(Uint8Array.of(0, 51, 255))]).toEqual([0, Math.fround(0.2), 1]);
});
