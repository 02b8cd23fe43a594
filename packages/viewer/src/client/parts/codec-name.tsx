import type { SeriesStyle } from '@narrows/shared';

/** The sign of a codec, in its colour: the same shape and colour as in every chart. */
export function SeriesMark({ style }: { style: SeriesStyle }) {
  return (
    <svg class="series-mark" viewBox="-8 -8 16 16" aria-hidden="true">
      <path d={symbolPaths[style.symbol]} ref={(path) => path?.style.setProperty('fill', style.colour)} />
    </svg>
  );
}

/** A codec's sign and name. */
export function CodecName({ style, title }: { style: SeriesStyle; title: string }) {
  return (
    <span class="codec-name">
      <SeriesMark style={style} /> {title}
    </span>
  );
}

/** Outlines of the symbols within a circle of radius 7. */
const symbolPaths: Readonly<Record<SeriesStyle['symbol'], string>> = {
  circle: 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z',
  square: 'M-5.3-5.3H5.3V5.3H-5.3Z',
  triangle: 'M0-6.6L6.4 5H-6.4Z',
  diamond2: 'M0-7L7 0L0 7L-7 0Z',
  cross: 'M-2.2-6.6H2.2V-2.2H6.6V2.2H2.2V6.6H-2.2V2.2H-6.6V-2.2H-2.2Z',
  star: 'M0-7L1.9-2.2L6.8-2L3 1.3L4.2 6L0 3.3L-4.2 6L-3 1.3L-6.8-2L-1.9-2.2Z',
  wye: 'M-2 0.9L-7-2L-4.9-5.5L0-2.7L4.9-5.5L7-2L2 0.9V6.8H-2Z',
  hexagon: 'M0-7L6-3.5V3.5L0 7L-6 3.5V-3.5Z',
};
