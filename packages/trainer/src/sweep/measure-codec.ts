import { ClassificationTally, ReconstructionTally, type SweepTrial } from '@narrows/shared';
import type { Codec } from '@narrows/models';
import type { Split } from '../data/dataset.ts';
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
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Runs the test images through a codec's exported encoder and decoder, once with the latent vectors as they are and once
 * with them quantised, and both reconstructions through a classifier, as float32 and not rounded to bytes.
 */
export async function measureCodec(
  codec: Codec,
  { parameters, classifier, classCount, ranges, test, onProgress }: MeasureOptions,
): Promise<Pick<SweepTrial, 'plain' | 'coded'>> {
  const { latent, imageShape } = codec;
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const exported = exportModel(codec, parameters);
  exported.dispose();
  const bytesOf = (wanted: string): Uint8Array => exported.files.find(({ role }) => role === wanted)!.bytes;
  const encoder = await openSession(bytesOf('encoder'));
  const decoder = await openSession(bytesOf('decoder'));
  const judge = await openSession(classifier);
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
      judgement.add(
        await runSession(judge, { name: 'images', data: images, item: imageShape }, 'logits'),
        labels,
      );
    }
    onProgress?.(done);
  }
  for (const session of [encoder, decoder, judge]) await session.close();
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
  const session = await openSession(classifier);
  const tally = new ClassificationTally({ classCount });
  for (const { originals, labels } of floatBatches(test)) {
    tally.add(
      await runSession(session, { name: 'images', data: originals, item: imageShape }, 'logits'),
      labels,
    );
  }
  await session.close();
  const { accuracy, crossEntropy } = tally.result();
  return { accuracy, crossEntropy };
}

function openSession(bytes: Uint8Array): Promise<OnnxSession> {
  return openOnnxSession(bytes, { device: 'cpu', threads: trialThreads });
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
      originals: Float32Array.from(
        images.subarray(start * imageSize, end * imageSize),
        (pixel) => pixel / 255,
      ),
      labels: labels.subarray(start, end),
      done: end / count,
    };
  }
}
