import { describe, expect, it } from 'vitest';
import { createFusedAdam, type AdamArrays, type FusedAdamOptions } from './fused-adam.ts';

const options: FusedAdamOptions = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  weightDecay: 0,
  gradientClip: 0,
  step: 1,
};
const { fround } = Math;

/**
 * AdamW in plain JavaScript, with every operation rounded to float32 in the order that `adam.wat` promises. Without decay
 * or clipping their operations are left out, so that it is plain Adam then.
 */
function referenceAdam(
  { params, m, v }: { params: Float32Array; m: Float32Array; v: Float32Array },
  grads: Float32Array,
  { learningRate, beta1, beta2, epsilon, weightDecay, gradientClip, step }: FusedAdamOptions,
): void {
  const [b1, b2, e] = [fround(beta1), fround(beta2), fround(epsilon)];
  const stepSize = fround(learningRate / (1 - b1 ** step));
  const vScale = fround(1 / (1 - b2 ** step));
  const keep = fround(1 - learningRate * weightDecay);
  const norm = Math.sqrt(grads.reduce((sum, value) => sum + value * value, 0));
  const gradientScale = fround(Math.min(1, gradientClip / (norm + 1e-6)));
  for (let i = 0; i < params.length; i++) {
    const g = gradientClip === 0 ? grads[i] : fround(gradientScale * grads[i]);
    m[i] = fround(b1 * m[i]) + fround(fround(1 - b1) * g);
    v[i] = fround(b2 * v[i]) + fround(fround(fround(1 - b2) * g) * g);
    const root = fround(Math.sqrt(fround(v[i] * vScale)));
    const kept = weightDecay === 0 ? params[i] : fround(keep * params[i]);
    params[i] = kept - fround(fround(stepSize * m[i]) / fround(root + e));
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

describe('update', () => {
  describe.each<[string, Partial<FusedAdamOptions>]>([
    ['without decay and clipping', {}],
    ['with weight decay', { weightDecay: 0.3 }],
    ['with gradients clipped at 0.01', { gradientClip: 0.01 }],
    ['with a limit that few gradients reach', { gradientClip: 1 }],
    ['with decay and clipping', { weightDecay: 4, gradientClip: 0.1 }],
  ])('%s', (_, changes) => {
    it.each([0, 1, 3, 4, 5, 15, 16, 17, 31, 64, 1001])(
      'equals float32 arithmetic bit by bit over 20 steps of %i parameters',
      (count) => {
        const { memory, floats } = makeMemory();
        const adam = createFusedAdam(memory);
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
          adam.update(arrays, { ...options, ...changes, step });
          referenceAdam(expected, grads, { ...options, ...changes, step });
          expect(view(arrays.params)).toEqual(expected.params);
          expect(view(arrays.m)).toEqual(expected.m);
          expect(view(arrays.v)).toEqual(expected.v);
          expect(view(arrays.grads)).toEqual(grads);
        }
      },
    );
  });

  it('takes each hyperparameter into account', () => {
    const changes: readonly Partial<FusedAdamOptions>[] = [
      {},
      { learningRate: 0.5 },
      { beta1: 0 },
      { beta2: 0.5 },
      { epsilon: 0.25 },
      { weightDecay: 0.25 },
      { gradientClip: 0.25 },
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
      createFusedAdam(memory).update(
        { params: 0, m: 16, v: 32, grads: 48, count: 1 },
        { ...options, ...change },
      );
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
    createFusedAdam(memory).update(
      { params: 0, m: 32, v: 64, grads: 96, count: 5 },
      { ...options, epsilon: 1e-12 },
    );
    [0.999, 1.001, 0.999, 1.001, 1].forEach((expected, i) => {
      expect(floats[i]).toBeCloseTo(expected, 6);
    });
  });

  it('decays parameters by learning rate times λ, also those without a gradient', () => {
    const { memory, floats } = makeMemory();
    floats.set([1, -2, 4, 8, -16], 0);
    createFusedAdam(memory).update(
      { params: 0, m: 32, v: 64, grads: 96, count: 5 },
      { ...options, learningRate: 0.5, weightDecay: 0.25 },
    );
    expect([...floats.subarray(0, 5)]).toEqual([0.875, -1.75, 3.5, 7, -14]);
  });

  // Means after a step from zero are a tenth of the gradients, which tells what they were shortened by.
  const meansAfterClipping = (gradients: readonly number[], gradientClip: number) => {
    const { memory, floats } = makeMemory();
    const arrays = layOut(gradients.length, { gap: 0 });
    floats.set(gradients, arrays.grads / 4);
    createFusedAdam(memory).update(arrays, { ...options, gradientClip });
    return [...floats.subarray(arrays.m / 4, arrays.m / 4 + gradients.length)].map((mean) => 10 * mean);
  };

  it.each([
    ['vectors alone', [3, 0, 0, 4], [0.6, 0, 0, 0.8]],
    ['the tail alone', [0, 3, 4], [0, 0.6, 0.8]],
    ['both', [0, 3, 0, 0, 4], [0, 0.6, 0, 0, 0.8]],
    ['all lanes', [1, 1, 1, 1, 1, 1, 1, 1, 1], Array<number>(9).fill(1 / 3)],
    ['squares that float32 has no room for', [-3e30, 0, 4e30, 0, 0], [-0.6, 0, 0.8, 0, 0]],
  ])('shortens gradients to a norm of 1 over %s', (_, gradients, expected) => {
    meansAfterClipping(gradients, 1).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });

  it('leaves gradients that are short enough as they are, to the bit', () => {
    const gradients = [0.1, -0.2, 1e-20, 0.3, 0.7];
    const norm = Math.hypot(...gradients);
    const plain = meansAfterClipping(gradients, 0);
    expect(meansAfterClipping(gradients, norm + 1e-5)).toEqual(plain);
    expect(meansAfterClipping(gradients, norm - 1e-5)).not.toEqual(plain);
  });

  it('gives an element the same result in the vectors and in the tail', () => {
    const { memory, floats } = makeMemory();
    const arrays = layOut(7, { gap: 0 });
    const adam = createFusedAdam(memory);
    const fill = (offset: number, value: number) => floats.fill(value, offset / 4, offset / 4 + 7);
    fill(arrays.params, 0.1);
    for (let step = 1; step <= 50; step++) {
      fill(arrays.grads, Math.sin(step) / 3);
      adam.update(arrays, { ...options, weightDecay: 0.1, gradientClip: 0.5, step });
    }
    const params = floats.slice(arrays.params / 4, arrays.params / 4 + 7);
    expect(params[0]).not.toBe(fround(0.1));
    expect(new Set(params).size).toBe(1);
  });

  it.each([1, 4, 6, 9])("doesn't touch what lies between arrays of %i floats, nor measures it", (count) => {
    const { memory, floats } = makeMemory();
    const arrays = layOut(count, { gap: 32 });
    floats.fill(0.75);
    floats.fill(-0.5, arrays.grads / 4, arrays.grads / 4 + count);
    const before = floats.slice();
    // A little above the gradients' own norm: with anything else in it, the limit would be exceeded.
    const gradientClip = 0.51 * Math.sqrt(count);
    createFusedAdam(memory).update(arrays, { ...options, gradientClip });
    const written = [arrays.params, arrays.m, arrays.v].flatMap((offset) =>
      Array.from({ length: count }, (_, i) => offset / 4 + i),
    );
    const changed = [...floats.keys()].filter((i) => floats[i] !== before[i]);
    expect(changed).toEqual(written);
    const mean = fround(fround(fround(0.9) * 0.75) + fround(fround(1 - fround(0.9)) * -0.5));
    expect(floats[arrays.m / 4]).toBe(mean);
  });

  it('works up to the last byte of the memory', () => {
    const { memory, floats } = makeMemory();
    const offset = 65_536 - 16;
    floats.fill(0.75);
    createFusedAdam(memory).update({ params: offset, m: 0, v: 16, grads: 32, count: 4 }, options);
    expect(floats[floats.length - 1]).not.toBe(0.75);
    expect(floats[floats.length - 5]).toBe(0.75);
  });

  it('passes on a gradient that is not a number, so that the caller can see it', () => {
    const { memory, floats } = makeMemory();
    floats.set([NaN, 1], 12);
    createFusedAdam(memory).update({ params: 0, m: 16, v: 32, grads: 48, count: 2 }, options);
    expect([floats[0], floats[4], floats[8]]).toEqual([NaN, NaN, NaN]);
    expect(floats[1]).toBeCloseTo(-1e-3, 6);
  });

  it('passes on NaN behind a limit too, where the norm of all is not a number', () => {
    expect(meansAfterClipping([NaN, 1, 1, 1, 1], 1)).toEqual(Array<number>(5).fill(NaN));
  });

  const good: AdamArrays = { params: 0, m: 64, v: 128, grads: 192, count: 16 };

  it.each<[string, Partial<AdamArrays & FusedAdamOptions>, RegExp]>([
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
    ['a negative decay', { weightDecay: -0.1 }, /"weightDecay" must be 0 or more and finite, and is -0\.1/],
    ['a decay that is no number', { weightDecay: NaN }, /"weightDecay" .* is NaN/],
    ['a negative limit', { gradientClip: -1 }, /"gradientClip" must be 0 or more and finite, and is -1/],
    ['an infinite limit', { gradientClip: Infinity }, /"gradientClip" .* is Infinity/],
  ])('refuses %s and changes nothing', (_, change, message) => {
    const { memory, floats } = makeMemory();
    floats.fill(0.75);
    const run = () => {
      createFusedAdam(memory).update({ ...good, ...change }, { ...options, ...change });
    };
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
    expect(floats.every((value) => value === 0.75)).toBe(true);
  });
});

describe('average', () => {
  it.each([
    [0, 0.9],
    [4, 0.9],
    [8, 0],
    [8, 1],
    [36, 0.999],
    [1000, 0.5],
  ])('of %i floats at a decay of %f equals float32 arithmetic bit by bit over 20 steps', (count, decay) => {
    const { memory, floats } = makeMemory();
    const adam = createFusedAdam(memory);
    const places = { average: 32, params: 32 + 4 * count + 16, count };
    floats.fill(0.75);
    const random = uniform(count + 1);
    const view = (offset: number) => floats.subarray(offset / 4, offset / 4 + count);
    view(places.average).forEach((_, i, values) => (values[i] = 2 * random() - 1));
    const expected = view(places.average).slice();
    const rest = fround(1 - decay);
    for (let step = 1; step <= 20; step++) {
      const params = drawGradients(count, random);
      view(places.params).set(params);
      adam.average(places, decay);
      expected.forEach((a, i) => (expected[i] = a + fround(fround(params[i] - a) * rest)));
      expect(view(places.average)).toEqual(expected);
      expect(view(places.params)).toEqual(params);
    }
    // Nothing before, between and behind.
    expect(floats.filter((value) => value === 0.75)).toHaveLength(floats.length - 2 * count);
  });

  it('keeps all at a decay of 1 and forgets all at 0', () => {
    const { memory, floats } = makeMemory();
    const adam = createFusedAdam(memory);
    floats.set([1, 2, 3, 4], 0);
    floats.set([-8, 0.5, 3, 1024], 4);
    adam.average({ average: 0, params: 16, count: 4 }, 1);
    expect([...floats.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    adam.average({ average: 0, params: 16, count: 4 }, 0);
    expect([...floats.subarray(0, 4)]).toEqual([-8, 0.5, 3, 1024]);
  });

  it('works up to the last byte of the memory', () => {
    const { memory, floats } = makeMemory();
    floats.fill(2, 0, 4);
    createFusedAdam(memory).average({ average: 65_536 - 16, params: 0, count: 4 }, 0.5);
    expect([...floats.subarray(-5)]).toEqual([0, 1, 1, 1, 1]);
  });

  it.each<[string, Partial<Record<'average' | 'params' | 'count' | 'decay', number>>, RegExp]>([
    ['a count with a rest', { count: 6 }, /"count" must be a multiple of 4 and is 6/],
    ['a negative count', { count: -4 }, /"count" must be a whole number of floats, 0 or more, and is -4/],
    ['a negative decay', { decay: -0.1 }, /"decay" must be from 0 to 1 and is -0\.1/],
    ['a decay above 1', { decay: 1.1 }, /"decay" must be from 0 to 1 and is 1\.1/],
    ['a decay that is no number', { decay: NaN }, /"decay" must be from 0 to 1 and is NaN/],
    ['an offset off by a float', { average: 4 }, /byte offset "average" must be a multiple of 16 and is 4/],
    ['arrays that overlap', { params: 16 }, /"average" \(8 floats from offset 0\) reaches into "params"/],
    ['an array past the end', { params: 65_520 }, /"params" must end within the memory's 65536 bytes/],
  ])('refuses %s and changes nothing', (_, change, message) => {
    const { memory, floats } = makeMemory();
    floats.forEach((_, i) => (floats[i] = i));
    const { decay, ...places } = { average: 0, params: 64, count: 8, decay: 0.5, ...change };
    const run = () => {
      createFusedAdam(memory).average(places, decay);
    };
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
    expect(floats.every((value, i) => value === i)).toBe(true);
  });
});
