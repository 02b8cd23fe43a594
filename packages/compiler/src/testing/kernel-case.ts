import type * as tf from '@tensorflow/tfjs';
import type { InputSpec, NamedTensors } from '../trace.ts';
import type { Range } from './draw-values.ts';
import type { ToleranceName } from './tolerances.ts';

/** An input of a case: its type, and where its values come from. */
export interface CaseInput {
  readonly shape: readonly number[];
  /** `float32` unless given. */
  readonly dtype?: InputSpec['dtype'];
  /** What random values are drawn from; `signed` unless given. */
  readonly range?: Range;
}

/** How the gradient of a case is checked where the usual checks make no sense. Each has to say why. */
export type GradientCheck =
  /** Not at all: there is no gradient, or none by a float32 input. */
  | { readonly check: 'none'; readonly because: string }
  /** Against tfjs, but not by differences: the drawn values lie on kinks. */
  | { readonly check: 'without differences'; readonly because: string }
  /** By differences, but not against tfjs: its own gradient is wrong there. */
  | { readonly check: 'differences only'; readonly because: string }
  /** At the drawn values only, not at those of `also`. */
  | { readonly check: 'drawn values'; readonly because: string };

/**
 * One row of a kernel's table of tests. `run-case.ts` says what is checked of each.
 */
export interface KernelCase {
  /** Unique in its module. */
  readonly name: string;
  /** Kernels that this row is a test of; they must appear in its traced graph or in that of its gradient. */
  readonly covers: readonly string[];
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly fn: (inputs: NamedTensors) => tf.Tensor;
  /** Seed of the random values; 1 unless given. */
  readonly seed?: number;
  /**
   * Further inputs to run the same model on, by name, repeated until the tensor is full: NaN, zeros, ties. What is not
   * named keeps its drawn values. Gradients are compared with tfjs there, and not by differences, which mean nothing on
   * kinks.
   */
  readonly also?: readonly Readonly<Record<string, readonly number[]>>[];
  /** Left out, the gradient by every float32 input is checked against tfjs and by differences. */
  readonly gradient?: GradientCheck;
  /** Of the results; by dtype unless given. */
  readonly tolerance?: ToleranceName;
}
