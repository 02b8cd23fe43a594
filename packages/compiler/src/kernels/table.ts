import { activationKernels } from './activation-kernels.ts';
import { avgPoolKernels } from './avg-pool.ts';
import { batchNormKernels } from './batch-norm.ts';
import { binaryKernels } from './binary.ts';
import { bincountKernels } from './bincount.ts';
import { broadcastArgsKernels } from './broadcast-args.ts';
import { comparisonKernels } from './comparison.ts';
import { conv2DKernels } from './conv2d.ts';
import { conv3DKernels } from './conv3d.ts';
import { cropAndResizeKernels } from './crop-and-resize.ts';
import { depthToSpaceKernels } from './depth-to-space.ts';
import { depthwiseConv2DKernels } from './depthwise-conv2d.ts';
import { diagKernels } from './diag.ts';
import { dilation2DKernels } from './dilation2d.ts';
import { einsumKernels } from './einsum.ts';
import { gatherKernels } from './gather.ts';
import type { AnyKernel } from './kernel.ts';
import { lrnKernels } from './lrn.ts';
import { matMulKernels } from './mat-mul.ts';
import { maxPoolKernels } from './max-pool.ts';
import { padKernels } from './pad.ts';
import { pool3DKernels } from './pool3d.ts';
import { reduceKernels } from './reduce.ts';
import { resizeKernels } from './resize.ts';
import { reverseKernels } from './reverse.ts';
import { rotateKernels } from './rotate.ts';
import { scanKernels } from './scan.ts';
import { scatterKernels } from './scatter.ts';
import { searchSortedKernels } from './search-sorted.ts';
import { segmentKernels } from './segment.ts';
import { sequenceKernels } from './sequence.ts';
import { shapeKernels } from './shape.ts';
import { softmaxKernels } from './softmax.ts';
import { spaceToBatchKernels } from './space-to-batch.ts';
import { stackKernels } from './stack.ts';
import { stridedSliceKernels } from './strided-slice.ts';
import { topKKernels } from './top-k.ts';
import { transformKernels } from './transform.ts';
import { unaryKernels } from './unary.ts';

/** Every tfjs kernel that the compiler can trace and lower, by name. */
export const kernelTable: ReadonlyMap<string, AnyKernel> = new Map(
  [
    ...unaryKernels,
    ...activationKernels,
    ...binaryKernels,
    ...comparisonKernels,
    ...sequenceKernels,
    ...scanKernels,
    ...batchNormKernels,
    ...lrnKernels,
    ...einsumKernels,
    ...searchSortedKernels,
    ...reduceKernels,
    ...shapeKernels,
    ...matMulKernels,
    ...softmaxKernels,
    ...conv2DKernels,
    ...conv3DKernels,
    ...depthwiseConv2DKernels,
    ...dilation2DKernels,
    ...maxPoolKernels,
    ...avgPoolKernels,
    ...pool3DKernels,
    ...depthToSpaceKernels,
    ...stridedSliceKernels,
    ...bincountKernels,
    ...broadcastArgsKernels,
    ...diagKernels,
    ...gatherKernels,
    ...padKernels,
    ...resizeKernels,
    ...reverseKernels,
    ...scatterKernels,
    ...segmentKernels,
    ...spaceToBatchKernels,
    ...stackKernels,
    ...topKKernels,
    ...cropAndResizeKernels,
    ...transformKernels,
    ...rotateKernels,
  ].map((kernel) => [kernel.name, kernel]),
);
