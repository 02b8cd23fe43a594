import * as tf from '@tensorflow/tfjs';
import type { Parameters } from './model.ts';

/** Settings of AdamW that hold for a whole training. */
export interface AdamOptions {
  /** Decay of the mean of gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Keeps the division finite, > 0. */
  readonly epsilon: number;
  /** λ of the decoupled weight decay, ≥ 0; 0 is plain Adam. It decays every parameter, as in PyTorch. */
  readonly weightDecay: number;
  /** Largest L2 norm of all gradients together, > 0; gradients that are longer are shortened to it. 0 leaves all. */
  readonly gradientClip: number;
}

/** The settings of the paper, which are PyTorch's too. */
export const adamDefaults: AdamOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  gradientClip: 0,
};

/** Running means of the gradients and of their squares, by parameter; zeros at the start. */
export interface AdamMoments {
  readonly m: Parameters;
  readonly v: Parameters;
}

/** The numbers of an Adam step that change from step to step. */
export interface AdamScales {
  /** `learningRate / (1 - beta1^t)` */
  readonly stepSize: number;
  /** `1 / (1 - beta2^t)` */
  readonly secondScale: number;
  /** What weight decay leaves of a parameter: `1 - learningRate · weightDecay`. */
  readonly keep: number;
}

/**
 * Scales of step `t`, in float64. The bias corrections are for the betas as float32 holds them: those are the ones that
 * the moments decay by, and corrected with others they would be biased by some 10⁻⁵.
 * @param step 1 for the first step.
 * @param learningRate step size α of this step, ≥ 0.
 */
export function adamScales(
  step: number,
  learningRate: number,
  { beta1, beta2, weightDecay }: AdamOptions,
): AdamScales {
  return {
    stepSize: learningRate / (1 - Math.fround(beta1) ** step),
    secondScale: 1 / (1 - Math.fround(beta2) ** step),
    keep: 1 - learningRate * weightDecay,
  };
}

/** {@link AdamScales} as float32 scalars, so that a traced step takes them as inputs. */
export type AdamScaleTensors = Readonly<Record<keyof AdamScales, tf.Tensor>>;

/**
 * One step of AdamW as a pure function, Algorithm 1 of Kingma & Ba, "Adam: a method for stochastic optimization" (ICLR
 * 2015) with the decay of Loshchilov & Hutter, "Decoupled weight decay regularization" (ICLR 2019):
 *
 *     m ← β₁·m + (1 - β₁)·g        v ← β₂·v + (1 - β₂)·g²
 *     θ ← keep·θ - stepSize · m / (√(v · secondScale) + ε)
 */
export function adamStep(
  parameters: Parameters,
  gradients: Parameters,
  { m, v }: AdamMoments,
  scales: AdamScaleTensors,
  { beta1, beta2, epsilon, weightDecay, gradientClip }: AdamOptions,
): { parameters: Parameters; moments: AdamMoments } {
  const keep1 = Math.fround(beta1);
  const keep2 = Math.fround(beta2);
  const next = { parameters: {}, m: {}, v: {} } as Record<
    'parameters' | 'm' | 'v',
    Record<string, tf.Tensor>
  >;
  const clipped = gradientClip === 0 ? gradients : clipGradients(gradients, gradientClip);
  for (const [name, gradient] of Object.entries(clipped)) {
    const mean = tf.add(tf.mul(m[name], keep1), tf.mul(gradient, 1 - keep1));
    const square = tf.add(tf.mul(v[name], keep2), tf.mul(tf.mul(gradient, 1 - keep2), gradient));
    const denominator = tf.add(tf.sqrt(tf.mul(square, scales.secondScale)), epsilon);
    const kept = weightDecay === 0 ? parameters[name] : tf.mul(parameters[name], scales.keep);
    next.parameters[name] = tf.sub(kept, tf.div(tf.mul(mean, scales.stepSize), denominator));
    next.m[name] = mean;
    next.v[name] = square;
  }
  return { parameters: next.parameters, moments: { m: next.m, v: next.v } };
}

/**
 * The factor that shortens gradients to a norm, as PyTorch's `clip_grad_norm_` computes it: `min(1, largest / (norm +
 * 10⁻⁶))`.
 */
export function clipFactor(norm: number, largest: number): number {
  return Math.min(1, largest / (norm + 1e-6));
}

/** Gradients scaled by {@link clipFactor}, their norm taken over all of them together (Pascanu et al., ICML 2013). */
function clipGradients(gradients: Parameters, largest: number): Parameters {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  const factor = tf.minimum(tf.div(tf.scalar(largest), tf.add(norm, 1e-6)), 1);
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, factor)]));
}

/**
 * Moves the exponential moving average of parameters one step on: `a ← a + (1 - decay)·(θ - a)`. Averaged weights
 * usually do better than the last ones (Polyak & Juditsky 1992).
 * @param rest scalar `1 - decay`.
 */
export function averageStep(average: Parameters, parameters: Parameters, rest: tf.Tensor): Parameters {
  return Object.fromEntries(
    Object.entries(average).map(([name, a]) => [name, tf.add(a, tf.mul(tf.sub(parameters[name], a), rest))]),
  );
}
