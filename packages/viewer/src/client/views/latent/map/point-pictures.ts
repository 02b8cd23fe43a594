import type { Rgb } from '@narrows/shared';

/** Pictures of points, made as they are asked for. */
export interface PointPictures {
  /** The picture, if it has come. */
  readonly of: (index: number) => CanvasImageSource | undefined;
  /** Fetches those of these points that were not asked for before. */
  readonly want: (indices: readonly number[]) => void;
}

/**
 * Test images as small pictures for a map. Those of one channel are ink of the class's colour on nothing, so that they
 * look right on light and dark alike; others are as they are.
 *
 * @param options.load pixels of test images as bytes, `[indices, H, W, C]`
 * @param options.colourOf the colour of a point
 * @param options.onArrived told when more have come
 */
export function collectPointPictures({
  load,
  shape: [height, width, channels],
  colourOf,
  onArrived,
}: {
  load: (indices: readonly number[]) => Promise<Uint8Array>;
  shape: readonly [number, number, number];
  colourOf: (index: number) => Rgb;
  onArrived: () => void;
}): PointPictures {
  const pictures = new Map<number, HTMLCanvasElement | undefined>();
  const size = height * width * channels;
  const fetchPictures = async (indices: readonly number[]): Promise<void> => {
    const bytes = await load(indices);
    indices.forEach((index, i) => {
      pictures.set(index, paint(bytes.subarray(i * size, (i + 1) * size), colourOf(index)));
    });
    onArrived();
  };
  const paint = (bytes: Uint8Array, ink: Rgb): HTMLCanvasElement => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d')!;
    const pixels = context.createImageData(width, height);
    for (let i = 0; i < height * width; i++) {
      const value = bytes.subarray(i * channels, (i + 1) * channels);
      pixels.data.set(channels === 1 ? [...ink, value[0]] : [...value, 255], 4 * i);
    }
    context.putImageData(pixels, 0, 0);
    return canvas;
  };
  return {
    of: (index) => pictures.get(index),
    want: (indices) => {
      const missing = indices.filter((index) => !pictures.has(index));
      if (missing.length === 0) return;
      for (const index of missing) pictures.set(index, undefined);
      fetchPictures(missing).catch(() => {
        // Their dots stay; they are asked for again with the next movement.
        for (const index of missing) pictures.delete(index);
      });
    },
  };
}
