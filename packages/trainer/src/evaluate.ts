import { ClassificationTally, ReconstructionTally, type RunManifest } from '@narrows/shared';
import type { Split } from './data/dataset.ts';
import { openOnnxSession, type OnnxSession } from './engine/onnx-session.ts';

/** What the test set says of a run's models, as `run.json` records it. */
export type Evaluation = RunManifest['evaluation'];

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
 */
export async function evaluate(
  { codecs, classifiers }: EvaluationModels,
  test: Split,
  { imageShape, classCount, threads, onProgress }: EvaluationOptions,
): Promise<Evaluation> {
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const open = async ({ id, bytes }: { id: string; bytes: Uint8Array }) => ({
    id,
    session: await openOnnxSession(bytes, { device: 'cpu', threads }),
  });
  const openCodecs = await Promise.all(
    codecs.map(async (codec) => ({
      ...(await open(codec)),
      tally: new ReconstructionTally({ imageSize, classCount }),
    })),
  );
  const sources = ['original', ...codecs.map(({ id }) => id)];
  const openClassifiers = await Promise.all(
    classifiers.map(async (classifier) => ({
      ...(await open(classifier)),
      tallies: new Map(sources.map((source) => [source, new ClassificationTally({ classCount })])),
    })),
  );
  const run = async (session: OnnxSession, images: Float32Array, output: string): Promise<Float32Array> => {
    const shape = [images.length / imageSize, ...imageShape];
    const results = await session.run({ images: { data: images, shape, dtype: 'float32' } });
    return results[output].data as Float32Array;
  };

  for (let start = 0; start < test.count; start += batchImages) {
    const end = Math.min(test.count, start + batchImages);
    const originals = Float32Array.from(
      test.images.subarray(start * imageSize, end * imageSize),
      (pixel) => pixel / 255,
    );
    const labels = test.labels.subarray(start, end);
    const views = new Map<string, Float32Array>([['original', originals]]);
    for (const { id, session, tally } of openCodecs) {
      const reconstructions = await run(session, originals, 'reconstructions');
      tally.add(originals, reconstructions, labels);
      views.set(id, reconstructions);
    }
    for (const { session, tallies } of openClassifiers) {
      for (const [source, images] of views) {
        tallies.get(source)!.add(await run(session, images, 'logits'), labels);
      }
    }
    onProgress?.(end / test.count);
  }
  for (const { session } of [...openCodecs, ...openClassifiers]) await session.close();
  return {
    codecs: openCodecs.map(({ id, tally }) => ({ id, ...tally.result() })),
    classifications: openClassifiers.flatMap(({ id, tallies }) =>
      [...tallies].map(([on, tally]) => ({ classifier: id, on, ...tally.result() })),
    ),
  };
}
