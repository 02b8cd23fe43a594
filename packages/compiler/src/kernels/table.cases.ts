import type { KernelCase } from '../testing/kernel-case.ts';
import { conv2DCases } from './conv2d.cases.ts';
import { depthToSpaceCases } from './depth-to-space.cases.ts';
import { elementwiseCases } from './elementwise.cases.ts';
import { matMulCases } from './mat-mul.cases.ts';
import { maxPoolCases } from './max-pool.cases.ts';
import { reduceCases } from './reduce.cases.ts';
import { shapeCases } from './shape.cases.ts';
import { softmaxCases } from './softmax.cases.ts';
import { stridedSliceCases } from './strided-slice.cases.ts';

/** The rows of every kernel module. */
export const caseTable: Readonly<Record<string, readonly KernelCase[]>> = {
  elementwise: elementwiseCases,
  reduce: reduceCases,
  shape: shapeCases,
  stridedSlice: stridedSliceCases,
  depthToSpace: depthToSpaceCases,
  matMul: matMulCases,
  softmax: softmaxCases,
  conv2D: conv2DCases,
  maxPool: maxPoolCases,
};
