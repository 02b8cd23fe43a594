/**
 * Ten colours that stay apart for people with any kind of colour vision, on light and on dark ground: found by a search
 * for the largest smallest distance in OKLab as seen with full colour vision, protanopia, deuteranopia and tritanopia
 * (Machado, Oliveira & Fernandes 2009), with a contrast of 2 or more to both grounds. The smallest distance is 0.13 for
 * full colour vision and 0.08 for the others; for the usual ten of Tableau they are 0.08 and 0.007.
 */
export const tenColours = [
  '#3756f7',
  '#d56a0f',
  '#3bc3ac',
  '#943ba7',
  '#589764',
  '#f16ef0',
  '#c0b53a',
  '#a14207',
  '#ad81ab',
  '#566768',
] as const;

/** The same for lines and dots on one ground alone, those too faint there moved until their contrast is 3 or more. */
export const seriesOnLight = tenColours.map(
  (colour) =>
    ({ '#3bc3ac': '#129b86', '#f16ef0': '#d94bd8', '#c0b53a': '#938816' })[colour as string] ?? colour,
);
export const seriesOnDark = tenColours.map(
  (colour) =>
    ({ '#3756f7': '#6d86ff', '#943ba7': '#b765ca', '#a14207': '#c96a35', '#566768': '#8fa3a4' })[
      colour as string
    ] ?? colour,
);

/** A colour as red, green and blue, each in [0, 255]. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Reads `#rrggbb`. */
export function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/**
 * A colour for each of so many classes: the ten above, or for more classes hues that go round by the golden angle, in
 * three lightnesses. So many can't all be told apart: a picture of them needs names beside the colours.
 */
export function classColours(count: number): string[] {
  if (count <= tenColours.length) return tenColours.slice(0, count);
  return Array.from({ length: count }, (_, i) =>
    hslColour((i * 137.508) % 360, 0.65, [0.5, 0.38, 0.64][i % 3]),
  );
}

/** HSL to `#rrggbb`: https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function hslColour(hue: number, saturation: number, lightness: number): string {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** Symbols of the series, which tell them apart without colour. */
const symbols = ['circle', 'square', 'triangle', 'diamond2', 'cross', 'star', 'wye', 'hexagon'] as const;

/** How a codec is drawn, the same in every chart. */
export interface SeriesStyle {
  /** A variable of the page, so that light and dark can differ. */
  readonly colour: string;
  readonly symbol: (typeof symbols)[number];
}

/** How the series at this place is drawn. Colours and symbols come round at different places. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: `var(--series-${index % tenColours.length})`,
    symbol: symbols[index % symbols.length],
  };
}
