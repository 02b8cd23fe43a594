import { randomStream } from '@narrows/shared';
import type { ImageShape } from './image-shape.ts';
import { sampleBilinear } from './sample-bilinear.ts';

/** How an image is made harder. Every kind leaves an image as it is at 0. */
export interface Perturbation {
  /** Standard deviation of normal noise, in units of full brightness: 0 to 1. */
  readonly noise: number;
  /** Side of a square that is painted black, in pixels: 0 to the image's height or width. */
  readonly occlusion: number;
  /** Pixels to the right and down, fractions of one included; negative for left and up. */
  readonly shift: readonly [right: number, down: number];
  /** Degrees clockwise about the image's centre. */
  readonly rotation: number;
  /** Standard deviation of a Gaussian blur, in pixels: 0 to about 5. */
  readonly blur: number;
}

/** What leaves every image as it is. */
export const unperturbed: Perturbation = { noise: 0, occlusion: 0, shift: [0, 0], rotation: 0, blur: 0 };

/**
 * Does all of it, in the order of what happens to a picture: it is turned, shifted, out of focus, covered in part, and
 * seen by a noisy sensor. Values stay in [0, 1].
 *
 * @param image float32 `[H, W, C]` in [0, 1]; it is left as it is
 * @param seed of the noise and of the square's place, see `addNoise`
 */
export function perturbImage(
  image: Float32Array,
  shape: ImageShape,
  { perturbation, seed }: { perturbation: Perturbation; seed: number },
): Float32Array {
  const { rotation, shift, blur, occlusion, noise } = perturbation;
  let result = image;
  if (rotation !== 0) result = rotateImage(result, shape, rotation);
  if (shift[0] !== 0 || shift[1] !== 0) result = shiftImage(result, shape, shift);
  if (blur !== 0) result = blurImage(result, shape, blur);
  if (occlusion !== 0) result = occludeImage(result, shape, { side: occlusion, seed });
  if (noise !== 0) result = addNoise(result, { sigma: noise, seed });
  return result === image ? image.slice() : result;
}

/**
 * Adds independent normal noise to every value and clips the sum to [0, 1].
 *
 * @param image float32 in [0, 1]
 * @param options.sigma standard deviation, in units of full brightness, ≥ 0
 * @param options.seed integer ≥ 0. The same one gives the same pattern at every sigma, only stronger, so that a slider
 *   does not make it flicker.
 */
export function addNoise(
  image: Float32Array,
  { sigma, seed }: { sigma: number; seed: number },
): Float32Array {
  const random = randomStream(seed, 'perturb:noise');
  return image.map((value) => Math.min(1, Math.max(0, value + sigma * random.nextNormal())));
}

/**
 * Paints a square black somewhere in the image, wholly inside it.
 *
 * @param image float32 `[H, W, C]`
 * @param options.side pixels, an integer from 0 to the lesser of height and width
 * @param options.seed integer ≥ 0 that draws the place. A larger square has its centre as near to that of a smaller one as
 *   the image's borders allow.
 * @throws RangeError if the side is outside its range
 */
export function occludeImage(
  image: Float32Array,
  [height, width, channels]: ImageShape,
  { side, seed }: { side: number; seed: number },
): Float32Array {
  if (!Number.isInteger(side) || side < 0 || side > Math.min(height, width)) {
    throw new RangeError(
      `Cannot cover a square of ${side} pixels: its side must be an integer from 0 to ${Math.min(height, width)}.`,
    );
  }
  const random = randomStream(seed, 'perturb:occlusion');
  const startOf = (length: number): number => {
    const centre = random.nextUniform() * length;
    return Math.min(length - side, Math.max(0, Math.round(centre - side / 2)));
  };
  const top = startOf(height);
  const left = startOf(width);
  const covered = image.slice();
  for (let row = top; row < top + side; row++) {
    const start = (row * width + left) * channels;
    covered.fill(0, start, start + side * channels);
  }
  return covered;
}

/**
 * Moves an image, with bilinear interpolation; black comes in from the borders.
 *
 * @param image float32 `[H, W, C]`
 * @param by pixels to the right and down
 */
export function shiftImage(
  image: Float32Array,
  shape: ImageShape,
  [right, down]: readonly [right: number, down: number],
): Float32Array {
  return sampleBilinear(image, shape, (row, column) => [row - down, column - right]);
}

/**
 * Turns an image about its centre, with bilinear interpolation; black comes in from the borders.
 *
 * @param image float32 `[H, W, C]`
 * @param degrees clockwise
 */
export function rotateImage(image: Float32Array, shape: ImageShape, degrees: number): Float32Array {
  const angle = (degrees * Math.PI) / 180;
  // A quarter turn shall be exact, whose cosine is 6e-17 in floating point.
  const cosine = degrees % 180 === 0 || degrees % 90 !== 0 ? Math.cos(angle) : 0;
  const sine = degrees % 180 === 0 ? 0 : Math.sin(angle);
  const centreRow = (shape[0] - 1) / 2;
  const centreColumn = (shape[1] - 1) / 2;
  return sampleBilinear(image, shape, (row, column) => {
    const y = row - centreRow;
    const x = column - centreColumn;
    return [centreRow + cosine * y - sine * x, centreColumn + sine * y + cosine * x];
  });
}

/**
 * Blurs an image with a Gaussian, cut off at three standard deviations. Pixels outside the image count as black.
 *
 * @param image float32 `[H, W, C]`
 * @param sigma standard deviation in pixels, > 0
 */
export function blurImage(image: Float32Array, shape: ImageShape, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const kernel = weights.map((weight) => weight / sum);
  return blurAlong(blurAlong(image, shape, { kernel, axis: 0 }), shape, { kernel, axis: 1 });
}

/** @param options.axis 0 blurs along columns, 1 along rows */
function blurAlong(
  image: Float32Array,
  [height, width, channels]: ImageShape,
  { kernel, axis }: { kernel: Float64Array; axis: 0 | 1 },
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const length = axis === 0 ? height : width;
  const stride = axis === 0 ? width * channels : channels;
  return Float32Array.from(image, (_, i) => {
    const at = Math.floor(i / stride) % length;
    let sum = 0;
    for (let offset = Math.max(-radius, -at); offset <= Math.min(radius, length - 1 - at); offset++)
      sum += kernel[radius + offset] * image[i + offset * stride];
    return sum;
  });
}
