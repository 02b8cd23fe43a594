import { expect, test } from 'vitest';
import { initialParameters } from './initial-parameters.ts';
import { findModel } from './model-table.ts';
import type { ParameterSpec } from './model.ts';

const context = { imageShape: [28, 28, 1], classes: 10 } as const;
const { model } = findModel('cnn', context)!;
const values = initialParameters(model.parameters, 3, 'cnn');

test('every parameter gets as many float32 values as its shape takes', () => {
  expect(Object.keys(values)).toEqual(model.parameters.map(({ name }) => name));
  for (const { name, shape } of model.parameters) {
    expect(values[name]).toBeInstanceOf(Float32Array);
    expect(values[name]).toHaveLength(shape.reduce((a, b) => a * b, 1));
  }
});

test.each([
  ['classifier/conv1/kernel', 9 * 1, 9 * 32],
  ['classifier/conv2/kernel', 9 * 32, 9 * 64],
  ['classifier/hidden/kernel', 3136, 128],
  ['classifier/logits/kernel', 128, 10],
])('%s lies within ±√(6 / (%d + %d))', (name, fanIn, fanOut) => {
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  const largest = values[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(Math.fround(bound));
  expect(largest).toBeGreaterThan(0.95 * bound);
});

test('biases start at 0', () => {
  const biases = model.parameters.filter(({ name }) => name.endsWith('/bias'));
  expect(biases).toHaveLength(4);
  for (const { name } of biases) expect(values[name].every((value) => value === 0)).toBe(true);
});

test('the values are uniform: extremes, mean, variance and halves of 100,000 of them', () => {
  const spec: ParameterSpec = { name: 'w', shape: [500, 200] };
  const { w } = initialParameters([spec], 1, 'any');
  const bound = Math.sqrt(6 / 700);
  const n = w.length;
  const mean = w.reduce((a, b) => a + b) / n;
  const variance = w.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  expect(Math.max(...w.subarray(0, 1000))).toBeGreaterThan(0.98 * bound);
  expect(Math.min(...w.subarray(0, 1000))).toBeLessThan(-0.98 * bound);
  // Each of these statistics of an even spread has a standard deviation of which four are allowed.
  expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * n));
  expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(4 * Math.sqrt(0.8 / n));
  const small = w.filter((value) => Math.abs(value) < bound / 2).length;
  expect(Math.abs(small / n - 0.5)).toBeLessThan(2 / Math.sqrt(n));
});

test('the same seed, model and parameter give the same bytes', () => {
  const again = initialParameters(model.parameters, 3, 'cnn');
  for (const { name } of model.parameters) {
    expect(Buffer.from(again[name].buffer).equals(Buffer.from(values[name].buffer))).toBe(true);
  }
});

test('another seed, another model and another parameter give other values', () => {
  const spec = (name: string): ParameterSpec => ({ name, shape: [5, 10] });
  const draws = [
    initialParameters([spec('a')], 1, 'basic-32')['a'],
    initialParameters([spec('a')], 2, 'basic-32')['a'],
    initialParameters([spec('a')], 1, 'basic-64')['a'],
    initialParameters([spec('b')], 1, 'basic-32')['b'],
  ];
  const shared = draws.flatMap((one, i) =>
    draws.slice(i + 1).map((other) => one.filter((value) => other.includes(value)).length),
  );
  // Of 50 values out of 2²⁴, hardly two are ever the same.
  expect(Math.max(...shared)).toBeLessThanOrEqual(1);
});

test('a parameter does not depend on which others are drawn with it', () => {
  const [first, second] = model.parameters;
  expect(initialParameters([second, first], 3, 'cnn')[first.name]).toEqual(values[first.name]);
});
