import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { parseColour } from '@narrows/shared';
import {
  imageTile,
  negativeColour,
  pixelErrors,
  pngDataUri,
  positiveColour,
  signedTile,
  sprite,
  type PixelImage,
} from './pixel-images.ts';

/** What a PNG in a `data:` address holds. */
function decode(uri: string): { width: number; height: number; colorType: number; pixels: number[][] } {
  const prefix = 'data:image/png;base64,';
  expect(uri.startsWith(prefix)).toBe(true);
  const bytes = Buffer.from(uri.slice(prefix.length), 'base64');
  const { width, height, data } = PNG.sync.read(bytes);
  const pixels = Array.from({ length: width * height }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
  // The byte after width, height and bit depth in the first chunk.
  return { width, height, colorType: bytes[25], pixels };
}

const encoded = (image: PixelImage) => decode(pngDataUri(image));

describe('imageTile', () => {
  test('one channel is grey', () => {
    const image = encoded(imageTile(Uint8Array.of(0, 50, 100, 150, 200, 255), [2, 3, 1]));
    expect(image).toMatchObject({ width: 3, height: 2, colorType: 0 });
    expect(image.pixels).toEqual([0, 50, 100, 150, 200, 255].map((grey) => [grey, grey, grey, 255]));
  });

  test('three channels are red, green and blue', () => {
    const image = encoded(imageTile(Uint8Array.of(255, 0, 10, 1, 2, 3), [1, 2, 3]));
    expect(image).toMatchObject({ width: 2, height: 1, colorType: 2 });
    expect(image.pixels).toEqual([
      [255, 0, 10, 255],
      [1, 2, 3, 255],
    ]);
  });

  test('other channels are shown as the grey of their mean', () => {
    expect(encoded(imageTile(Uint8Array.of(10, 21, 0, 0), [1, 2, 2])).pixels).toEqual([
      [16, 16, 16, 255],
      [0, 0, 0, 255],
    ]);
  });
});

describe('signedTile', () => {
  test('zero is see-through, the sign is the colour, the distance the opacity', () => {
    const values = Float32Array.of(0, 0.25, -0.5, 2);
    const { pixels, colorType } = encoded(signedTile(values, [1, 4], { scale: 0.5 }));
    expect(colorType).toBe(6);
    expect(pixels[0][3]).toBe(0);
    expect(pixels[1]).toEqual([...parseColour(positiveColour), 128]);
    expect(pixels[2]).toEqual([...parseColour(negativeColour), 255]);
    expect(pixels[3]).toEqual([...parseColour(positiveColour), 255]);
  });
});

describe('pixelErrors', () => {
  test('keep their sign for one channel', () => {
    const pair = { original: Uint8Array.of(0, 255, 100), reconstruction: Uint8Array.of(51, 0, 100) };
    expect([...pixelErrors(pair, [1, 3, 1])]).toEqual([Math.fround(0.2), -1, 0]);
  });

  test('do not cancel between channels', () => {
    const pair = { original: Uint8Array.of(0, 51, 100), reconstruction: Uint8Array.of(51, 0, 100) };
    expect(pixelErrors(pair, [1, 1, 3])[0]).toBeCloseTo((0.2 + 0.2 + 0) / 3, 6);
  });
});

describe('sprite', () => {
  const tile = (grey: number): PixelImage => imageTile(Uint8Array.of(grey, grey), [2, 1, 1]);

  test('puts tiles side by side with see-through gaps', () => {
    const { width, height, colorType, pixels } = encoded(sprite([tile(10), tile(20), tile(30)], { gap: 1 }));
    expect([width, height, colorType]).toEqual([5, 2, 4]);
    for (const row of [pixels.slice(0, 5), pixels.slice(5)]) {
      expect(row.map(([grey, , , opacity]) => (opacity === 0 ? 'gap' : grey))).toEqual([
        10,
        'gap',
        20,
        'gap',
        30,
      ]);
    }
  });

  test('refuses tiles of different sizes', () => {
    const wide = imageTile(Uint8Array.of(1, 2), [1, 2, 1]);
    expect(() => sprite([tile(1), wide], { gap: 1 })).toThrow(
      'all must be 1 × 2 pixels, and tile 1 is 2 × 1',
    );
  });
});
