import { ClassificationTally, ReconstructionTally, type SweepTrial } from '@narrows/shared';
import type { Codec } from '@narrows/models';
import type { Split } from '../data/dataset.ts';
import { roundToBytes, scaleBytes } from '../data/pixels.ts';
import { openOnnxSession, type OnnxSession } from '../engine/onnx-session.ts';
import type { ParameterArrays } from '../engine/engine.ts';
import { exportModel } from '../export-model.ts';
import { codeRange, CodeTally, levelValues, quantiseLatents } from './quantised-code.ts';
import { trialThreads } from './sweep-configuration.ts';

const batchImages = 500;

/** What a codec is measured with. */
export interface MeasureOptions {
  readonly parameters: ParameterArrays;
  /** ONNX file `images → logits` of the classifier that judges. */
  readonly classifier: Uint8Array;
  readonly classCount: number;
  /** Training images whose latent vectors set the range of the quantised code. */
  readonly ranges: Split;
  readonly test: Split;
  /**
   * Whether the classifier judges reconstructions clipped to [0, 1] and rounded to 256 levels, as one sees them that
   * learned from reconstructions kept as bytes; the error is always that of the decoder's own floats.
   */
  readonly judgesBytes: boolean;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Runs the test images through a codec's exported encoder and decoder, once with the latent vectors as they are and once
 * with them quantised, and both reconstructions through a classifier, as float32 or as bytes would have them.
 */
export async function measureCodec(
  codec: Codec,
  options: MeasureOptions,
): Promise<Pick<SweepTrial, 'plain' | 'coded'>> {
  const exported = exportModel(codec, options.parameters);
  exported.dispose();
  const bytesOf = (wanted: string): Uint8Array => exported.files.find(({ role }) => role === wanted)!.bytes;
  return withSessions(
    [bytesOf('encoder'), bytesOf('decoder'), options.classifier],
    ([encoder, decoder, judge]) => measureThrough({ encoder, decoder, judge }, codec, options),
  );
}

async function measureThrough(
  { encoder, decoder, judge }: Readonly<Record<'encoder' | 'decoder' | 'judge', OnnxSession>>,
  { latent, imageShape }: Codec,
  { classCount, ranges, test, judgesBytes, onProgress }: MeasureOptions,
): Promise<Pick<SweepTrial, 'plain' | 'coded'>> {
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const encode = (images: Float32Array) =>
    runSession(encoder, { name: 'images', data: images, item: imageShape }, 'latents');
  const range = codeRange(await encodeAll(ranges, encode), latent);
  const code = new CodeTally(latent);
  const quality = () => ({
    error: new ReconstructionTally({ imageSize, classCount }),
    judgement: new ClassificationTally({ classCount }),
  });
  const plain = quality();
  const coded = quality();
  for (const { originals, labels, done } of floatBatches(test)) {
    const latents = await encode(originals);
    const levels = quantiseLatents(latents, range);
    code.add(levels);
    for (const [data, { error, judgement }] of [
      [latents, plain],
      [levelValues(levels, range), coded],
    ] as const) {
      const images = await runSession(decoder, { name: 'latents', data, item: [latent] }, 'reconstructions');
      error.add(originals, images, labels);
      const seen = judgesBytes ? scaleBytes(roundToBytes(images)) : images;
      judgement.add(
        await runSession(judge, { name: 'images', data: seen, item: imageShape }, 'logits'),
        labels,
      );
    }
    onProgress?.(done);
  }
  const resultOf = ({ error, judgement }: typeof plain) => {
    const { accuracy, crossEntropy } = judgement.result();
    return { mse: error.result().mse, accuracy, crossEntropy };
  };
  return {
    plain: { bits: 32 * latent, ...resultOf(plain) },
    coded: { bits: code.bitsPerImage(), ...resultOf(coded) },
  };
}

/** How a classifier does on images as they are. */
export async function measureClassifier(
  classifier: Uint8Array,
  test: Split,
  { imageShape, classCount }: { imageShape: readonly number[]; classCount: number },
): Promise<{ accuracy: number; crossEntropy: number }> {
  const tally = new ClassificationTally({ classCount });
  await withSessions([classifier], async ([session]) => {
    for (const { originals, labels } of floatBatches(test)) {
      tally.add(
        await runSession(session, { name: 'images', data: originals, item: imageShape }, 'logits'),
        labels,
      );
    }
  });
  const { accuracy, crossEntropy } = tally.result();
  return { accuracy, crossEntropy };
}

/** Works with sessions of ONNX files, in their order, which are closed however the work ends. */
async function withSessions<T>(
  files: readonly Uint8Array[],
  work: (sessions: readonly OnnxSession[]) => Promise<T>,
): Promise<T> {
  const sessions: OnnxSession[] = [];
  try {
    for (const bytes of files) {
      sessions.push(await openOnnxSession(bytes, { device: 'cpu', threads: trialThreads }));
    }
    return await work(sessions);
  } finally {
    for (const session of sessions) await session.close();
  }
}

async function runSession(
  session: OnnxSession,
  { name, data, item }: { name: string; data: Float32Array; item: readonly number[] },
  output: string,
): Promise<Float32Array> {
  const count = data.length / item.reduce((size, length) => size * length, 1);
  const results = await session.run({ [name]: { data, shape: [count, ...item], dtype: 'float32' } });
  return results[output].data as Float32Array;
}

async function encodeAll(
  split: Split,
  encode: (images: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const { originals } of floatBatches(split)) parts.push(await encode(originals));
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Images in turn as float32 in [0, 1], with their labels and the share of the split that is reached with them. */
function* floatBatches({ images, labels, count }: Split) {
  const imageSize = images.length / count;
  for (let start = 0; start < count; start += batchImages) {
    const end = Math.min(count, start + batchImages);
    yield {
      originals: scaleBytes(images.subarray(start * imageSize, end * imageSize)),
      labels: labels.subarray(start, end),
      done: end / count,
    };
  }
}
