import { adamScales, clipFactor } from '@narrows/models';
import { adamWasm } from './adam-wasm.ts';

/** Where Adam's four arrays of float32 lie in the memory, as byte offsets. All have the same length. */
export interface AdamArrays {
  /** The parameters: read and written. */
  readonly params: number;
  /** The first moments, zero before step 1: read and written. */
  readonly m: number;
  /** The second moments, zero before step 1: read and written. */
  readonly v: number;
  /** The loss's gradients with respect to the parameters: only read. */
  readonly grads: number;
  /** How many floats each array has. */
  readonly count: number;
}

/** AdamW's hyperparameters for one step. */
export interface FusedAdamOptions {
  /** Any finite number; 0 moves only the moments. */
  readonly learningRate: number;
  /** Decay of the first moments per step, in [0, 1); the paper proposes 0.9. */
  readonly beta1: number;
  /** Decay of the second moments per step, in [0, 1); the paper proposes 0.999. */
  readonly beta2: number;
  /** Added to the root of the second moments; positive. The paper proposes 1e-8, Keras and TensorFlow.js 1e-7. */
  readonly epsilon: number;
  /** Decoupled weight decay λ, 0 or more; 0 is plain Adam. */
  readonly weightDecay: number;
  /** Largest L2 norm of all gradients together, to which longer ones are scaled down; 0 leaves them as they are. */
  readonly gradientClip: number;
  /** Which step this is: 1 for the first. */
  readonly step: number;
}

/** The arithmetic of a training step besides the gradients, on arrays inside of a WebAssembly memory. */
export interface FusedAdam {
  /** One step of AdamW, in place. */
  update(arrays: AdamArrays, options: FusedAdamOptions): void;
  /**
   * Moves a moving average towards the parameters: `a ← a + (1 − decay)·(p − a)`.
   * @param places byte offsets of the average and of the parameters, and how many floats each has, a multiple of 4.
   */
  average(places: { average: number; params: number; count: number }, decay: number): void;
}

type AdamKernel = (
  params: number,
  m: number,
  v: number,
  grads: number,
  count: number,
  stepSize: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  vScale: number,
  keep: number,
  gradientScale: number,
) => void;

/** Size of a v128, the unit that the kernel reads and writes, and the floats in it. */
const alignment = 16;
const lane = 4;

/**
 * Makes the update of AdamW (Kingma & Ba 2015, Algorithm 1, https://arxiv.org/abs/1412.6980; Loshchilov & Hutter 2019,
 * https://arxiv.org/abs/1711.05101) on arrays inside of a WebAssembly memory, in place and in one pass:
 *
 *     g ← min(1, gradientClip / (‖g‖ + 10⁻⁶))·g
 *     m ← β₁·m + (1 − β₁)·g
 *     v ← β₂·v + (1 − β₂)·g·g
 *     p ← (1 − learningRate·λ)·p − learningRate/(1 − β₁ᵗ)·m / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * Each operation rounds to float32, except that the norm and the factors that hold for all elements are computed in
 * float64 before. An element's result depends on its own values and the norm alone, not on where in the array it lies.
 * The gradients themselves are left as they are.
 *
 * The kernel, `adam.wat`, needs WebAssembly SIMD, which every supported Node has.
 *
 * @param memory not shared. It should be of fixed size (`initial` = `maximum`): typed arrays on a memory that grows
 *   go out of use.
 * @returns functions that throw a `RangeError`, and change nothing, when an array isn't aligned to 16 bytes, reaches past
 *   the memory's end or overlaps another one, or when an option is out of its range.
 *
 * @example
 * const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
 * const adam = createFusedAdam(memory);
 * new Float32Array(memory.buffer, 0, 2).set([1, 2]); // parameters
 * new Float32Array(memory.buffer, 48, 2).set([0.5, -3]); // gradients
 * adam.update(
 *   { params: 0, m: 16, v: 32, grads: 48, count: 2 },
 *   { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0, gradientClip: 0, step: 1 },
 * );
 * new Float32Array(memory.buffer, 0, 2); // 0.999, 2.001
 */
export function createFusedAdam(memory: WebAssembly.Memory): FusedAdam {
  const module = new WebAssembly.Module(Buffer.from(adamWasm, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const adam = exports['adam'] as AdamKernel;
  const squares = exports['squares'] as (values: number, count: number) => number;
  const average = exports['average'] as (
    average: number,
    params: number,
    count: number,
    rest: number,
  ) => void;

  function gradientNorm(grads: number, count: number): number {
    const inVectors = count - (count % lane);
    const tail = new Float32Array(memory.buffer, grads + 4 * inVectors, count % lane);
    return Math.sqrt(tail.reduce((sum, value) => sum + value * value, squares(grads, inVectors)));
  }

  return {
    update(arrays, options) {
      checkArrays(arrays, memory.buffer.byteLength);
      checkOptions(options);
      const { params, m, v, grads, count } = arrays;
      const { learningRate, beta1, beta2, epsilon, weightDecay, gradientClip, step } = options;
      const scales = adamScales(step, learningRate, options);
      const gradientScale = gradientClip === 0 ? 1 : clipFactor(gradientNorm(grads, count), gradientClip);
      adam(
        params,
        m,
        v,
        grads,
        count,
        scales.stepSize,
        beta1,
        beta2,
        epsilon,
        scales.secondScale,
        weightDecay === 0 ? 1 : scales.keep,
        gradientScale,
      );
    },
    average({ average: offset, params, count }, decay) {
      checkPlaces({ average: offset, params }, count, memory.buffer.byteLength);
      if (count % lane !== 0) {
        throw new RangeError(
          `Cannot average parameters: "count" must be a multiple of ${lane} and is ${count}.`,
        );
      }
      if (!(decay >= 0 && decay <= 1)) {
        throw new RangeError(`Cannot average parameters: "decay" must be from 0 to 1 and is ${decay}.`);
      }
      average(offset, params, count, 1 - decay);
    },
  };
}

function checkArrays({ params, m, v, grads, count }: AdamArrays, memoryBytes: number): void {
  checkPlaces({ params, m, v, grads }, count, memoryBytes);
}

function checkPlaces(places: Readonly<Record<string, number>>, count: number, memoryBytes: number): void {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot update parameters: "count" must be a whole number of floats, 0 or more, and is ${count}.`,
    );
  }
  // The kernel's end pointer is 32 bits wide, so the last float of a full 4 GiB is out of its reach.
  const limit = Math.min(memoryBytes, 2 ** 32 - 1);
  const offsets = Object.entries(places);
  for (const [name, offset] of offsets) {
    if (!Number.isInteger(offset) || offset < 0 || offset % alignment !== 0) {
      throw new RangeError(
        `Cannot update parameters: the byte offset "${name}" must be a multiple of ${alignment} and is ${offset}: ` +
          `place each array on such a multiple.`,
      );
    }
    if (offset + 4 * count > limit) {
      throw new RangeError(
        `Cannot update parameters: "${name}" must end within the memory's ${memoryBytes} bytes, and ${count} floats ` +
          `from offset ${offset} end at ${offset + 4 * count}: make the memory larger.`,
      );
    }
  }
  const sorted = offsets.sort(([, a], [, b]) => a - b);
  for (let i = 1; i < sorted.length; i++) {
    const [before, start] = sorted[i - 1];
    const [after, next] = sorted[i];
    if (start + 4 * count > next) {
      throw new RangeError(
        `Cannot update parameters: the arrays must not overlap, and "${before}" (${count} floats from offset ` +
          `${start}) reaches into "${after}" (from ${next}): place them ${4 * count} bytes or more apart.`,
      );
    }
  }
}

function checkOptions(options: FusedAdamOptions): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, gradientClip, step } = options;
  if (!Number.isFinite(learningRate)) {
    throw new RangeError(
      `Cannot update parameters: "learningRate" must be a finite number and is ${learningRate}.`,
    );
  }
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    // Rounded, as the kernel gets it: a beta that rounds to 1 would divide by zero.
    if (!(beta >= 0 && Math.fround(beta) < 1)) {
      throw new RangeError(
        `Cannot update parameters: "${name}" must be at least 0 and, in float32, below 1, and is ${beta}.`,
      );
    }
  }
  if (!(Math.fround(epsilon) > 0 && Number.isFinite(epsilon))) {
    throw new RangeError(
      `Cannot update parameters: "epsilon" must be positive in float32 and finite, and is ${epsilon}.`,
    );
  }
  for (const [name, value] of Object.entries({ weightDecay, gradientClip })) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new RangeError(
        `Cannot update parameters: "${name}" must be 0 or more and finite, and is ${value}.`,
      );
    }
  }
  if (!Number.isInteger(step) || step < 1) {
    throw new RangeError(`Cannot update parameters: "step" counts from 1 in whole numbers and is ${step}.`);
  }
}
