import { formatType, sameShape } from '../tensor-type.ts';
import { numbersOf, type HostTensor } from './run-onnx.ts';

/**
 * How far an element may be from the reference, as a part of it, a part of the tensor's largest, an absolute number, and a
 * multiple of what other roundings change in it.
 */
const allowance = { ofElement: 1e-4, ofLargest: 1e-6, absolute: 1e-6, ofRounding: 10 } as const;

/**
 * What is wrong with a result whose steps are not known, in one line, or `undefined` if nothing is: dtype, shape, or the
 * first element that is farther from the reference than rounding explains. Integers and truths must be equal where they
 * come from exact numbers; NaN must meet NaN.
 * @param rounded the reference computed with other roundings. What they make infinite or NaN may be anything.
 */
export function unexplainedDifference(
  actual: HostTensor,
  expected: HostTensor,
  rounded: readonly HostTensor[],
): string | undefined {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape))
    return `is ${formatType(actual)}, not ${formatType(expected)}`;
  const elements = numbersOf(actual);
  const references = numbersOf(expected);
  const largest = references.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
  const { ofElement, ofLargest, absolute, ofRounding } = allowance;
  for (const [i, element] of elements.entries()) {
    const reference = references[i];
    if (element === reference || (Number.isNaN(element) && Number.isNaN(reference))) continue;
    const changes = rounded
      .map(({ data }) => Number(data[i]))
      .filter((other) => !Object.is(other, reference))
      .map((other) => Math.abs(other - reference));
    if (changes.some((change) => !Number.isFinite(change))) continue;
    const plain =
      expected.dtype === 'float32' ? ofElement * Math.abs(reference) + ofLargest * largest + absolute : 0;
    const allowed = plain + ofRounding * Math.max(0, ...changes);
    // Written so that a NaN counts as too far.
    if (!(Math.abs(element - reference) <= allowed))
      return `element ${i} is ${element}, not ${reference} (± ${allowed.toExponential(1)})`;
  }
  return undefined;
}
