import { encodeSafetensors } from '@narrows/shared';
import { expect, test } from 'vitest';
import { readSamples } from './sample-digits.ts';

const count = 12;
const file = encodeSafetensors({
  metadata: {},
  tensors: [
    { name: 'indices', shape: [count], data: Int32Array.from({ length: count }, (_, i) => 700 + i) },
    { name: 'labels', shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 10) },
    { name: 'originals', shape: [count, 2, 2, 1], data: Uint8Array.from({ length: 4 * count }, (_, i) => i) },
    { name: 'reconstructions/pca', shape: [count, 2, 2, 1], data: new Uint8Array(4 * count) },
  ],
});

test('the first ten samples are read with their place and class', () => {
  const samples = readSamples(file, 4);
  expect(samples).toHaveLength(10);
  expect(samples[9]).toEqual({ index: 709, label: 9, pixels: Uint8Array.of(36, 37, 38, 39) });
});

test('of a part of the file those are read that are whole', () => {
  const whole = file.length - 4 * count;
  expect(readSamples(file.slice(0, whole - 4 * 5 - 1), 4)).toHaveLength(6);
  expect(readSamples(file.slice(0, 20), 4)).toEqual([]);
});

test('a file without them gives none', () => {
  const other = encodeSafetensors({
    metadata: {},
    tensors: [{ name: 'x', shape: [1], data: Uint8Array.of(1) }],
  });
  expect(readSamples(other, 4)).toEqual([]);
});
