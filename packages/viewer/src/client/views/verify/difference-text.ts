import { formatFixed } from '../../i18n/number-format.ts';

/** A difference with one digit and its power of ten: `3.1 × 10⁻⁸`. */
export function differenceText(difference: number): string {
  if (difference === 0) return '0';
  const [mantissa, exponent] = difference.toExponential(1).split('e');
  const raised = exponent.replace('+', '').replace(/[-0-9]/g, (sign) => superscripts[sign]);
  return `${formatFixed(Number(mantissa), 1).replace('-', '−')} × 10${raised}`;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};
