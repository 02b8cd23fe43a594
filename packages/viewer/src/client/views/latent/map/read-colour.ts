import { parseColour, type Rgb } from '@narrows/shared';

/** Reads a colour as a browser computes it, `rgb(1, 2, 3)`, or `#rrggbb`. */
export function readColour(colour: string): Rgb {
  if (colour.startsWith('#')) return parseColour(colour);
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
