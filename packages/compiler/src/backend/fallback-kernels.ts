/** Why results of a kernel can't be known before it runs: graphs have static shapes. */
const shapeOfValues = 'the shape of its result depends on values, and graphs have static shapes';
const strings = 'it works on strings, and graphs hold numbers';
const complexNumbers = 'it works on complex numbers, and graphs hold real ones';

/**
 * Kernels that the lazy backend may run on tfjs's `cpu` backend, and why. Calls that a rule can express never do;
 * `compile` and `exportOnnx` never do either.
 */
export const fallbackKernels: ReadonlyMap<string, string> = new Map([
  ['Unique', shapeOfValues],
  ['NonMaxSuppressionV3', shapeOfValues],
  ['NonMaxSuppressionV4', shapeOfValues],
  ['NonMaxSuppressionV5', shapeOfValues],
  ['RaggedGather', shapeOfValues],
  ['RaggedRange', shapeOfValues],
  ['RaggedTensorToTensor', shapeOfValues],
  ['SparseFillEmptyRows', shapeOfValues],
  ['SparseReshape', shapeOfValues],
  ['SparseSegmentMean', shapeOfValues],
  ['SparseSegmentSum', shapeOfValues],
  ['Multinomial', 'it draws random numbers, and onnxruntime would draw others'],
  ['StaticRegexReplace', strings],
  ['StringNGrams', strings],
  ['StringSplit', strings],
  ['StringToHashBucketFast', strings],
  ['FFT', complexNumbers],
  ['IFFT', complexNumbers],
  ['ComplexAbs', complexNumbers],
]);

/** Kernels that are about nothing but complex numbers. The lazy backend has them, as pairs of tensors. */
const complexKernels: readonly string[] = ['Complex', 'Real', 'Imag'];

/** Why no rule can express a kernel as a graph; `undefined` where one could. */
export function whyNoRule(kernel: string): string | undefined {
  return complexKernels.includes(kernel) ? complexNumbers : fallbackKernels.get(kernel);
}
