import { randomStream, runManifestSchema } from '@narrows/shared';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset, Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { loadMnist } from './data/mnist.ts';
import type { Engine } from './engine/engine.ts';
import { onnxEngine } from './engine/onnx-engine.ts';
import { tfjsEngine } from './engine/tfjs-engine.ts';
import { explainedVariance } from './explained-variance.ts';
import { fitPca, type PcaFit } from './fit-pca.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

const onnx = onnxEngine({ device: 'cpu', threads: 2 });

/** Images of `pixels` values that vary along `pixels` directions, along each less than along the one before. */
function randomImages(count: number, pixels: number, seed = 1): Split {
  const stream = randomStream(seed, 'images');
  const directions = Array.from({ length: pixels }, () =>
    Array.from({ length: pixels }, () => stream.nextNormal() / Math.sqrt(pixels)),
  );
  const images = new Uint8Array(count * pixels);
  for (let image = 0; image < count; image++) {
    const weights = directions.map((_, i) => 60 * 0.9 ** i * stream.nextNormal());
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = directions.reduce(
        (sum, direction, i) => sum + weights[i] * direction[pixel],
        100 + pixel,
      );
      images[image * pixels + pixel] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { images, labels: new Uint8Array(count), count };
}

/** Mean, variances and components from the covariance's full eigendecomposition, in float64 throughout. */
function fullDecomposition({ images, count }: Split) {
  const pixels = images.length / count;
  const x = new Matrix(count, pixels);
  images.forEach((value, i) => x.set(Math.floor(i / pixels), i % pixels, value / 255));
  const mean = x.mean('column');
  const centred = x.subRowVector(mean);
  const covariance = centred.transpose().mmul(centred).div(count);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    mean,
    variances: order.map((i) => realEigenvalues[i]),
    components: order.map((i) => eigenvectorMatrix.getColumn(i)),
    totalVariance: covariance.trace(),
  };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

function rows({ components, mean }: PcaFit): Float32Array[] {
  return Array.from({ length: components.length / mean.length }, (_, i) =>
    components.subarray(i * mean.length, (i + 1) * mean.length),
  );
}

/** What holds of every fit. */
function expectSound(fit: PcaFit): void {
  const found = rows(fit);
  found.forEach((row, i) => {
    for (let j = 0; j <= i; j++) expect(Math.abs(dot(row, found[j]) - (i === j ? 1 : 0))).toBeLessThan(1e-6);
    const largest = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    expect(largest).toBeGreaterThan(0);
  });
  const variances = [...fit.variances];
  expect(variances).toHaveLength(found.length);
  expect(variances).toEqual(variances.toSorted((a, b) => b - a));
  const sum = variances.reduce((a, b) => a + b);
  expect(sum).toBeLessThanOrEqual(fit.totalVariance * (1 + 1e-6));
}

/** The shares of variance of a fit, which the manifest takes. */
function expectShares(fit: PcaFit): number[] {
  const shares = explainedVariance(fit, fit.variances.length);
  const pca = syntheticRun.models.find(({ kind }) => kind === 'pca')!;
  const models = [{ ...pca, latent: shares.length, explainedVariance: shares }];
  expect(runManifestSchema.shape.models.safeParse(models).error).toBeUndefined();
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  return shares;
}

const engines: readonly (readonly [string, Engine])[] = [
  ['onnx', onnx],
  ['tfjs', tfjsEngine({ backend: 'cpu', device: 'cpu' })],
];

// Sums are taken over 2,000 images at a time. More pixels than components and 32 make it iterate.
describe.each([
  ['onnx', 2000, 9, 4],
  ['onnx', 4100, 9, 9],
  ['onnx', 37, 16, 16],
  ['onnx', 2500, 64, 5],
  ['onnx', 700, 100, 12],
  ['tfjs', 300, 9, 3],
])('on %s, %d images of %d pixels and %d components', (name, count, pixels, components) => {
  const data = randomImages(count, pixels);
  const engine = new Map(engines).get(name)!;
  let fit: PcaFit;
  beforeAll(async () => {
    fit = await fitPca(engine, data, { components, seed: 1 });
  });

  test('are those of the full eigendecomposition', () => {
    const expected = fullDecomposition(data);
    expect(Math.abs(fit.totalVariance / expected.totalVariance - 1)).toBeLessThan(1e-6);
    fit.mean.forEach((value, i) => {
      expect(Math.abs(value - expected.mean[i])).toBeLessThan(1e-6);
    });
    rows(fit).forEach((row, i) => {
      // The covariance is rounded to float32, which the smallest variances feel most.
      const difference = Math.abs(fit.variances[i] - expected.variances[i]);
      expect(difference / expected.variances[0]).toBeLessThan(1e-6);
      // Up to its sign the same direction: the squared sine of the angle between them is small.
      expect(1 - dot(row, expected.components[i]) ** 2).toBeLessThan(1e-5);
    });
  });

  test('are orthonormal, of settled sign and of descending variance', () => {
    expectSound(fit);
  });
});

test('the same seed gives the same bytes, another one the same components up to rounding', async () => {
  const data = randomImages(500, 64);
  const [first, second, other] = [
    await fitPca(onnx, data, { components: 3, seed: 4 }),
    await fitPca(onnx, data, { components: 3, seed: 4 }),
    await fitPca(onnx, data, { components: 3, seed: 5 }),
  ];
  expect(second).toEqual(first);
  expect(other.components).not.toEqual(first.components);
  first.components.forEach((value, i) => {
    expect(Math.abs(other.components[i] - value)).toBeLessThan(1e-3);
  });
});

test('images that are all alike have no variance at all, and still orthonormal components', async () => {
  const data = { images: new Uint8Array(50 * 9).fill(200), labels: new Uint8Array(50), count: 50 };
  const fit = await fitPca(onnx, data, { components: 4, seed: 1 });
  expect(fit.totalVariance).toBeLessThan(1e-12);
  for (const variance of fit.variances) expect(Math.abs(variance)).toBeLessThan(1e-12);
  expectShares(fit);
  expect([...fit.mean].map((value) => Math.round(value * 255))).toEqual(Array<number>(9).fill(200));
  expect(dot(rows(fit)[0], rows(fit)[0])).toBeCloseTo(1, 6);
  expect(dot(rows(fit)[0], rows(fit)[3])).toBeCloseTo(0, 6);
});

test('fewer images than components are no obstacle', async () => {
  const data = randomImages(4, 16);
  const fit = await fitPca(onnx, data, { components: 8, seed: 1 });
  const expected = fullDecomposition(data);
  expect(rows(fit)).toHaveLength(8);
  for (let i = 0; i < 3; i++)
    expect(Math.abs(fit.variances[i] / expected.variances[i] - 1)).toBeLessThan(1e-4);
  // Nothing, by rounding on one side of it or the other.
  for (let i = 3; i < 8; i++) expect(Math.abs(fit.variances[i])).toBeLessThan(1e-6 * fit.totalVariance);
  expectShares(fit);
});

test('10 images of MNIST, which 9 components explain, share out their variance among 64', async () => {
  const fit = await fitPca(onnx, firstImages((await loadMnist()).train, 10), { components: 64, seed: 1 });
  const shares = expectShares(fit);
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  expect(Math.max(...shares.slice(9))).toBeLessThan(1e-6);
});

test('a single image has nothing to share', async () => {
  const fit = await fitPca(onnx, randomImages(1, 16), { components: 4, seed: 1 });
  expect(fit.totalVariance).toBe(0);
  expect(expectShares(fit)).toEqual([0, 0, 0, 0]);
});

test('shares that rounding moved out of [0, 1] are brought back', () => {
  const variances = Float64Array.of(2.00000001, 0.5, 0, -6e-9);
  expect(explainedVariance({ variances, totalVariance: 2 }, 4)).toEqual([1, 0.25, 0, 0]);
  expect(explainedVariance({ variances, totalVariance: 2 }, 2)).toEqual([1, 0.25]);
});

test('progress ascends to 1', async () => {
  const seen: number[] = [];
  await fitPca(onnx, randomImages(4100, 4), {
    components: 2,
    seed: 1,
    onProgress: (done) => seen.push(done),
  });
  expect(seen).toHaveLength(3);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
});

test.each([0, 10, -1, 2.5, NaN])('%d components of 9 pixels are refused', async (components) => {
  await expect(fitPca(onnx, randomImages(20, 9), { components, seed: 1 })).rejects.toThrow(
    new RangeError(
      `Cannot fit ${components} principal components: their number must be from 1 to 9, the number of pixels.`,
    ),
  );
});

describe('on all of MNIST with 64 components', () => {
  let mnist: Dataset;
  let fit: PcaFit;
  beforeAll(async () => {
    mnist = await loadMnist();
    fit = await fitPca(onnx, mnist.train, { components: 64, seed: 1 });
  });

  test('the mean squared error on the test images is that of a full eigendecomposition, 0.00904680', () => {
    const pixels = 784;
    const found = rows(fit);
    let sum = 0;
    const centred = new Float64Array(pixels);
    const rest = new Float64Array(pixels);
    for (let image = 0; image < mnist.test.count; image++) {
      for (let i = 0; i < pixels; i++) centred[i] = mnist.test.images[image * pixels + i] / 255 - fit.mean[i];
      rest.set(centred);
      for (const row of found) {
        let latent = 0;
        for (let i = 0; i < pixels; i++) latent += centred[i] * row[i];
        for (let i = 0; i < pixels; i++) rest[i] -= latent * row[i];
      }
      for (let i = 0; i < pixels; i++) sum += rest[i] ** 2;
    }
    const mse = sum / (mnist.test.count * pixels);
    // What the study reports, and what the exact components give.
    expect(Math.abs(mse - 0.009047)).toBeLessThan(1e-6);
    expect(Math.abs(mse - 0.0090468)).toBeLessThan(1e-7);
  });

  test('the components are orthonormal, and explain 86.2 % of the variance', () => {
    expectSound(fit);
    const explained = fit.variances.reduce((a, b) => a + b) / fit.totalVariance;
    expect(explained).toBeCloseTo(0.862, 3);
  });
});
