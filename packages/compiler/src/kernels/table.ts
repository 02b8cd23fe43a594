import { conv2DKernels } from './conv2d.ts';
import { depthToSpaceKernels } from './depth-to-space.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { AnyKernel } from './kernel.ts';
import { matMulKernels } from './mat-mul.ts';
import { maxPoolKernels } from './max-pool.ts';
import { reduceKernels } from './reduce.ts';
import { shapeKernels } from './shape.ts';
import { softmaxKernels } from './softmax.ts';
import { stridedSliceKernels } from './strided-slice.ts';

/** Every tfjs kernel that the compiler can trace and lower, by name. */
export const kernelTable: ReadonlyMap<string, AnyKernel> = new Map(
  [
    ...elementwiseKernels,
    ...reduceKernels,
    ...shapeKernels,
    ...matMulKernels,
    ...softmaxKernels,
    ...conv2DKernels,
    ...maxPoolKernels,
    ...depthToSpaceKernels,
    ...stridedSliceKernels,
  ].map((kernel) => [kernel.name, kernel]),
);
