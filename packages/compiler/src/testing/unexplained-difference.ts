import { formatType, sameShape } from '../tensor-type.ts';
import { numbersOf, type HostTensor } from './run-onnx.ts';

/**
 * How far an element may be from the reference: a part of it, a part of the tensor's largest, an absolute number, and a
 * multiple of the most that other roundings change in the tensor.
 */
const allowance = { ofElement: 1e-4, ofLargest: 1e-6, absolute: 1e-5, ofRounding: 10 } as const;

/**
 * What is wrong with a result whose steps are not known, in one line, or `undefined` if nothing is: dtype, shape, or the
 * first element that is farther from the reference than rounding explains. Integers and truths must be equal where they
 * come from exact numbers; NaN must meet NaN and an infinity its like.
 * @param rounded the reference computed with other roundings. Where a tie goes by rounding they change much in some element,
 *   not always in the one that another backend takes; where they make an element infinite or NaN, all may be anything.
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
  const change = Math.max(0, ...rounded.map((other) => largestChange(numbersOf(other), references)));
  const { ofElement, ofLargest, absolute, ofRounding } = allowance;
  for (const [i, element] of elements.entries()) {
    const reference = references[i];
    if (isSame(element, reference)) continue;
    // Nothing is near an infinity or NaN.
    const isRounded = expected.dtype === 'float32' && Number.isFinite(reference);
    const plain = isRounded ? ofElement * Math.abs(reference) + ofLargest * largest + absolute : 0;
    const allowed = plain + ofRounding * change;
    const distance = Math.abs(element - reference);
    if (allowed < Infinity && !(distance <= allowed))
      return `element ${i} is ${element}, not ${reference} (± ${allowed.toExponential(1)})`;
  }
  return undefined;
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** The most that an element changes; ∞ where one becomes NaN or is no longer. */
function largestChange(elements: readonly number[], references: readonly number[]): number {
  return elements.reduce((most, element, i) => {
    if (isSame(element, references[i])) return most;
    const change = Math.abs(element - references[i]);
    return Number.isNaN(change) ? Infinity : Math.max(most, change);
  }, 0);
}
