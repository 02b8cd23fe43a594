import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import { meanSquaredError, softmaxCrossEntropy } from './losses.ts';

beforeAll(() => tf.setBackend('cpu'));

function normals(purpose: string, count: number, scale = 1): Float32Array {
  const stream = randomStream(7, purpose);
  return Float32Array.from({ length: count }, () => scale * stream.nextNormal());
}

const valueOf = (tensor: tf.Tensor): number => tensor.dataSync()[0];

describe('meanSquaredError', () => {
  const [a, b] = [normals('a', 60), normals('b', 60)];

  test('is the mean of the squared differences over everything', () => {
    const expected = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / 60;
    const loss = meanSquaredError(tf.tensor(a, [5, 3, 4, 1]), tf.tensor(b, [5, 3, 4, 1]));
    expect(loss.shape).toEqual([]);
    expect(Math.abs(valueOf(loss) / expected - 1)).toBeLessThan(1e-6);
  });

  test('is zero for equals', () => {
    expect(valueOf(meanSquaredError(tf.tensor(a, [15, 4]), tf.tensor(a, [15, 4])))).toBe(0);
  });

  test('has the gradient 2·(x̂ − x)/n', () => {
    const images = tf.tensor(b, [15, 4]);
    const gradient = tf
      .grad((x) => meanSquaredError(x, images))(tf.tensor(a, [15, 4]))
      .dataSync();
    gradient.forEach((value, i) => {
      expect(value).toBeCloseTo((2 * (a[i] - b[i])) / 60, 7);
    });
  });
});

describe('softmaxCrossEntropy', () => {
  const [count, classes] = [6, 5];
  const logits = normals('logits', count * classes, 3);
  const labels = [0, 4, 2, 2, 1, 3];
  /** Softmax of one image, in float64. */
  const softmax = (values: Float32Array, image: number): number[] => {
    const row = [...values.subarray(image * classes, (image + 1) * classes)];
    const powers = row.map((logit) => Math.exp(logit - Math.max(...row)));
    return powers.map((power) => power / powers.reduce((x, y) => x + y));
  };
  const loss = (values: ArrayLike<number>, wanted: number[]): number =>
    valueOf(
      softmaxCrossEntropy(
        tf.tensor(Float32Array.from(values), [wanted.length, values.length / wanted.length]),
        tf.tensor1d(wanted, 'int32'),
      ),
    );

  test('is the mean of −ln softmax(logits)[label], a scalar', () => {
    const expected = labels.reduce((sum, label, i) => sum - Math.log(softmax(logits, i)[label]), 0) / count;
    expect(Math.abs(loss(logits, labels) / expected - 1)).toBeLessThan(1e-6);
    const tensor = softmaxCrossEntropy(tf.tensor(logits, [count, classes]), tf.tensor1d(labels, 'int32'));
    expect(tensor.shape).toEqual([]);
  });

  test('is ln of the number of classes where all logits are alike', () => {
    expect(loss(new Float32Array(40).fill(12.5), [3, 0, 7, 1])).toBeCloseTo(Math.log(10), 6);
  });

  test.each<[logits: number[], label: number, expected: number]>([
    [[1e4, -1e4, 0], 1, 2e4],
    [[1e4, -1e4, 0], 0, 0],
    [[1e30, 0, -1e30], 2, 2e30],
    [[1e30, 1e30, 0], 0, Math.LN2],
    [[-1e30, -1e30, -1e30], 1, Math.log(3)],
    [[200, 100, 0], 2, 200],
  ])('is finite and right for the logits %j and the label %d', (row, label, expected) => {
    const actual = loss(row, [label]);
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, expected));
  });

  test('has the gradient (softmax − one-hot)/n', () => {
    const wanted = tf.tensor1d(labels, 'int32');
    const gradient = tf
      .grad((x) => softmaxCrossEntropy(x, wanted))(tf.tensor(logits, [count, classes]))
      .dataSync();
    for (let image = 0; image < count; image++) {
      softmax(logits, image).forEach((share, k) => {
        const expected = (share - (labels[image] === k ? 1 : 0)) / count;
        expect(gradient[image * classes + k]).toBeCloseTo(expected, 6);
      });
    }
  });

  test('a label outside of the classes adds nothing', () => {
    expect(loss([...logits.subarray(0, 10)], [0, 5])).toBeCloseTo(loss(logits.subarray(0, 5), [0]) / 2, 6);
  });
});
