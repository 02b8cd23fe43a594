import { formatType, sameShape } from '../tensor-type.ts';
import { numbersOf, type HostTensor } from './run-onnx.ts';
import type { Tolerance } from './tolerances.ts';

/**
 * What is wrong with a result, in one line, or `undefined` if nothing is: dtype, shape, or the element that is furthest
 * outside of the tolerance. NaN must meet NaN and an infinity its like; 0 and -0 are equal, since ONNX leaves the sign of
 * a zero open.
 */
export function findMismatch(
  actual: HostTensor,
  expected: HostTensor,
  { ofElement, ofLargest }: Tolerance,
): string | undefined {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    return `is ${formatType(actual)}, not ${formatType(expected)}`;
  }
  const references = numbersOf(expected);
  const largest = references.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
  let worst = 0;
  let text: string | undefined;
  references.forEach((reference, i) => {
    const element = Number(actual.data[i]);
    if (element === reference || (Number.isNaN(element) && Number.isNaN(reference))) return;
    const allowed = ofElement * Math.abs(reference) + ofLargest * largest;
    // Written so that a NaN counts as infinitely far.
    const excess = Math.abs(element - reference) / allowed;
    const distance = Number.isNaN(excess) ? Infinity : excess;
    if (distance <= Math.max(1, worst)) return;
    worst = distance;
    text = `element ${i} is ${element}, not ${reference} (± ${allowed.toExponential(1)})`;
  });
  return text;
}
