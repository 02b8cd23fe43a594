/**
 * Where a width lies on the slider: each doubling takes the same room, because each tells about as much.
 * @param width at least 1
 * @returns log₂ of the width, 0 at width 1
 */
export function positionOf(width: number): number {
  return Math.log2(width);
}

/** The whole width at a place of the slider, the inverse of `positionOf` where that is a width's own. */
export function widthAt(position: number): number {
  return Math.round(2 ** position);
}

/**
 * The width that an address names.
 * @param text of the parameter, `null` where there is none
 * @param widest the most there is
 * @returns a whole number from 1 to `widest`; 16, or `widest` where that is less, for a text that is no such number
 */
export function parseWidth(text: string | null, widest: number): number {
  const width = Number(text ?? NaN);
  return Number.isInteger(width) && width >= 1 ? Math.min(width, widest) : Math.min(16, widest);
}

/**
 * The width that a key leads to, as the ARIA pattern for sliders has it: arrows by one, page keys to the next of `stops`,
 * Home and End to the ends.
 * @param stops widths, ascending
 * @returns `undefined` for a key that is none of these
 */
export function widthAfterKey(
  key: string,
  { width, widest, stops }: { width: number; widest: number; stops: readonly number[] },
): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(widest, width + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(1, width - 1);
    case 'PageUp':
      return stops.find((stop) => stop > width) ?? widest;
    case 'PageDown':
      return stops.findLast((stop) => stop < width) ?? 1;
    case 'Home':
      return 1;
    case 'End':
      return widest;
    default:
      return undefined;
  }
}

/** Powers of two up to the widest, for the ticks below the slider; the widest itself comes last. */
export function widthTicks(widest: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(widest)) + 1 }, (_, i) => 2 ** i);
  const [last] = powers.slice(-1);
  // A power next to the end would stand in its way.
  return last === widest ? powers : [...powers.filter((power) => power <= widest / 1.4), widest];
}
