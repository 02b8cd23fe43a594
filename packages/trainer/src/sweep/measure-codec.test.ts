import * as tf from '@tensorflow/tfjs';
import { compile } from '@narrows/compiler';
import { findModel, type Codec } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import { expect, test } from 'vitest';
import { measureClassifier, measureCodec } from './measure-codec.ts';

const imageShape = [2, 3, 1] as const;
const classCount = 3;
const random = randomStream(5, 'measure-codec test');
/** More than a batch, and not a whole number of them. */
const test1003 = split(1003);
const ranges = split(40);

function split(count: number) {
  return {
    count,
    images: Uint8Array.from({ length: 6 * count }, () => random.nextInt(256)),
    labels: Uint8Array.from({ length: count }, () => random.nextInt(classCount)),
  };
}

// Two orthonormal components, and a classifier whose logits are the first three pixels.
const components = [
  [0.6, 0.8, 0, 0, 0, 0],
  [0, 0, 0.8, 0, 0.6, 0],
];
const parameters = {
  mean: Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
  components: Float32Array.from(components.flat()),
};
const codec = findModel('pca-2', { imageShape, classes: classCount })!.model as Codec;
const classifier = compile(
  ({ images }) => ({ logits: tf.slice(tf.reshape(images, [-1, 6]), [0, 0], [-1, classCount]) }),
  { images: { shape: ['N', ...imageShape], dtype: 'float32' } },
  { name: 'first pixels' },
).bytes;

const encode = (image: readonly number[]): number[] =>
  components.map((row) => row.reduce((sum, weight, i) => sum + weight * (image[i] - 0.5), 0));
const decode = (latents: readonly number[]): number[] =>
  Array.from(
    { length: 6 },
    (_, i) => 0.5 + latents.reduce((sum, value, k) => sum + value * components[k][i], 0),
  );
const imagesOf = ({ images, count }: typeof ranges): number[][] =>
  Array.from({ length: count }, (_, n) =>
    Array.from(images.subarray(6 * n, 6 * n + 6), (pixel) => pixel / 255),
  );

/** Error and accuracy of reconstructions, from the definitions in float64. */
function qualityOf(reconstructions: readonly number[][]) {
  const originals = imagesOf(test1003);
  let squares = 0;
  let correct = 0;
  let crossEntropy = 0;
  reconstructions.forEach((image, n) => {
    squares += image.reduce((sum, value, i) => sum + (value - originals[n][i]) ** 2, 0);
    const logits = image.slice(0, classCount);
    const label = test1003.labels[n];
    correct += Number(logits.indexOf(Math.max(...logits)) === label);
    crossEntropy -= Math.log(
      Math.exp(logits[label]) / logits.reduce((sum, logit) => sum + Math.exp(logit), 0),
    );
  });
  const { count } = test1003;
  return { mse: squares / (6 * count), accuracy: correct / count, crossEntropy: crossEntropy / count };
}

test('error, accuracy and bits are those of the definitions, as it is and quantised over the range of other images', async () => {
  const fractions: number[] = [];
  const { plain, coded } = await measureCodec(codec, {
    parameters,
    classifier,
    classCount,
    ranges,
    test: test1003,
    judgesBytes: false,
    onProgress: (fraction) => fractions.push(fraction),
  });
  const latents = imagesOf(test1003).map(encode);
  const others = imagesOf(ranges).map(encode);
  const levels = latents.map((vector) =>
    vector.map((value, k) => {
      const [low, high] = [
        Math.min(...others.map((one) => one[k])),
        Math.max(...others.map((one) => one[k])),
      ];
      const level = Math.min(255, Math.max(0, Math.round((255 * (value - low)) / (high - low))));
      return { level, value: low + (level * (high - low)) / 255 };
    }),
  );
  const entropies = [0, 1].map((k) => {
    const counts = new Map<number, number>();
    for (const vector of levels) counts.set(vector[k].level, (counts.get(vector[k].level) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum - (n / 1003) * Math.log2(n / 1003), 0);
  });
  const expected = qualityOf(latents.map(decode));
  expect(plain.bits).toBe(64);
  expect(plain.mse).toBeCloseTo(expected.mse, 7);
  expect(plain.accuracy).toBe(expected.accuracy);
  expect(plain.crossEntropy).toBeCloseTo(expected.crossEntropy, 6);
  const expectedCoded = qualityOf(levels.map((vector) => decode(vector.map(({ value }) => value))));
  expect(coded.mse).toBeCloseTo(expectedCoded.mse, 6);
  expect(coded.accuracy).toBeCloseTo(expectedCoded.accuracy, 2);
  expect(coded.mse).toBeGreaterThan(plain.mse);
  // A value near the middle between two levels may fall to either in float32.
  expect(coded.bits).toBeCloseTo(entropies[0] + entropies[1], 1);
  expect(fractions).toStrictEqual([500 / 1003, 1000 / 1003, 1]);
});

test('a classifier that learned from bytes judges bytes, and the error stays that of the floats', async () => {
  // Components longer than 1, so that much of what comes out lies outside of [0, 1].
  const wide = { ...parameters, components: parameters.components.map((weight) => 1.5 * weight) };
  const given = { parameters: wide, classifier, classCount, ranges, test: test1003 };
  const floats = await measureCodec(codec, { ...given, judgesBytes: false });
  const bytes = await measureCodec(codec, { ...given, judgesBytes: true });
  const reconstructions = imagesOf(test1003).map((image) =>
    decode(encode(image)).map((value) => 0.5 + 1.5 ** 2 * (value - 0.5)),
  );
  const clipped = reconstructions.map((image) => image.map((value) => Math.min(1, Math.max(0, value))));
  const rounded = clipped.map((image) => image.map((value) => Math.round(255 * value) / 255));
  expect(floats.plain.crossEntropy).toBeCloseTo(qualityOf(reconstructions).crossEntropy, 6);
  // A value in the middle between two bytes may fall to either in float32.
  expect(bytes.plain.crossEntropy).toBeCloseTo(qualityOf(rounded).crossEntropy, 5);
  expect(Math.abs(bytes.plain.crossEntropy - floats.plain.crossEntropy)).toBeGreaterThan(1e-3);
  expect(Math.abs(bytes.plain.crossEntropy - qualityOf(clipped).crossEntropy)).toBeGreaterThan(2e-5);
  expect([bytes.plain.mse, bytes.coded.mse]).toStrictEqual([floats.plain.mse, floats.coded.mse]);
});

test('a classifier is measured on images as they are', async () => {
  const expected = qualityOf(imagesOf(test1003));
  const { accuracy, crossEntropy } = await measureClassifier(classifier, test1003, {
    imageShape,
    classCount,
  });
  expect(accuracy).toBe(expected.accuracy);
  expect(crossEntropy).toBeCloseTo(expected.crossEntropy, 6);
});
