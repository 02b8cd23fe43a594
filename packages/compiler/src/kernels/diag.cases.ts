import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { moving } from '../testing/moving-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradient of diag' };

export const diagCases: readonly KernelCase[] = [
  ...moving('Diag of a vector', ['Diag'], [4], (x) => tf.diag(x), noGradient),
  ...moving('Diag of one number', ['Diag'], [1], (x) => tf.diag(x), noGradient),
  ...moving('Diag of a matrix', ['Diag'], [2, 3], (x) => tf.diag(x), noGradient),
  ...moving('Diag of nothing', ['Diag'], [0], (x) => tf.diag(x), noGradient),
];
