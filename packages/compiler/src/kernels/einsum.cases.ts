import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

type DType = 'float32' | 'int32' | 'bool';

function row(equation: string, shapes: readonly (readonly number[])[], dtype: DType = 'float32'): KernelCase {
  return {
    name: `Einsum ${equation} of ${dtype} ${shapes.map((shape) => `[${shape.join(',')}]`).join(' ')}`,
    covers: ['Einsum'],
    inputs: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, { shape, dtype }])),
    fn: (inputs) => tf.einsum(equation, ...Object.values(inputs)),
    tolerance: 'sum',
    gradient: dtype === 'float32' ? { check: 'none', because: 'tfjs 4.22 has no gradient of it' } : notReal,
  };
}

export const einsumCases: readonly KernelCase[] = [
  row('ij,jk->ik', [
    [2, 3],
    [3, 4],
  ]),
  row('i,i->', [[5], [5]]),
  row('i,j->ij', [[2], [3]]),
  row('i,->i', [[3], []]),
  row('ij->ji', [[2, 3]]),
  row('ij->i', [[2, 3]]),
  row('ij->', [[2, 3]]),
  row('->', [[]]),
  row('ij,ij->ij', [
    [2, 3],
    [2, 3],
  ]),
  row('bij,bjk->bik', [
    [2, 3, 4],
    [2, 4, 5],
  ]),
  row('b i j , b k j -> b k i', [
    [2, 3, 4],
    [2, 5, 4],
  ]),
  row('bqhd,bkhd->bhqk', [
    [2, 3, 2, 4],
    [2, 5, 2, 4],
  ]),
  row('abc,cde->abde', [
    [2, 3, 4],
    [4, 1, 2],
  ]),
  row('Ab,bC->AC', [
    [1, 3],
    [3, 1],
  ]),
  row(
    'ij,jk->ik',
    [
      [2, 3],
      [3, 4],
    ],
    'int32',
  ),
  row('ij,jk->ik', [
    [0, 3],
    [3, 4],
  ]),
  row('ij->j', [[3, 4]], 'bool'),
  row('ij->ji', [[3, 4]], 'bool'),
];
