import type { Codec } from '@narrows/models';
import type { Split } from '../data/dataset.ts';
import { roundToBytes, scaleBytes } from '../data/pixels.ts';
import type { ParameterArrays } from '../engine/engine.ts';
import { openOnnxSession } from '../engine/onnx-session.ts';
import { exportModel } from '../export-model.ts';

const batchImages = 500;

/**
 * A split whose images went through a codec and back, clipped to [0, 1] and rounded to bytes, with the labels they had. A
 * classifier that learns from it is judged on the float32 reconstructions as they come.
 * @param onProgress told how much is done, from 0 to 1.
 */
export async function reconstructSplit(
  split: Split,
  { codec, parameters, threads, onProgress }: ReconstructOptions,
): Promise<Split> {
  const exported = exportModel(codec, parameters);
  const { bytes } = exported.files.find(({ role }) => role === 'autoencoder')!;
  exported.dispose();
  const session = await openOnnxSession(bytes, { device: 'cpu', threads });
  const images = new Uint8Array(split.images.length);
  const imageSize = split.images.length / split.count;
  try {
    for (let start = 0; start < split.count; start += batchImages) {
      const end = Math.min(split.count, start + batchImages);
      const originals = split.images.subarray(start * imageSize, end * imageSize);
      const data = scaleBytes(originals);
      const shape = [end - start, ...codec.imageShape];
      const { reconstructions } = await session.run({ images: { data, shape, dtype: 'float32' } });
      images.set(roundToBytes(reconstructions.data as Float32Array), start * imageSize);
      onProgress?.(end / split.count);
    }
  } finally {
    await session.close();
  }
  return { images, labels: split.labels, count: split.count };
}

export interface ReconstructOptions {
  readonly codec: Codec;
  readonly parameters: ParameterArrays;
  readonly threads: number;
  readonly onProgress?: (fraction: number) => void;
}
