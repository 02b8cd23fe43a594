import type { Cell } from './summarise-measurements.ts';

/** Three significant digits, whole above 100: `1.32`, `14.3`, `38700`; `∞` for what never came. */
export function digits(value: number): string {
  if (value === Infinity) return '∞';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}

/**
 * A figure as `median (least–most)`, or only the median of a single value; `too slow` where a step took too long to take
 * several, `cannot` where the peer failed, and `–` where it wasn't asked or isn't done yet.
 */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined || 'leftOut' in cell) return '–';
  if ('failure' in cell) return 'cannot';
  if ('tooSlowMs' in cell) return 'too slow';
  const { median, least, most, count } = cell;
  return count === 1 ? digits(median) : `${digits(median)} (${digits(least)}–${digits(most)})`;
}

/** How many times the one the other is, as `2.31×`; `–` where one is missing. */
export function timesText(ratio: number | undefined): string {
  return ratio === undefined
    ? '–'
    : `${ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)}×`;
}
