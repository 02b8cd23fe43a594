import type { ImageShape } from './image-shape.ts';

/**
 * An image whose every pixel is taken from a place of another, between pixels by bilinear interpolation. What lies
 * outside counts as 0, the background.
 *
 * @param image float32 `[H, W, C]`
 * @param placeOf for a row and column, the row and column to take it from, in pixels
 */
export function sampleBilinear(
  image: Float32Array,
  [height, width, channels]: ImageShape,
  placeOf: (row: number, column: number) => readonly [row: number, column: number],
): Float32Array {
  const result = new Float32Array(image.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, x] = placeOf(row, column);
      const top = Math.floor(y);
      const left = Math.floor(x);
      for (const [sourceRow, rowWeight] of [
        [top, top + 1 - y],
        [top + 1, y - top],
      ]) {
        if (rowWeight === 0 || sourceRow < 0 || sourceRow >= height) continue;
        for (const [sourceColumn, columnWeight] of [
          [left, left + 1 - x],
          [left + 1, x - left],
        ]) {
          if (columnWeight === 0 || sourceColumn < 0 || sourceColumn >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            result[(row * width + column) * channels + channel] +=
              rowWeight * columnWeight * image[(sourceRow * width + sourceColumn) * channels + channel];
          }
        }
      }
    }
  }
  return result;
}
