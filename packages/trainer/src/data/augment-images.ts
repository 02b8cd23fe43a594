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
  const imageSize = height * width * channels;
  const before = new Uint8Array(imageSize);
  const between = (limit: number): number => limit * (2 * stream.nextUniform() - 1);
  for (let start = 0; start < images.length; start += imageSize) {
    const image = images.subarray(start, start + imageSize);
    before.set(image);
    const angle = between(largest.rotation);
    const scale = 1 + between(largest.scale);
    const shiftX = between(largest.shift * width);
    const shiftY = between(largest.shift * height);
    const cos = Math.cos(angle) / scale;
    const sin = Math.sin(angle) / scale;
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // Where this pixel comes from: the inverse of turning, scaling and shifting about the middle.
        const [dx, dy] = [x - middleX - shiftX, y - middleY - shiftY];
        const fromX = cos * dx + sin * dy + middleX;
        const fromY = cos * dy - sin * dx + middleY;
        const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
        const [right, bottom] = [fromX - left, fromY - top];
        for (let channel = 0; channel < channels; channel++) {
          const at = (row: number, column: number): number =>
            row < 0 || row >= height || column < 0 || column >= width
              ? 0
              : before[(row * width + column) * channels + channel];
          const upper = at(top, left) * (1 - right) + at(top, left + 1) * right;
          const lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
          image[(y * width + x) * channels + channel] = Math.round(upper * (1 - bottom) + lower * bottom);
        }
      }
    }
  }
}
