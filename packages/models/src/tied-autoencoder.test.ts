import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, expect, test } from 'vitest';
import { adamDefaults, adamScales, adamStep } from './adam.ts';
import { initialParameters } from './initial-parameters.ts';
import type { Parameters } from './model.ts';
import { tiedAutoencoder } from './tied-autoencoder.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Sixteen images of 2×3 pixels whose principal axes and variances are known. */
const [count, pixels] = [16, 6];
const deviations = [0.35, 0.22, 0.18, 0.06, 0.05, 0.04];
const centre = [0.5, 0.4, 0.7, 0.2, 0.6, 0.3];
const axes = orthonormalRows(pixels);
/** Coefficient `axis` of an image: columns of the Walsh–Hadamard matrix, uncorrelated, with mean 0 and variance 1. */
const coefficient = (image: number, axis: number): number => {
  let bits = image & (axis + 1);
  let sign = 1;
  for (; bits > 0; bits &= bits - 1) sign = -sign;
  return sign;
};
const values = Float32Array.from({ length: count * pixels }, (_, i) => {
  const [image, pixel] = [Math.floor(i / pixels), i % pixels];
  return deviations.reduce(
    (sum, deviation, axis) => sum + deviation * coefficient(image, axis) * axes[axis][pixel],
    centre[pixel],
  );
});

/** Gram–Schmidt on drawn vectors. */
function orthonormalRows(size: number): number[][] {
  const stream = randomStream(1, 'axes');
  const rows: number[][] = [];
  while (rows.length < size) {
    let row = Array.from({ length: size }, () => stream.nextNormal());
    for (const other of rows) {
      const along = row.reduce((sum, value, i) => sum + value * other[i], 0);
      row = row.map((value, i) => value - along * other[i]);
    }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return rows;
}

test.each([1, 3])(
  'a bottleneck of %d converges to the error of PCA from the usual initial values',
  (latent) => {
    const model = tiedAutoencoder({ id: `tied-${latent}`, imageShape: [2, 3, 1], latent });
    const initial = initialParameters(model.parameters, 1, model.id);
    const names = model.parameters.map(({ name }) => name);
    const tensorsOf = (make: (name: string) => Float32Array): Parameters =>
      Object.fromEntries(
        model.parameters.map(({ name, shape }) => [name, tf.tensor(make(name), [...shape])]),
      );
    let parameters = tensorsOf((name) => initial[name]);
    const none = (name: string): Float32Array => new Float32Array(initial[name].length);
    let moments = { m: tensorsOf(none), v: tensorsOf(none) };
    const batch = {
      images: tf.tensor(values, [count, 2, 3, 1]),
      labels: tf.zeros([count], 'int32'),
    };
    const loss = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
      model.loss(Object.fromEntries(names.map((name, i) => [name, tensors[i]])), batch, {}),
    );
    const errors: number[] = [];
    const steps = 400;
    for (let step = 1; step <= steps; step++) {
      const { value, grads } = loss(names.map((name) => parameters[name]));
      const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]]));
      const rate = 0.03 * (1 - (step - 1) / steps);
      const { stepSize, secondScale, keep } = adamScales(step, rate, adamDefaults);
      const scales = {
        stepSize: tf.scalar(stepSize),
        secondScale: tf.scalar(secondScale),
        keep: tf.scalar(keep),
      };
      ({ parameters, moments } = adamStep(parameters, gradients, moments, scales, adamDefaults));
      errors.push(value.dataSync()[0]);
    }
    const lost = deviations.slice(latent).reduce((sum, deviation) => sum + deviation ** 2, 0) / pixels;
    expect(errors[0]).toBeGreaterThan(2 * lost);
    expect(errors[steps - 1] / lost).toBeGreaterThan(1 - 1e-4);
    expect(errors[steps - 1] / lost).toBeLessThan(1 + 1e-3);
    // The rows become orthonormal by themselves.
    const rows = parameters['components'] as tf.Tensor2D;
    const products = rows.matMul(rows, false, true).sub(tf.eye(latent)).abs().dataSync();
    expect(Math.max(...products)).toBeLessThan(0.01);
  },
);

test('is linear: the latent vector of a mean of images is the mean of their latent vectors', () => {
  const model = tiedAutoencoder({ id: 'tied-2', imageShape: [2, 3, 1], latent: 2 });
  const parameters = {
    mean: tf.tensor1d(centre),
    components: tf.tensor2d([axes[0], axes[1].map((value) => -2 * value)]),
  };
  const images = tf.tensor(values.slice(0, 2 * pixels), [2, 2, 3, 1]);
  const apart = model.encode(parameters, images).mean(0).dataSync();
  const together = model.encode(parameters, images.mean(0, true)).dataSync();
  const expected = [0, 1].map(
    (axis) => [deviations[0], -2 * deviations[1]][axis] * ((coefficient(0, axis) + coefficient(1, axis)) / 2),
  );
  expected.forEach((value, i) => {
    expect(apart[i]).toBeCloseTo(value, 6);
    expect(together[i]).toBeCloseTo(value, 6);
  });
});
