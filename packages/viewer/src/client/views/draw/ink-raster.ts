import type { Drawing as InkGrid } from '../../images/centre-digit.ts';
import type { Drawing, Stroke } from './drawing.ts';

/** The raster is so many times as fine as the image that comes of it. */
const fineness = 4;

/**
 * A drawing as ink on a square raster: 1 where a stroke covers a pixel, 0 where none does, shares of both at its edges. A
 * ground image is spread over the whole raster; where both have ink the stronger counts.
 *
 * @param side of the image that is to come of it, in pixels; the raster is four times as fine
 * @returns values in [0, 1]
 */
export function inkRaster({ ground, strokes }: Drawing, side: number): InkGrid {
  const size = side * fineness;
  const values = new Float32Array(size * size);
  if (ground.kind !== 'none') spreadGround(values, ground.image, side);
  for (const stroke of strokes) inkStroke(values, stroke, size);
  return { values, height: size, width: size };
}

function spreadGround(raster: Float32Array, image: Float32Array, side: number): void {
  const size = side * fineness;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      raster[y * size + x] = image[Math.floor(y / fineness) * side + Math.floor(x / fineness)];
    }
  }
}

function inkStroke(raster: Float32Array, stroke: Stroke, size: number): void {
  for (let i = 0; i < stroke.length; i++) {
    const from = stroke[Math.max(0, i - 1)];
    const to = stroke[i];
    // A segment is as wide as its ends on average, so that a pen's pressure shows.
    inkSegment(raster, size, {
      fromX: from.x * size,
      fromY: from.y * size,
      toX: to.x * size,
      toY: to.y * size,
      radius: ((from.width + to.width) / 4) * size,
    });
  }
}

interface Segment {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly radius: number;
}

/** Inks what lies within the radius of a segment, the edge smoothed over one pixel. */
function inkSegment(raster: Float32Array, size: number, { fromX, fromY, toX, toY, radius }: Segment): void {
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(fromX, toX) - reach));
  const right = Math.min(size - 1, Math.ceil(Math.max(fromX, toX) + reach));
  const top = Math.max(0, Math.floor(Math.min(fromY, toY) - reach));
  const bottom = Math.min(size - 1, Math.ceil(Math.max(fromY, toY) + reach));
  const alongX = toX - fromX;
  const alongY = toY - fromY;
  const lengthSquared = alongX * alongX + alongY * alongY;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const offX = x + 0.5 - fromX;
      const offY = y + 0.5 - fromY;
      const share =
        lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, (offX * alongX + offY * alongY) / lengthSquared));
      const distance = Math.hypot(offX - share * alongX, offY - share * alongY);
      const cover = Math.min(1, Math.max(0, radius - distance + 0.5));
      const at = y * size + x;
      if (cover > raster[at]) raster[at] = cover;
    }
  }
}
