import { describe, expect, it } from 'vitest';
import { compileWasmLoop, encodeLoop, type LoopBody, type LoopOp, type LoopOperand } from './wasm-loop.ts';

/** What each operation does to float32 numbers, before it is rounded to float32. */
const arithmetic: Readonly<Record<LoopOp, (a: number, b: number) => number>> = {
  abs: (a) => Math.abs(a),
  neg: (a) => -a,
  sqrt: (a) => Math.sqrt(a),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
};
const unary: ReadonlySet<LoopOp> = new Set(['abs', 'neg', 'sqrt']);

/** Zeros of both signs, infinities, not-a-number, numbers that are subnormal, or overflow when added or multiplied. */
const edges = [0, -0, 1, -1, 0.1, -2.5, 3e38, -3e38, 1e-40, -1e-45, Infinity, -Infinity, NaN];

const pageBytes = 65_536;
const alignment = 64;

/** Runs a loop on arrays in a memory of its own, and sees that it leaves what lies behind each array alone. */
function runLoop(
  body: LoopBody,
  arrays: readonly (readonly number[])[],
  numbers: readonly number[] = [],
): Float32Array[] {
  const { length } = arrays[0];
  const memory = new WebAssembly.Memory({ initial: 4 });
  const bytes = length * Float32Array.BYTES_PER_ELEMENT;
  const places = arrays.length + body.stored.length;
  const stride = (Math.floor(bytes / alignment) + 2) * alignment;
  expect(places * stride).toBeLessThanOrEqual(4 * pageBytes);
  const guard = new Float32Array(memory.buffer).fill(77);
  const pointers = Array.from({ length: places }, (_, i) => i * stride);
  const views = pointers.map((pointer) => new Float32Array(memory.buffer, pointer, length));
  arrays.forEach((values, i) => {
    views[i].set(values);
  });
  compileWasmLoop(body, memory)(bytes, pointers, numbers);
  for (const pointer of pointers) {
    const end = pointer + Math.ceil(bytes / 16) * 16;
    expect(guard.slice(end / 4, (pointer + stride) / 4).every((element) => element === 77)).toBe(true);
  }
  return views.slice(arrays.length);
}

const array = (index: number): LoopOperand => ({ kind: 'array', index });
const number = (index: number): LoopOperand => ({ kind: 'number', index });
const step = (index: number): LoopOperand => ({ kind: 'step', index });

describe('compileWasmLoop', () => {
  it.each(Object.keys(arithmetic) as LoopOp[])('%s is what float32 arithmetic says, edges included', (op) => {
    const pairs = edges.flatMap((a) => edges.map((b) => [Math.fround(a), Math.fround(b)] as const));
    const operands = unary.has(op) ? [array(0)] : [array(0), array(1)];
    const body: LoopBody = { arrays: 2, numbers: 0, steps: [{ op, operands }], stored: [0] };
    const [result] = runLoop(body, [pairs.map(([a]) => a), pairs.map(([, b]) => b)]);
    expect(result).toEqual(Float32Array.from(pairs, ([a, b]) => arithmetic[op](a, b)));
  });

  it.each([1, 3, 4, 5, 8, 15, 16, 17, 20, 1023, 1025])('goes through arrays of %i elements', (length) => {
    const body: LoopBody = {
      arrays: 1,
      numbers: 1,
      steps: [{ op: 'mul', operands: [array(0), number(0)] }],
      stored: [0],
    };
    const values = Array.from({ length }, (_, i) => Math.fround(Math.sin(i)));
    const factor = Math.fround(0.1);
    expect(runLoop(body, [values], [factor])).toEqual([Float32Array.from(values, (x) => x * factor)]);
  });

  it('stores several results of one chain, and rounds after every step', () => {
    // Momentum: m ← β·m + g, w ← w − η·m.
    const body: LoopBody = {
      arrays: 3,
      numbers: 2,
      steps: [
        { op: 'mul', operands: [number(0), array(0)] },
        { op: 'add', operands: [step(0), array(1)] },
        { op: 'mul', operands: [number(1), step(1)] },
        { op: 'sub', operands: [array(2), step(2)] },
      ],
      stored: [3, 1],
    };
    const length = 37;
    const [m, g, w] = [1, 2, 3].map((seed) =>
      Array.from({ length }, (_, i) => Math.fround(Math.cos(seed * 100 + i))),
    );
    const [beta, rate] = [Math.fround(0.9), Math.fround(0.01)];
    const moments = Float32Array.from(m, (x, i) => Math.fround(beta * x) + g[i]);
    const weights = Float32Array.from(w, (x, i) => x - Math.fround(rate * moments[i]));
    expect(runLoop(body, [m, g, w], [beta, rate])).toEqual([weights, moments]);
  });

  it('tells apart more arrays, numbers and steps than one byte counts', () => {
    const count = 150;
    const body: LoopBody = {
      arrays: count,
      numbers: count,
      steps: [
        { op: 'mul', operands: [array(0), number(0)] },
        ...Array.from({ length: count - 1 }, (_, i) => [
          { op: 'mul' as const, operands: [array(i + 1), number(i + 1)] },
          { op: 'add' as const, operands: [step(2 * i), step(2 * i + 1)] },
        ]).flat(),
      ],
      stored: [2 * (count - 1)],
    };
    const ranks = Array.from({ length: count }, (_, i) => i);
    // Σ i·(i + element), all of them whole numbers that float32 holds.
    const [result] = runLoop(
      body,
      ranks.map((i) => [i, i + 1, i + 2]),
      ranks,
    );
    const sums = [0, 1, 2].map((element) => ranks.reduce((sum, i) => sum + i * (i + element), 0));
    expect(result).toEqual(Float32Array.from(sums));
  });
});

describe('encodeLoop', () => {
  it('writes a module that WebAssembly takes for valid', () => {
    const body: LoopBody = {
      arrays: 1,
      numbers: 0,
      steps: [{ op: 'sqrt', operands: [array(0)] }],
      stored: [0],
    };
    const bytes = encodeLoop(body);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(WebAssembly.validate(bytes.subarray(0, -1))).toBe(false);
  });
});
