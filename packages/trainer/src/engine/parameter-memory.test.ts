import type { ParameterSpec } from '@narrows/models';
import { expect, test } from 'vitest';
import { mnistModel } from '../testing/training-batches.ts';
import { parameterMemory } from './parameter-memory.ts';

const groups = ['parameters', 'm', 'v', 'gradients', 'average'] as const;
const spec = (name: string, ...shape: number[]): ParameterSpec => ({ name, shape });
const small = [spec('kernel', 2, 3), spec('bias', 3), spec('scalar'), spec('wide', 5, 4)];

test('every view has the size of its parameter and begins at a multiple of 16 bytes', () => {
  const memory = parameterMemory(small);
  for (const group of groups) {
    expect(memory.offset(group) % 16).toBe(0);
    for (const { name, shape } of small) {
      const view = memory.view(group, name);
      expect(view.length).toBe(shape.reduce((a, b) => a * b, 1));
      expect(view.byteOffset % 16).toBe(0);
      expect(view.buffer).toBe(memory.memory.buffer);
    }
  }
});

test('no two views share a float, and each lies within its group', () => {
  const memory = parameterMemory(small);
  const views = groups.flatMap((group) =>
    small.map(({ name }) => ({ group, view: memory.view(group, name) })),
  );
  views.forEach(({ view }, i) => view.fill(i + 1));
  views.forEach(({ group, view }, i) => {
    expect(new Set(view)).toEqual(new Set([i + 1]));
    const first = (view.byteOffset - memory.offset(group)) / 4;
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first + view.length).toBeLessThanOrEqual(memory.floats);
  });
  // Gaps, and what is left of the last page, stay as they are.
  const filled = views.reduce((sum, { view }) => sum + view.length, 0);
  expect(new Float32Array(memory.memory.buffer).filter((value) => value !== 0)).toHaveLength(filled);
});

test('a group is as long as all parameters with their gaps, and all groups fit', () => {
  const memory = parameterMemory(small);
  expect(memory.floats).toBe(8 + 4 + 4 + 20);
  expect(groups.map((group) => memory.offset(group))).toEqual([0, 144, 288, 432, 576]);
});

test('a model of real size has the pages it needs, which is never more than one too many', () => {
  const { parameters, parameterCount } = mnistModel('cnn');
  const { memory, floats } = parameterMemory(parameters);
  expect(floats).toBeGreaterThanOrEqual(parameterCount);
  expect(floats).toBeLessThan(parameterCount + 4 * parameters.length);
  expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(groups.length * 4 * floats);
  expect(memory.buffer.byteLength).toBeLessThan(groups.length * 4 * floats + 65_536);
});

test('the memory never grows, for that would detach the views', () => {
  expect(() => parameterMemory(small).memory.grow(1)).toThrow(RangeError);
});

test('copies stay as they were when the memory changes', () => {
  const memory = parameterMemory(small);
  memory.view('m', 'bias').set([1, 2, 3]);
  const copies = memory.copy('m');
  memory.view('m', 'bias').fill(9);
  expect(Object.keys(copies)).toEqual(['kernel', 'bias', 'scalar', 'wide']);
  expect(copies['bias']).toEqual(Float32Array.of(1, 2, 3));
  expect(memory.copy('v')['bias']).toEqual(new Float32Array(3));
});
