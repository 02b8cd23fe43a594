import * as tf from '@tensorflow/tfjs';
import { unaryRows } from '../testing/elementwise-rows.ts';
import { constantGradient } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

const ofNoInput: GradientCheck = { check: 'none', because: 'it does not depend on the input' };

function sequence(kernel: string, name: string, make: () => tf.Tensor): KernelCase {
  return {
    name: `${kernel} ${name}`,
    covers: [kernel],
    inputs: { x: { shape: [2] } },
    fn: make,
    gradient: ofNoInput,
  };
}

export const sequenceCases: readonly KernelCase[] = [
  ...unaryRows('OnesLike', (x) => tf.onesLike(x), { gradient: constantGradient }),
  ...unaryRows('ZerosLike', (x) => tf.zerosLike(x), { gradient: constantGradient }),
  ...(['float32', 'int32', 'bool'] as const).map((dtype) =>
    sequence('Fill', `of ${dtype}`, () => tf.fill([2, 3], dtype === 'float32' ? 2.5 : 1, dtype)),
  ),
  sequence('Fill', 'of an empty tensor', () => tf.fill([0, 3], 1)),
  sequence('LinSpace', 'of steps that float32 rounds', () => tf.linspace(-0.1, 0.7, 12)),
  sequence('LinSpace', 'downwards', () => tf.linspace(1, -1, 5)),
  sequence('LinSpace', 'of one number', () => tf.linspace(3, 9, 1)),
  sequence('Range', 'upwards', () => tf.range(0, 1, 0.1)),
  sequence('Range', 'downwards, of a step that says so', () => tf.range(7, 0, -2)),
  sequence('Range', 'downwards, of a step that does not', () => tf.range(3, -2)),
  sequence('Range', 'of int32', () => tf.range(-2, 9, 3, 'int32')),
  sequence('Range', 'of int32, longer than a shared constant', () => tf.range(0, 100, 1, 'int32')),
  sequence('Range', 'that leads away', () => tf.range(0, 5, -1)),
  sequence('Range', 'of nothing', () => tf.range(2, 2)),
];
