import { PNG } from 'pngjs';
import { parseColour } from '@narrows/shared';

/** An image of whole pixels. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** uint8 `[height, width, 4]`: red, green, blue, opacity. */
  readonly rgba: Uint8Array;
}

/** Height, width and channels of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Colours of values below and above zero; zero is see-through, so that it looks the same on light and dark ground. */
export const negativeColour = '#2f6fe0';
export const positiveColour = '#e0620d';

/**
 * A dataset's image: of one channel as grey, of three as red, green and blue; any other number of channels as the grey of
 * their mean.
 *
 * @param values uint8 `[height, width, channels]`
 */
export function imageTile(values: Uint8Array, [height, width, channels]: ImageShape): PixelImage {
  return drawTile(height, width, (pixel) => {
    const at = values.subarray(pixel * channels, (pixel + 1) * channels);
    if (channels === 3) return [at[0], at[1], at[2], 255];
    const grey = Math.round(at.reduce((sum, value) => sum + value, 0) / channels);
    return [grey, grey, grey, 255];
  });
}

/**
 * Values with a sign as an image: orange above zero, blue below, the more opaque the further from it.
 *
 * @param values `[height, width]`, from `−scale` to `scale`; what is beyond is drawn as its end
 */
export function signedTile(
  values: Float32Array,
  [height, width]: readonly [height: number, width: number],
  { scale }: { scale: number },
): PixelImage {
  const colours = { above: parseColour(positiveColour), below: parseColour(negativeColour) };
  return drawTile(height, width, (pixel) => {
    const share = Math.max(-1, Math.min(1, values[pixel] / scale));
    const [red, green, blue] = share < 0 ? colours.below : colours.above;
    return [red, green, blue, Math.round(255 * Math.abs(share))];
  });
}

/**
 * What a codec got wrong at each pixel, in units of the pixels' range [0, 1]: reconstruction minus original for one
 * channel; for more the mean of the channels' absolute differences, for with signs they could cancel.
 *
 * @param pair uint8 `[height, width, channels]` each
 * @returns float32 `[height, width]`
 */
export function pixelErrors(
  { original, reconstruction }: { original: Uint8Array; reconstruction: Uint8Array },
  [height, width, channels]: ImageShape,
): Float32Array {
  return Float32Array.from({ length: height * width }, (_, pixel) => {
    let sum = 0;
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) {
      const difference = reconstruction[i] - original[i];
      sum += channels === 1 ? difference : Math.abs(difference);
    }
    return sum / channels / 255;
  });
}

/** Puts equally large tiles side by side with see-through gaps between them, in px. */
export function sprite(tiles: readonly PixelImage[], { gap }: { gap: number }): PixelImage {
  const [{ width, height }] = tiles;
  const whole = tiles.length * (width + gap) - gap;
  const rgba = new Uint8Array(4 * whole * height);
  tiles.forEach((tile, i) => {
    if (tile.width !== width || tile.height !== height) {
      throw new RangeError(
        `Cannot join tiles: all must be ${width} × ${height} pixels, and tile ${i} is ${tile.width} × ${tile.height}.`,
      );
    }
    for (let row = 0; row < height; row++) {
      const line = tile.rgba.subarray(4 * row * width, 4 * (row + 1) * width);
      rgba.set(line, 4 * (row * whole + i * (width + gap)));
    }
  });
  return { width: whole, height, rgba };
}

/** Encodes an image as a PNG in a `data:` address, as grey where it has no colour and opaque where it has no gaps. */
export function pngDataUri({ width, height, rgba }: PixelImage): string {
  const png = new PNG({ width, height });
  png.data = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  let [coloured, clear] = [false, false];
  for (let i = 0; i < rgba.length; i += 4) {
    coloured ||= rgba[i] !== rgba[i + 1] || rgba[i] !== rgba[i + 2];
    clear ||= rgba[i + 3] !== 255;
  }
  // The PNG specification's colour types: 2 for colour and 4 for opacity, added.
  const colorType = ((coloured ? 2 : 0) + (clear ? 4 : 0)) as 0 | 2 | 4 | 6;
  const bytes = PNG.sync.write(png, { colorType, deflateLevel: 9 });
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

function drawTile(
  height: number,
  width: number,
  colourAt: (pixel: number) => readonly [number, number, number, number],
): PixelImage {
  const rgba = new Uint8Array(4 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) rgba.set(colourAt(pixel), 4 * pixel);
  return { width, height, rgba };
}
