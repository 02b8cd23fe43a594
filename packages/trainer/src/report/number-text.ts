/** What stands in a table where there is nothing to say. */
export const nothing = '–';

/** A count with thousands apart: `60,000`. */
export function countText(value: number): string {
  return value.toLocaleString('en-US');
}

/** A share in [0, 1] as a percentage, `98.27 %`, whose space doesn't break. */
export function percentText(fraction: number, digits = 2): string {
  return `${(100 * fraction).toFixed(digits)}\u00a0%`;
}

/** A number with its sign, a true minus, and none for what rounds to zero: `+0.20`, `−1.50`, `0.00`. */
export function signedText(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A mean squared error of values in [0, 1], as the study gives it: `0.009948`. */
export function errorText(mse: number): string {
  return mse.toFixed(6);
}

/** A noun with its count: `1 image`, `12 images`. */
export function countedText(value: number, noun: string): string {
  return `${countText(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Names as a person lists them: `a, b and c`. */
export function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** A number of bytes in decimal units: `812 B`, `41.2 kB`, `1.69 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** An average time: `12.3 s` from 100 ms on, `4.5 ms` below. */
export function timeText(durationMs: number): string {
  return durationMs < 100 ? `${durationMs.toFixed(1)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}
