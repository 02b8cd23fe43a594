import { encodeSafetensors } from '@narrows/shared';
import type { PerImageFigures } from './per-image-figures.ts';

/** Test images to show, with what every codec makes of them. */
export interface SampleImages {
  readonly imageShape: readonly [height: number, width: number, channels: number];
  /** int32 `[k]`, indices into the test set. */
  readonly indices: Int32Array;
  /** uint8 `[k]`, their classes. */
  readonly labels: Uint8Array;
  /** uint8 `[k, H, W, C]` */
  readonly originals: Uint8Array;
  readonly reconstructions: readonly {
    /** The codec. */
    readonly id: string;
    /** uint8 `[k, H, W, C]`, each value clipped to [0, 1], times 255, rounded. */
    readonly images: Uint8Array;
  }[];
}

/** Encodes the two safetensors files of an evaluation, whose tensors the schema of `run.json` lists. */
export function evaluationFiles({
  perImage,
  samples,
}: {
  perImage: PerImageFigures;
  samples: SampleImages;
}): { perImage: Uint8Array; samples: Uint8Array } {
  const list = <T extends { length: number }>(name: string, data: T) => ({
    name,
    shape: [data.length],
    data,
  });
  const shape = [samples.indices.length, ...samples.imageShape];
  return {
    perImage: encodeSafetensors({
      tensors: [
        list('labels', perImage.labels),
        ...perImage.codecs.flatMap(({ id, mse, ssim }) => [list(`mse/${id}`, mse), list(`ssim/${id}`, ssim)]),
        ...perImage.classifications.flatMap(({ classifier, on, predicted, probability }) => [
          list(`predicted/${classifier}/${on}`, predicted),
          list(`probability/${classifier}/${on}`, probability),
        ]),
      ],
    }),
    samples: encodeSafetensors({
      tensors: [
        list('indices', samples.indices),
        list('labels', samples.labels),
        { name: 'originals', shape, data: samples.originals },
        ...samples.reconstructions.map(({ id, images }) => ({
          name: `reconstructions/${id}`,
          shape,
          data: images,
        })),
      ],
    }),
  };
}
