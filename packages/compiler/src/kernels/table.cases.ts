import type { KernelCase } from '../testing/kernel-case.ts';
import { activationCases } from './activation-kernels.cases.ts';
import { avgPoolCases } from './avg-pool.cases.ts';
import { batchNormCases } from './batch-norm.cases.ts';
import { binaryCases } from './binary.cases.ts';
import { bincountCases } from './bincount.cases.ts';
import { broadcastArgsCases } from './broadcast-args.cases.ts';
import { comparisonCases } from './comparison.cases.ts';
import { conv2DCases } from './conv2d.cases.ts';
import { conv3DCases } from './conv3d.cases.ts';
import { cropAndResizeCases } from './crop-and-resize.cases.ts';
import { depthToSpaceCases } from './depth-to-space.cases.ts';
import { depthwiseConv2DCases } from './depthwise-conv2d.cases.ts';
import { diagCases } from './diag.cases.ts';
import { dilation2DCases } from './dilation2d.cases.ts';
import { einsumCases } from './einsum.cases.ts';
import { gatherCases } from './gather.cases.ts';
import { lrnCases } from './lrn.cases.ts';
import { matMulCases } from './mat-mul.cases.ts';
import { maxPoolCases } from './max-pool.cases.ts';
import { padCases } from './pad.cases.ts';
import { pool3DCases } from './pool3d.cases.ts';
import { reduceCases } from './reduce.cases.ts';
import { resizeCases } from './resize.cases.ts';
import { reverseCases } from './reverse.cases.ts';
import { rotateCases } from './rotate.cases.ts';
import { scanCases } from './scan.cases.ts';
import { scatterCases } from './scatter.cases.ts';
import { searchSortedCases } from './search-sorted.cases.ts';
import { segmentCases } from './segment.cases.ts';
import { sequenceCases } from './sequence.cases.ts';
import { shapeCases } from './shape.cases.ts';
import { softmaxCases } from './softmax.cases.ts';
import { spaceToBatchCases } from './space-to-batch.cases.ts';
import { stackCases } from './stack.cases.ts';
import { stridedSliceCases } from './strided-slice.cases.ts';
import { topKCases } from './top-k.cases.ts';
import { transformCases } from './transform.cases.ts';
import { unaryCases } from './unary.cases.ts';

/** The rows of every kernel module. */
export const caseTable: Readonly<Record<string, readonly KernelCase[]>> = {
  unary: unaryCases,
  activation: activationCases,
  binary: binaryCases,
  comparison: comparisonCases,
  sequence: sequenceCases,
  scan: scanCases,
  batchNorm: batchNormCases,
  lrn: lrnCases,
  einsum: einsumCases,
  searchSorted: searchSortedCases,
  reduce: reduceCases,
  shape: shapeCases,
  stridedSlice: stridedSliceCases,
  depthToSpace: depthToSpaceCases,
  matMul: matMulCases,
  softmax: softmaxCases,
  conv2D: conv2DCases,
  conv3D: conv3DCases,
  depthwiseConv2D: depthwiseConv2DCases,
  dilation2D: dilation2DCases,
  maxPool: maxPoolCases,
  avgPool: avgPoolCases,
  pool3D: pool3DCases,
  gather: gatherCases,
  pad: padCases,
  reverse: reverseCases,
  scatter: scatterCases,
  segment: segmentCases,
  spaceToBatch: spaceToBatchCases,
  stack: stackCases,
  bincount: bincountCases,
  broadcastArgs: broadcastArgsCases,
  diag: diagCases,
  resize: resizeCases,
  topK: topKCases,
  cropAndResize: cropAndResizeCases,
  transform: transformCases,
  rotate: rotateCases,
};
