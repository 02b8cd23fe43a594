import type { GradientCheck } from './kernel-case.ts';

/** Reasons that many rows share. */
export const notReal: GradientCheck = {
  check: 'none',
  because: 'its operands or its result are whole numbers or booleans',
};

export const constantGradient: GradientCheck = {
  check: 'without differences',
  because: 'tfjs defines the gradient as zero, also where the function jumps',
};
