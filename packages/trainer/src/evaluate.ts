import {
  ClassificationTally,
  ReconstructionTally,
  structuralSimilarity,
  type RunManifest,
} from '@narrows/shared';
import type { Split } from './data/dataset.ts';
import { roundToBytes, scaleBytes } from './data/pixels.ts';
import { openOnnxSession, type OnnxSession } from './engine/onnx-session.ts';
import { chooseSamples } from './evaluation/choose-samples.ts';
import type { SampleImages } from './evaluation/evaluation-files.ts';
import type { PerImageFigures } from './evaluation/per-image-figures.ts';

/** What the test set says of a run's models in all, as `run.json` records it. */
export type Evaluation = Omit<RunManifest['evaluation'], 'files'>;

/** The same with what it says of each image; `evaluationFiles` makes files of that. */
export interface DetailedEvaluation extends Evaluation {
  readonly perImage: PerImageFigures;
  readonly samples: SampleImages;
}

/** The ONNX files of a run that an evaluation runs, by model id. */
export interface EvaluationModels {
  /** `images → reconstructions` */
  readonly codecs: readonly { readonly id: string; readonly bytes: Uint8Array }[];
  /** `images → logits` */
  readonly classifiers: readonly { readonly id: string; readonly bytes: Uint8Array }[];
}

export interface EvaluationOptions {
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classCount: number;
  /** Threads of onnxruntime. The results do not depend on them beyond rounding. */
  readonly threads: number;
  /** Told how much of the test set is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

const batchImages = 500;

/**
 * Runs a test set through every codec, and the originals and all reconstructions through every classifier, all from
 * their ONNX files. Reconstructions reach the classifier as the codec gives them, as float32 and not rounded to bytes.
 * Then the images worth showing are chosen, see `chooseSamples`, and run through every codec once more.
 */
export async function evaluate(
  { codecs, classifiers }: EvaluationModels,
  test: Split,
  { imageShape, classCount, threads, onProgress }: EvaluationOptions,
): Promise<DetailedEvaluation> {
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const sessions: OnnxSession[] = [];
  const open = async (models: EvaluationModels['codecs']) => {
    const opened: { readonly id: string; readonly session: OnnxSession }[] = [];
    for (const { id, bytes } of models) {
      const session = await openOnnxSession(bytes, { device: 'cpu', threads });
      sessions.push(session);
      opened.push({ id, session });
    }
    return opened;
  };
  try {
    const openCodecs = (await open(codecs)).map((codec) => ({
      ...codec,
      tally: new ReconstructionTally({ imageSize, classCount }),
      mse: new Float32Array(test.count),
      ssim: new Float32Array(test.count),
      ssimSum: 0,
    }));
    const sources = ['original', ...codecs.map(({ id }) => id)];
    const openClassifiers = (await open(classifiers)).map((classifier) => ({
      ...classifier,
      onSources: new Map(
        sources.map((source) => [
          source,
          {
            tally: new ClassificationTally({ classCount }),
            predicted: new Uint8Array(test.count),
            probability: new Float32Array(test.count),
          },
        ]),
      ),
    }));
    const run = async (session: OnnxSession, images: Float32Array, output: string): Promise<Float32Array> => {
      const shape = [images.length / imageSize, ...imageShape];
      const results = await session.run({ images: { data: images, shape, dtype: 'float32' } });
      return results[output].data as Float32Array;
    };

    for (let start = 0; start < test.count; start += batchImages) {
      const end = Math.min(test.count, start + batchImages);
      const originals = scaleBytes(test.images.subarray(start * imageSize, end * imageSize));
      const labels = test.labels.subarray(start, end);
      const views = new Map<string, Float32Array>([['original', originals]]);
      for (const codec of openCodecs) {
        const reconstructions = await run(codec.session, originals, 'reconstructions');
        codec.mse.set(codec.tally.add(originals, reconstructions, labels), start);
        const similarities = structuralSimilarity(originals, reconstructions, { imageShape });
        codec.ssim.set(similarities, start);
        // One by one in the images' order, so that the sum doesn't depend on how they are cut into batches.
        for (const similarity of similarities) codec.ssimSum += similarity;
        views.set(codec.id, reconstructions);
      }
      for (const { session, onSources } of openClassifiers) {
        for (const [source, images] of views) {
          const { tally, predicted, probability } = onSources.get(source)!;
          const predictions = tally.add(await run(session, images, 'logits'), labels);
          predicted.set(predictions.classes, start);
          probability.set(predictions.probabilities, start);
        }
      }
      onProgress?.(end / test.count);
    }

    const perImage: PerImageFigures = {
      labels: test.labels,
      codecs: openCodecs.map(({ id, mse, ssim }) => ({ id, mse, ssim })),
      classifications: openClassifiers.flatMap(({ id, onSources }) =>
        [...onSources].map(([on, { predicted, probability }]) => ({
          classifier: id,
          on,
          predicted,
          probability,
        })),
      ),
    };
    const chosen = imagesAt(chooseSamples(perImage), test, imageSize);
    const reconstructions: SampleImages['reconstructions'][number][] = [];
    for (const { id, session } of openCodecs) {
      const images = await run(session, scaleBytes(chosen.originals), 'reconstructions');
      reconstructions.push({ id, images: roundToBytes(images) });
    }
    return {
      codecs: openCodecs.map(({ id, tally, ssimSum }) => {
        const { mse, perClass } = tally.result();
        return { id, mse, ssim: ssimSum / test.count, perClass };
      }),
      classifications: openClassifiers.flatMap(({ id, onSources }) =>
        [...onSources].map(([on, { tally }]) => ({ classifier: id, on, ...tally.result() })),
      ),
      perImage,
      samples: { imageShape, ...chosen, reconstructions },
    };
  } finally {
    for (const session of sessions) await session.close();
  }
}

function imagesAt(
  indices: readonly number[],
  { images, labels }: Split,
  imageSize: number,
): Pick<SampleImages, 'indices' | 'labels' | 'originals'> {
  const originals = new Uint8Array(indices.length * imageSize);
  indices.forEach((image, i) => {
    originals.set(images.subarray(image * imageSize, (image + 1) * imageSize), i * imageSize);
  });
  return {
    indices: Int32Array.from(indices),
    labels: Uint8Array.from(indices, (image) => labels[image]),
    originals,
  };
}
