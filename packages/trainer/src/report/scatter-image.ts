import { parseColour } from '@narrows/shared';
import type { PixelImage } from './pixel-images.ts';

/** A scatter plot as pixels. */
export interface ScatterImage {
  readonly image: PixelImage;
  /** Where each class is, as the median of its points, in [0, 1] from the left and the top; none without points. */
  readonly centres: readonly (readonly [x: number, y: number] | undefined)[];
}

/** Opacity of a dot: where dots overlap, the ones below still show. */
const dotOpacity = 0.75;

/**
 * Draws points as round dots on see-through ground, in their order, with edges smoothed by how much of a pixel a dot
 * covers. Both axes have the same scale, and the largest extent fills the image but for a margin.
 *
 * @param points float32 `[n, 2]`, finite
 * @param options.labels uint8 `[n]`, an index into `colours` for each point
 * @param options.colours `#rrggbb` for each class
 * @param options.size width and height in px
 * @param options.radius of a dot in px
 */
export function scatterImage(
  points: Float32Array,
  options: { labels: Uint8Array; colours: readonly string[]; size: number; radius: number },
): ScatterImage {
  const { labels, colours, size, radius } = options;
  const count = points.length / 2;
  const place = fitInto(points, size, 2 * radius);
  const rgb = colours.map(parseColour);
  // Colour times opacity: sums of overlapping dots are simple in it.
  const layer = new Float32Array(4 * size * size);
  for (let i = 0; i < count; i++) {
    const [x, y] = place(i);
    const colour = rgb[labels[i]];
    for (let row = Math.floor(y - radius - 1); row <= Math.ceil(y + radius + 1); row++) {
      for (let column = Math.floor(x - radius - 1); column <= Math.ceil(x + radius + 1); column++) {
        if (row < 0 || column < 0 || row >= size || column >= size) continue;
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const opacity = dotOpacity * Math.max(0, Math.min(1, radius + 0.5 - distance));
        if (opacity === 0) continue;
        const at = 4 * (row * size + column);
        for (let c = 0; c < 3; c++) layer[at + c] = colour[c] * opacity + layer[at + c] * (1 - opacity);
        layer[at + 3] = opacity + layer[at + 3] * (1 - opacity);
      }
    }
  }
  const centres = colours.map((_, label) => {
    const places = Array.from({ length: count }, (__, i) => i)
      .filter((i) => labels[i] === label)
      .map(place);
    if (places.length === 0) return undefined;
    return [median(places.map(([x]) => x)) / size, median(places.map(([, y]) => y)) / size] as const;
  });
  return { image: { width: size, height: size, rgba: toBytes(layer) }, centres };
}

/** Maps points, by their index, into a square: middle to middle, y upwards. */
function fitInto(
  points: Float32Array,
  size: number,
  margin: number,
): (i: number) => readonly [x: number, y: number] {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  points.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  });
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = extent === 0 ? 0 : (size - 2 * margin) / extent;
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  return (i) => [
    size / 2 + scale * (points[2 * i] - middle[0]),
    size / 2 - scale * (points[2 * i + 1] - middle[1]),
  ];
}

/** Opacity in 32 steps and colour in 64: the eye can't tell, and the PNG is a third smaller. */
function toBytes(layer: Float32Array): Uint8Array {
  const rgba = new Uint8Array(layer.length);
  for (let at = 0; at < layer.length; at += 4) {
    const opacity = layer[at + 3];
    if (opacity < 1 / 64) continue;
    for (let c = 0; c < 3; c++) rgba[at + c] = Math.min(255, Math.round(layer[at + c] / opacity / 4) * 4);
    rgba[at + 3] = Math.round((Math.round(31 * opacity) / 31) * 255);
  }
  return rgba;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
