import type { RandomStream } from '@narrows/shared';

/** Height, width and channels. */
type Shape = readonly [height: number, width: number, channels: number];

/** How far an image is moved at most. */
const largest = {
  /** Radians. */
  rotation: (10 / 180) * Math.PI,
  /** Part of the size. */
  scale: 0.1,
  /** Pixels, for an image that is 28 wide; in proportion for others. */
  shift: 2 / 28,
};

/**
 * Turns each image by up to 10°, scales it by up to 10 % and shifts it by up to 1/14 of its width and height, uniformly at
 * random, in place of what was there. Pixels are interpolated between the four nearest; what comes from outside is 0.
 *
 * @param images uint8 `[count, H, W, C]`, overwritten.
 * @param stream gives four numbers for each image.
 */
export function augmentImages(
  images: Uint8Array,
  [height, width, channels]: Shape,
  stream: RandomStream,
): void {
  const rowSize = width * channels;
  const imageSize = height * rowSize;
  // The image within a border of zeros, so that the four neighbours of every point that matters are there.
  const borderedRowSize = rowSize + 2 * channels;
  const bordered = new Uint8Array((height + 2) * borderedRowSize);
  const between = (limit: number): number => limit * (2 * stream.nextUniform() - 1);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  for (let start = 0; start < images.length; start += imageSize) {
    for (let y = 0; y < height; y++) {
      const row = images.subarray(start + y * rowSize, start + (y + 1) * rowSize);
      bordered.set(row, (y + 1) * borderedRowSize + channels);
    }
    const angle = between(largest.rotation);
    const scale = 1 + between(largest.scale);
    const shiftX = between(largest.shift * width);
    const shiftY = between(largest.shift * height);
    const cos = Math.cos(angle) / scale;
    const sin = Math.sin(angle) / scale;
    let target = start;
    for (let y = 0; y < height; y++) {
      const dy = y - middleY - shiftY;
      for (let x = 0; x < width; x++) {
        // Where this pixel comes from: the inverse of turning, scaling and shifting about the middle.
        const dx = x - middleX - shiftX;
        const fromX = cos * dx + sin * dy + middleX;
        const fromY = cos * dy - sin * dx + middleY;
        const left = Math.floor(fromX);
        const top = Math.floor(fromY);
        if (left < -1 || left >= width || top < -1 || top >= height) {
          for (let channel = 0; channel < channels; channel++) images[target++] = 0;
          continue;
        }
        const right = fromX - left;
        const bottom = fromY - top;
        let source = (top + 1) * borderedRowSize + (left + 1) * channels;
        for (let channel = 0; channel < channels; channel++, source++) {
          const below = source + borderedRowSize;
          const upper = bordered[source] * (1 - right) + bordered[source + channels] * right;
          const lower = bordered[below] * (1 - right) + bordered[below + channels] * right;
          images[target++] = Math.round(upper * (1 - bottom) + lower * bottom);
        }
      }
    }
  }
}
