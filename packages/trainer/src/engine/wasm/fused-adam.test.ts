import { describe, expect, it } from 'vitest';
import { createFusedAdam, type AdamArrays, type AdamOptions } from './fused-adam.ts';

const options: AdamOptions = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: 1 };
const { fround } = Math;

/** Adam in plain JavaScript, with every operation rounded to float32 in the order that `adam.wat` promises. */
function referenceAdam(
  { params, m, v }: { params: Float32Array; m: Float32Array; v: Float32Array },
  grads: Float32Array,
  { learningRate, beta1, beta2, epsilon, step }: AdamOptions,
): void {
  const [b1, b2, e] = [fround(beta1), fround(beta2), fround(epsilon)];
  const stepSize = fround(learningRate / (1 - b1 ** step));
  const vScale = fround(1 / (1 - b2 ** step));
  for (let i = 0; i < params.length; i++) {
    const g = grads[i];
    m[i] = fround(b1 * m[i]) + fround(fround(1 - b1) * g);
    v[i] = fround(b2 * v[i]) + fround(fround(fround(1 - b2) * g) * g);
    const root = fround(Math.sqrt(fround(v[i] * vScale)));
    params[i] = params[i] - fround(fround(stepSize * m[i]) / fround(root + e));
  }
}

/** Park & Miller's "minimal standard" generator: numbers in (0, 1), the same at every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Gradients as they occur: of either sign, over many orders of magnitude, and exactly 0. */
function drawGradients(count: number, random: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => {
    if (random() < 0.1) return 0;
    return (random() < 0.5 ? -1 : 1) * 10 ** (8 * random() - 8);
  });
}

/** A memory of one page, 64 KiB, with a view on all of it. */
function makeMemory() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  return { memory, floats: new Float32Array(memory.buffer) };
}

/** Lays out four arrays one after the other, each from the next multiple of 16 bytes after `gap` bytes. */
function layOut(count: number, { gap }: { gap: number }): AdamArrays {
  const stride = Math.ceil((4 * count + gap) / 16) * 16;
  const [params, m, v, grads] = [16, 16 + stride, 16 + 2 * stride, 16 + 3 * stride] as const;
  return { params, m, v, grads, count };
}

describe('createFusedAdam', () => {
  it.each([0, 1, 2, 3, 4, 5, 7, 8, 31, 64, 1001])(
    'equals float32 arithmetic bit by bit over 20 steps of %i parameters',
    (count) => {
      const { memory, floats } = makeMemory();
      const update = createFusedAdam(memory);
      const arrays = layOut(count, { gap: 0 });
      const random = uniform(count + 1);
      const view = (offset: number) => floats.subarray(offset / 4, offset / 4 + count);
      view(arrays.params).forEach((_, i, params) => (params[i] = 2 * random() - 1));
      const expected = {
        params: view(arrays.params).slice(),
        m: new Float32Array(count),
        v: new Float32Array(count),
      };

      for (let step = 1; step <= 20; step++) {
        const grads = drawGradients(count, random);
        view(arrays.grads).set(grads);
        update(arrays, { ...options, step });
        referenceAdam(expected, grads, { ...options, step });
        expect(view(arrays.params)).toEqual(expected.params);
        expect(view(arrays.m)).toEqual(expected.m);
        expect(view(arrays.v)).toEqual(expected.v);
        expect(view(arrays.grads)).toEqual(grads);
      }
    },
  );

  it('takes each hyperparameter into account', () => {
    const changes: readonly Partial<AdamOptions>[] = [
      {},
      { learningRate: 0.5 },
      { beta1: 0 },
      { beta2: 0.5 },
      { epsilon: 0.25 },
      { step: 1000 },
    ];
    const results = changes.map((change) => {
      const { memory, floats } = makeMemory();
      floats.set([1], 0);
      floats.set([0.125], 4);
      floats.set([0.25], 8);
      floats.set([-0.5], 12);
      const expected = {
        params: Float32Array.of(1),
        m: Float32Array.of(0.125),
        v: Float32Array.of(0.25),
      };
      createFusedAdam(memory)({ params: 0, m: 16, v: 32, grads: 48, count: 1 }, { ...options, ...change });
      referenceAdam(expected, Float32Array.of(-0.5), { ...options, ...change });
      expect([floats[0], floats[4], floats[8]]).toEqual([expected.params[0], expected.m[0], expected.v[0]]);
      return floats[0];
    });
    expect(new Set(results).size).toBe(changes.length);
  });

  it("moves by the learning rate, against the gradient's sign, at the first step", () => {
    const { memory, floats } = makeMemory();
    floats.set([1, 1, 1, 1, 1], 0);
    floats.set([1e-3, -1e-3, 7, -7, 0], 24);
    createFusedAdam(memory)({ params: 0, m: 32, v: 64, grads: 96, count: 5 }, { ...options, epsilon: 1e-12 });
    [0.999, 1.001, 0.999, 1.001, 1].forEach((expected, i) => {
      expect(floats[i]).toBeCloseTo(expected, 6);
    });
  });

  it('gives an element the same result in the vectors and in the tail', () => {
    const { memory, floats } = makeMemory();
    const arrays = layOut(7, { gap: 0 });
    const update = createFusedAdam(memory);
    const fill = (offset: number, value: number) => floats.fill(value, offset / 4, offset / 4 + 7);
    fill(arrays.params, 0.1);
    for (let step = 1; step <= 50; step++) {
      fill(arrays.grads, Math.sin(step) / 3);
      update(arrays, { ...options, step });
    }
    const params = floats.slice(arrays.params / 4, arrays.params / 4 + 7);
    expect(params[0]).not.toBe(fround(0.1));
    expect(new Set(params).size).toBe(1);
  });

  it.each([1, 4, 6, 9])("doesn't touch what lies between arrays of %i floats", (count) => {
    const { memory, floats } = makeMemory();
    const arrays = layOut(count, { gap: 32 });
    floats.fill(0.75);
    floats.fill(-0.5, arrays.grads / 4, arrays.grads / 4 + count);
    const before = floats.slice();
    createFusedAdam(memory)(arrays, options);
    const written = [arrays.params, arrays.m, arrays.v].flatMap((offset) =>
      Array.from({ length: count }, (_, i) => offset / 4 + i),
    );
    const changed = [...floats.keys()].filter((i) => floats[i] !== before[i]);
    expect(changed).toEqual(written);
  });

  it('works up to the last byte of the memory', () => {
    const { memory, floats } = makeMemory();
    const offset = 65_536 - 16;
    floats.fill(0.75);
    createFusedAdam(memory)({ params: offset, m: 0, v: 16, grads: 32, count: 4 }, options);
    expect(floats[floats.length - 1]).not.toBe(0.75);
    expect(floats[floats.length - 5]).toBe(0.75);
  });

  it('passes on a gradient that is not a number, so that the caller can see it', () => {
    const { memory, floats } = makeMemory();
    floats.set([NaN, 1], 12);
    createFusedAdam(memory)({ params: 0, m: 16, v: 32, grads: 48, count: 2 }, options);
    expect([floats[0], floats[4], floats[8]]).toEqual([NaN, NaN, NaN]);
    expect(floats[1]).toBeCloseTo(-1e-3, 6);
  });

  const good: AdamArrays = { params: 0, m: 64, v: 128, grads: 192, count: 16 };

  it.each<[string, Partial<AdamArrays & AdamOptions>, RegExp]>([
    ['an offset off by a float', { m: 68 }, /byte offset "m" must be a multiple of 16 and is 68/],
    ['a negative offset', { grads: -16 }, /byte offset "grads" must be a multiple of 16 and is -16/],
    ['an offset that is no number', { v: NaN }, /byte offset "v" must be a multiple of 16 and is NaN/],
    [
      'an array past the end',
      { grads: 65_488 },
      /"grads" must end within the memory's 65536 bytes.* end at 65552/,
    ],
    ['arrays that overlap', { v: 112 }, /"m" \(16 floats from offset 64\) reaches into "v" \(from 112\)/],
    ['the same array twice', { m: 0 }, /must not overlap/],
    ['a negative count', { count: -1 }, /"count" must be a whole number of floats, 0 or more, and is -1/],
    ['a fractional count', { count: 1.5 }, /"count" must be a whole number of floats, 0 or more, and is 1.5/],
    ['step 0', { step: 0 }, /"step" counts from 1 in whole numbers and is 0/],
    [
      'an infinite learning rate',
      { learningRate: Infinity },
      /"learningRate" must be a finite number and is Infinity/,
    ],
    ['a beta1 of 1', { beta1: 1 }, /"beta1" must be at least 0 and, in float32, below 1, and is 1\./],
    ['a beta2 that rounds to 1', { beta2: 1 - 1e-9 }, /"beta2" must be at least 0 and, in float32, below 1/],
    ['a beta that is no number', { beta1: NaN }, /"beta1" .* is NaN/],
    [
      'an epsilon that rounds to 0',
      { epsilon: 1e-50 },
      /"epsilon" must be positive in float32 and finite, and is 1e-50/,
    ],
  ])('refuses %s and changes nothing', (_, change, message) => {
    const { memory, floats } = makeMemory();
    floats.fill(0.75);
    const run = () => {
      createFusedAdam(memory)({ ...good, ...change }, { ...options, ...change });
    };
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
    expect(floats.every((value) => value === 0.75)).toBe(true);
  });
});
