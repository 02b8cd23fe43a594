import type { DType } from '../tensor-type.ts';

/** How far a computed element may be from the reference. Both parts are fractions, and add up. */
export interface Tolerance {
  /** Of the reference element itself: the rounding of one operation. */
  readonly ofElement: number;
  /** Of the largest finite element of the reference: the rounding of a sum whose terms may cancel. */
  readonly ofLargest: number;
}

/**
 * The one table of tolerances. float32 rounds to 6e-8 of a number, so every entry is a small multiple of that; none may
 * be loosened to make a case pass without a reason here.
 */
export const tolerances = {
  /** int32, bool, and float32 that is only moved. */
  exact: { ofElement: 0, ofLargest: 0 },
  /** A few float32 operations in a row; onnxruntime's own exp, tanh and erf are good to some 4 roundings. */
  elementwise: { ofElement: 2e-6, ofLargest: 1e-7 },
  /** Sums of products, which tfjs adds up in float64 and onnxruntime in float32 and in another order. */
  sum: { ofElement: 1e-6, ofLargest: 2e-6 },
  /** tfjs `cpu` computes erf by formula 7.1.26 of Abramowitz and Stegun, which is off by up to 1.5e-7. */
  erf: { ofElement: 2e-6, ofLargest: 4e-7 },
  /** A gradient: several sums after each other. */
  gradient: { ofElement: 2e-6, ofLargest: 2e-6 },
  /** What a few steps of training leave: each adds its own rounding, and divides by roots of small sums of squares. */
  training: { ofElement: 1e-5, ofLargest: 1e-5 },
  /**
   * A float32 gradient along a direction against a central difference in float64 with step 1e-5, which is itself good to
   * some 1e-9. The largest element here is the sum of the magnitudes of the gradient's terms.
   */
  difference: { ofElement: 0, ofLargest: 2e-6 },
} as const satisfies Record<string, Tolerance>;

export type ToleranceName = keyof typeof tolerances;

/** The tolerance of a dtype where a case names none. */
export function toleranceOf(dtype: DType): Tolerance {
  return dtype === 'float32' ? tolerances.elementwise : tolerances.exact;
}
