import type { ParameterSpec } from '@narrows/models';
import type { ParameterArrays } from './engine.ts';

/** The groups of arrays that a training step works on, each as long as all parameters together. */
const groups = ['parameters', 'm', 'v', 'gradients', 'average'] as const;

type ArrayGroup = (typeof groups)[number];

/** Parameters, moments, gradients and the moving average of a model, side by side in one WebAssembly memory of fixed size. */
export interface ParameterMemory {
  readonly memory: WebAssembly.Memory;
  /** Floats in each group, with the gaps that keep every parameter aligned. */
  readonly floats: number;
  /** Byte offset of a group. */
  offset(group: ArrayGroup): number;
  /** View of one parameter's part of a group. */
  view(group: ArrayGroup, name: string): Float32Array;
  /** Copies of all parameters' parts of a group. */
  copy(group: ArrayGroup): ParameterArrays;
}

/** Floats in 16 bytes, the width that WebAssembly's SIMD works in. */
const lane = 4;
const pageBytes = 65_536;

/**
 * Lays a model's parameters out in a new memory. The memory never grows, since growing would detach the views; the gaps
 * between parameters are zero, and stay so under Adam because their gradients are.
 */
export function parameterMemory(parameters: readonly ParameterSpec[]): ParameterMemory {
  const places = new Map<string, { start: number; size: number }>();
  let floats = 0;
  for (const { name, shape } of parameters) {
    const size = shape.reduce((product, length) => product * length, 1);
    places.set(name, { start: floats, size });
    floats += Math.ceil(size / lane) * lane;
  }
  const pages = Math.max(1, Math.ceil((floats * groups.length * Float32Array.BYTES_PER_ELEMENT) / pageBytes));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const offset = (group: ArrayGroup): number =>
    groups.indexOf(group) * floats * Float32Array.BYTES_PER_ELEMENT;
  const view = (group: ArrayGroup, name: string): Float32Array => {
    const { start, size } = places.get(name)!;
    return new Float32Array(memory.buffer, offset(group) + start * Float32Array.BYTES_PER_ELEMENT, size);
  };
  return {
    memory,
    floats,
    offset,
    view,
    copy: (group) => Object.fromEntries([...places.keys()].map((name) => [name, view(group, name).slice()])),
  };
}
