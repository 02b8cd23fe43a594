import { randomStream, type RandomStream } from '@narrows/shared';
import { describe, expect, test } from 'vitest';
import { augmentImages } from './augment-images.ts';

type Shape = readonly [height: number, width: number, channels: number];

/** How an image is to be moved, each as the part of its limit, from -1 to just below 1. */
interface Motion {
  readonly rotation?: number;
  readonly scale?: number;
  readonly right?: number;
  readonly down?: number;
}

/** Uniform numbers that are given, in the order that augmentation takes them in; every other draw is an error. */
function streamOf(motions: readonly Motion[]): RandomStream & { readonly left: () => number } {
  const numbers = motions.flatMap(({ rotation = 0, scale = 0, right = 0, down = 0 }) =>
    [rotation, scale, right, down].map((part) => (part + 1) / 2),
  );
  const never = (): number => {
    throw new Error('Augmentation draws uniform numbers, four for each image.');
  };
  return {
    nextUniform: () => numbers.shift() ?? never(),
    nextUint32: never,
    nextInt: never,
    nextNormal: never,
    left: () => numbers.length,
  };
}

const mnist: Shape = [28, 28, 1];

/** Images of random pixels. */
function randomImages(count: number, [height, width, channels]: Shape, seed = 1): Uint8Array {
  const stream = randomStream(seed, 'pixels');
  return Uint8Array.from({ length: count * height * width * channels }, () => stream.nextInt(256));
}

function augmented(images: Uint8Array, shape: Shape, ...motions: readonly Motion[]): Uint8Array {
  const copy = images.slice();
  const stream = streamOf(motions);
  augmentImages(copy, shape, stream);
  expect(stream.left()).toBe(0);
  return copy;
}

test.each<[string, Shape]>([
  ['28×28×1', mnist],
  ['32×32×3', [32, 32, 3]],
  ['odd sizes', [7, 12, 2]],
  ['one pixel', [1, 1, 1]],
])('an image of %s that is moved by nothing stays as it is', (_, shape) => {
  const images = randomImages(2, shape);
  expect(augmented(images, shape, {}, {})).toEqual(images);
});

describe('a shift by whole pixels', () => {
  // Half of the limit, which is 2 pixels of 28 and 1 of 14.
  test.each<[string, Motion, Shape, number, number]>([
    ['right', { right: 0.5 }, mnist, 1, 0],
    ['left by all it can', { right: -1 }, mnist, -2, 0],
    ['down', { down: 0.5 }, mnist, 0, 1],
    ['up and right', { down: -0.5, right: 0.5 }, mnist, 1, -1],
    ['of an image with other sides', { right: -0.5, down: -1 }, [14, 28, 3], -1, -1],
  ])('%s moves pixels, with 0 from outside', (_, motion, shape, right, down) => {
    const images = randomImages(1, shape);
    const result = augmented(images, shape, motion);
    const [height, width, channels] = shape;
    const expected = images.map((_, i) => {
      const [y, x] = [Math.floor(i / (width * channels)) - down, (Math.floor(i / channels) % width) - right];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      return inside ? images[(y * width + x) * channels + (i % channels)] : 0;
    });
    expect(result).toEqual(expected);
  });

  test('by half a pixel mixes two neighbours equally', () => {
    const shape: Shape = [1, 28, 1];
    const image = new Uint8Array(28);
    image.set([100, 200], 10);
    const result = augmented(image, shape, { right: 0.25 });
    expect([...result.subarray(9, 14)]).toEqual([0, 50, 150, 100, 0]);
  });
});

/**
 * Turning, scaling and shifting the other way round: the forward map as a matrix, undone by Cramer's rule, and bilinear
 * interpolation as a sum over all pixels of the image, weighted by tents.
 */
function reference(image: Uint8Array, [height, width, channels]: Shape, motion: Motion): Float64Array {
  const { rotation = 0, scale = 0, right = 0, down = 0 } = motion;
  const angle = (rotation * 10 * Math.PI) / 180;
  const size = 1 + 0.1 * scale;
  // Columns: where a step to the right and a step down go. Turning is from right to down.
  const [ax, ay] = [size * Math.cos(angle), size * Math.sin(angle)];
  const [bx, by] = [-size * Math.sin(angle), size * Math.cos(angle)];
  const result = new Float64Array(image.length);
  const tent = (distance: number): number => Math.max(0, 1 - Math.abs(distance));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const toX = x - (width - 1) / 2 - (right * width) / 14;
      const toY = y - (height - 1) / 2 - (down * height) / 14;
      const determinant = ax * by - bx * ay;
      const fromX = (toX * by - bx * toY) / determinant + (width - 1) / 2;
      const fromY = (ax * toY - toX * ay) / determinant + (height - 1) / 2;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const weight = tent(fromX - column) * tent(fromY - row);
          if (weight === 0) continue;
          for (let channel = 0; channel < channels; channel++) {
            result[(y * width + x) * channels + channel] +=
              weight * image[(row * width + column) * channels + channel];
          }
        }
      }
    }
  }
  return result;
}

test.each<[string, Motion, Shape]>([
  ['a turn by 10°', { rotation: 1 - 2 ** -23 }, mnist],
  ['a turn by -10°', { rotation: -1 }, mnist],
  ['an image grown by a tenth', { scale: 1 - 2 ** -23 }, mnist],
  ['an image shrunk by a tenth', { scale: -1 }, mnist],
  ['all at once', { rotation: 0.7, scale: -0.6, right: 0.3, down: -0.9 }, mnist],
  ['all at once, on three channels', { rotation: -0.4, scale: 0.8, right: -0.7, down: 0.2 }, [12, 17, 3]],
])('%s agrees with a sum over all pixels', (_, motion, shape) => {
  const image = randomImages(1, shape);
  const result = augmented(image, shape, motion);
  reference(image, shape, motion).forEach((value, i) => {
    expect(Math.abs(result[i] - value)).toBeLessThanOrEqual(0.5 + 1e-9);
  });
  expect(result).not.toEqual(image);
});

test('channels stay apart', () => {
  const shape: Shape = [14, 14, 3];
  const image = randomImages(1, shape);
  const motion = { rotation: 0.5, scale: 0.5, right: 0.5, down: 0.5 };
  const result = augmented(image, shape, motion);
  for (const channel of [0, 1, 2]) {
    const ofChannel = (of: Uint8Array) => of.filter((_, i) => i % 3 === channel);
    expect(ofChannel(result)).toEqual(augmented(ofChannel(image), [14, 14, 1], motion));
  }
});

test('every image of a batch is moved on its own', () => {
  const motions = [
    { rotation: 0.9, right: -0.9 },
    { scale: -0.9, down: 0.9 },
    { rotation: -0.5, scale: 0.5 },
  ];
  const images = randomImages(3, mnist);
  const result = augmented(images, mnist, ...motions);
  motions.forEach((motion, i) => {
    const part = (of: Uint8Array) => of.subarray(i * 784, (i + 1) * 784);
    expect(part(result)).toEqual(augmented(part(images), mnist, motion));
  });
  // A white image between black ones stays there.
  const white = new Uint8Array(3 * 784).fill(255, 784, 2 * 784);
  const moved = augmented(white, mnist, ...motions);
  expect(moved.subarray(0, 784).every((pixel) => pixel === 0)).toBe(true);
  expect(moved.subarray(2 * 784).every((pixel) => pixel === 0)).toBe(true);
  expect(moved[784 + 14 * 28 + 14]).toBe(255);
});

test('no images are nothing to do', () => {
  expect(augmented(new Uint8Array(), mnist)).toEqual(new Uint8Array());
});

test('depends on nothing but the images and the stream', () => {
  const draw = (seed: number): Uint8Array => {
    const images = randomImages(4, mnist);
    augmentImages(images, mnist, randomStream(seed, 'augment:basic-32', 3, 7));
    return images;
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(1)).not.toEqual(randomImages(4, mnist));
});
