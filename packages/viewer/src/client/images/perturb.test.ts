import { describe, expect, it, test } from 'vitest';
import {
  addNoise,
  blurImage,
  occludeImage,
  perturbImage,
  rotateImage,
  shiftImage,
  unperturbed,
} from './perturb.ts';

const shape = [4, 5, 1] as const;
/** One lit pixel. */
function dot(row: number, column: number, [height, width] = [4, 5]): Float32Array {
  const image = new Float32Array(height * width);
  image[row * width + column] = 1;
  return image;
}
const sum = (image: Float32Array) => image.reduce((total, value) => total + value, 0);

describe('shiftImage', () => {
  it('moves to the right and down', () => {
    expect(shiftImage(dot(1, 1), shape, [2, 1])).toEqual(dot(2, 3));
    expect(shiftImage(dot(1, 1), shape, [-1, -1])).toEqual(dot(0, 0));
    expect(sum(shiftImage(dot(1, 1), shape, [4, 0]))).toBe(0);
  });

  it('shares a pixel between those that it comes to lie on', () => {
    const image = shiftImage(dot(1, 1), shape, [0.25, 0]);
    expect([image[6], image[7]]).toEqual([0.75, 0.25]);
    expect(sum(image)).toBe(1);
  });

  it('keeps channels apart', () => {
    const colours = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(shiftImage(colours, [1, 2, 3], [1, 0])).toEqual(Float32Array.of(0, 0, 0, 1, 2, 3));
  });
});

describe('rotateImage', () => {
  const square = [5, 5, 1] as const;
  test.each([
    [90, 2, 4],
    [180, 4, 2],
    [270, 2, 0],
    [-90, 2, 0],
    [360, 0, 2],
  ])('by %d degrees clockwise takes the top to row %d, column %d', (degrees, row, column) => {
    expect(rotateImage(dot(0, 2, [5, 5]), square, degrees)).toEqual(dot(row, column, [5, 5]));
  });

  it('turns about the centre, which stays', () => {
    const image = rotateImage(dot(2, 2, [5, 5]), square, 30);
    expect(image[12]).toBe(1);
  });
});

describe('blurImage', () => {
  it('spreads light evenly to all sides and loses none inside', () => {
    const wide = [21, 21, 1] as const;
    const image = blurImage(dot(10, 10, [21, 21]), wide, 2);
    expect(sum(image)).toBeCloseTo(1, 5);
    const at = (row: number, column: number) => image[row * 21 + column];
    expect(at(10, 12)).toBeCloseTo(at(12, 10), 7);
    expect(at(10, 12) / at(10, 10)).toBeCloseTo(Math.exp(-0.5), 5);
  });

  it('blurs each channel with itself alone', () => {
    const image = blurImage(Float32Array.of(0, 0, 1, 0, 0, 0), [1, 3, 2], 1);
    expect([image[1], image[3], image[5]]).toEqual([0, 0, 0]);
    expect(image[0]).toBeGreaterThan(0);
  });
});

describe('occludeImage', () => {
  it('paints a square of that side black, wholly inside', () => {
    for (let seed = 0; seed < 20; seed++) {
      const image = occludeImage(new Float32Array(20).fill(1), shape, { side: 3, seed });
      expect(sum(image)).toBe(11);
    }
  });

  it('depends on the seed, and takes no side that is not in the image', () => {
    const white = new Float32Array(784).fill(1);
    const covered = (seed: number) => occludeImage(white, [28, 28, 1], { side: 8, seed });
    expect(covered(1)).toEqual(covered(1));
    expect(covered(1)).not.toEqual(covered(2));
    expect(() => occludeImage(white, [28, 28, 1], { side: 29, seed: 1 })).toThrow(
      'Cannot cover a square of 29 pixels: its side must be an integer from 0 to 28.',
    );
  });
});

describe('addNoise', () => {
  it('has the standard deviation that it was given, and the same pattern at each', () => {
    const grey = new Float32Array(10_000).fill(0.5);
    const weak = addNoise(grey, { sigma: 0.01, seed: 3 });
    const strong = addNoise(grey, { sigma: 0.05, seed: 3 });
    const deviation = Math.sqrt(weak.reduce((total, value) => total + (value - 0.5) ** 2, 0) / grey.length);
    expect(deviation).toBeCloseTo(0.01, 3);
    for (const i of [0, 17, 9999]) expect(strong[i] - 0.5).toBeCloseTo(5 * (weak[i] - 0.5), 5);
  });

  it('stays in [0, 1]', () => {
    const noisy = addNoise(new Float32Array(1000), { sigma: 5, seed: 1 });
    expect(Math.min(...noisy)).toBe(0);
    expect(Math.max(...noisy)).toBe(1);
  });
});

describe('perturbImage', () => {
  it('leaves an image as it is at 0, as one of its own', () => {
    const image = dot(1, 1);
    const result = perturbImage(image, shape, { perturbation: unperturbed, seed: 1 });
    expect(result).toEqual(image);
    expect(result).not.toBe(image);
  });

  it('does each kind, covering what was blurred and not the other way round', () => {
    const perturbation = { noise: 0, occlusion: 4, shift: [1, 0], rotation: 0, blur: 3 } as const;
    const square = [4, 4, 1] as const;
    const image = perturbImage(dot(1, 1, [4, 4]), square, { perturbation, seed: 1 });
    expect(sum(image)).toBe(0);
    const shifted = perturbImage(dot(1, 1), shape, {
      perturbation: { ...unperturbed, shift: [1, 0] },
      seed: 1,
    });
    expect(shifted).toEqual(dot(1, 2));
  });
});
