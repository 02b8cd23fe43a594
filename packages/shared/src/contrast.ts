import { parseColour } from './palette.ts';

/** A colour's channels as linear light: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function linearLight(colour: string): number[] {
  return parseColour(colour).map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/** The contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = linearLight(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** A colour of some opacity in front of another. */
export function blend(front: string, back: string, opacity: number): string {
  const [below, above] = [parseColour(back), parseColour(front)];
  const bytes = above.map((byte, i) => Math.round(opacity * byte + (1 - opacity) * below[i]));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
