import { language } from './language.ts';

const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify([language.value, options]);
  let made = formats.get(key);
  if (made === undefined) {
    // What rounds to nothing has no sign.
    made = new Intl.NumberFormat(language.value, { signDisplay: 'negative', ...options });
    formats.set(key, made);
  }
  return made.format(value);
}

/** A whole number with its thousands apart: `10,000`. */
export function formatCount(value: number): string {
  return format(value, { maximumFractionDigits: 0 });
}

/** A fraction in [0, 1] as per cent: `98.27 %`. */
export function formatPercent(fraction: number, digits = 2): string {
  return `${format(100 * fraction, { minimumFractionDigits: digits, maximumFractionDigits: digits })} %`;
}

/** A number with so many digits after the point: `0.00995`. */
export function formatFixed(value: number, digits: number): string {
  return format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A number with so many digits from its first that is not 0 on: `1.234`, `0.01234`. */
export function formatSignificant(value: number, digits: number): string {
  return format(value, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

/** A mean squared error, as the study prints them: `0.009948`. */
export function formatMse(value: number): string {
  return formatFixed(value, value >= 0.1 ? 4 : 6);
}

/** A number on an axis, with as few digits as it takes: `0.02`. */
export function formatTick(value: number): string {
  return format(value, { maximumSignificantDigits: 3 });
}

/** A peak signal-to-noise ratio in decibels: `20.0 dB`. */
export function formatDecibels(value: number): string {
  return Number.isFinite(value) ? `${formatFixed(value, 1)} dB` : '∞ dB';
}

/** Bytes in the unit that suits them, powers of 1,000: `1.7 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatCount(bytes)} B`;
  if (bytes < 1e6) return `${formatFixed(bytes / 1e3, bytes < 1e4 ? 1 : 0)} kB`;
  return `${formatFixed(bytes / 1e6, 1)} MB`;
}

/** A duration for people: `48 s`, `2 min 05 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
