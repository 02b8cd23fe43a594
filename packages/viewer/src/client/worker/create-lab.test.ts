import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meanSquaredError } from '@narrows/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabModel } from './lab-api.ts';
import { scaleBytes } from './scale-bytes.ts';
import { demoFolder, demoRun } from './testing/demo-run.ts';
import { openNodeLab } from './testing/node-lab.ts';

const lab = openNodeLab(demoFolder);
let codec: LabModel;
let classifier: LabModel;

beforeAll(async () => {
  await lab.start('auto');
  codec = await lab.load(demoRun, 'basic-32');
  classifier = await lab.load(demoRun, 'cnn');
});

/** Test images by their indices, `[indices, H, W, C]` in [0, 1]. */
const testImages = async (...indices: number[]) => scaleBytes(await lab.testImageBytes(demoRun, indices));

describe('models of a run', () => {
  it('are told with the hashes that the manifest has', async () => {
    const { files, models } = await lab.openRun(demoRun);
    const model = models.find(({ id }) => id === 'basic-32')!;
    const paths = Object.keys(codec.sha256);
    expect(paths.map((path) => files.find((file) => file.path === path)!.sha256)).toEqual(
      Object.values(codec.sha256),
    );
    expect(model.files).toMatchObject({ encoder: paths[0], decoder: paths[1] });
    expect(codec).toMatchObject({
      key: `${demoRun}/basic-32`,
      kind: 'codec',
      latent: 32,
      title: model.title,
    });
    expect(classifier).toMatchObject({ kind: 'classifier', latent: undefined });
  });

  it('give for each test image what the trainer got', async () => {
    const { mse, predicted, probability } = await lab.figures(demoRun);
    const { original, codecs } = await lab.compare(await testImages(7), {
      codecs: [codec.key],
      classifiers: [classifier.key],
    });
    const [result] = codecs;
    expect(result.mse).toBeCloseTo(mse['basic-32'][7], 6);
    expect(result.latents?.length).toBe(32);
    for (const [probabilities, on] of [
      [original[0], 'original'],
      [result.probabilities[0], 'basic-32'],
    ] as const) {
      const best = probabilities.indexOf(Math.max(...probabilities));
      expect(best).toBe(predicted[`cnn/${on}`][7]);
      expect(probabilities[best]).toBeCloseTo(probability[`cnn/${on}`][7], 4);
      expect(probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    }
  });

  it('compute the same one by one and many at a time', async () => {
    const indices = Array.from({ length: 120 }, (_, i) => i);
    const images = await testImages(...indices);
    const latents = await lab.encode(codec.key, images);
    const reconstructions = await lab.decode(codec.key, latents);
    expect(latents.length).toBe(120 * 32);
    const whole = await lab.reconstruct(codec.key, images);
    expect(meanSquaredError(whole, reconstructions)).toBeLessThan(1e-12);
    const alone = await lab.reconstruct(codec.key, await testImages(119));
    expect(meanSquaredError(alone, whole.subarray(119 * 784))).toBeLessThan(1e-12);
    expect((await lab.classify(classifier.key, images)).length).toBe(1200);
  });

  it('are asked for by names that there are', async () => {
    await expect(lab.load(demoRun, 'basic-33')).rejects.toThrow(
      /must be a model of the run "study", which has basic-32, /,
    );
    await expect(lab.encode(classifier.key, new Float32Array(784))).rejects.toThrow(
      'it must be a codec that is loaded, and loaded are study/basic-32',
    );
    await expect(lab.classify(classifier.key, new Float32Array(783))).rejects.toThrow(
      'its images have 784 each',
    );
    await expect(lab.openRun('nowhere')).rejects.toThrow('Cannot load "nowhere": the server must have it');
    await expect(lab.testImageBytes(demoRun, [10_000])).rejects.toThrow('there are 10000, numbered from 0');
  });
});

describe('maps', () => {
  it('place a test image where it is', async () => {
    const image = await testImages(5);
    for (const [of, method] of [
      ['pixels', 'pca'],
      ['basic-32', 'pca'],
      ['basic-32', 'tsne'],
    ] as const) {
      const map = await lab.latentMap(demoRun, of, method);
      const { neighbours, at } = await lab.place(demoRun, of, method, image);
      expect(neighbours[0].index).toBe(5);
      expect(at[0]).toBeCloseTo(map[10], 2);
      expect(at[1]).toBeCloseTo(map[11], 2);
    }
  });

  it('have as many points as the trainer mapped', async () => {
    const { latentMaps } = await lab.openRun(demoRun);
    for (const { of, points } of latentMaps.slice(0, 2)) {
      expect((await lab.latentMap(demoRun, of, 'pca')).length).toBe(2 * points);
    }
    await expect(lab.latentMap(demoRun, 'nothing', 'tsne')).rejects.toThrow(
      /^Cannot show tsne of "nothing": the run must have that map, and it has /,
    );
  });

  it('rest on the latent vectors of all test images', async () => {
    const latents = await lab.testLatents(demoRun, 'basic-32');
    expect(latents.length).toBe(10_000 * 32);
    const image = await testImages(1234);
    const alone = await lab.encode(codec.key, image);
    expect(meanSquaredError(alone, latents.subarray(1234 * 32, 1235 * 32))).toBeLessThan(1e-9);
  });
});

describe('a verification', () => {
  it('lets other work in, can be stopped, and then be started again', async () => {
    const verifying = lab.verify(demoRun, () => undefined);
    await expect(lab.verify(demoRun, () => undefined)).rejects.toThrow('one verification at a time');
    const image = await testImages(0);
    await lab.compare(image, { codecs: [codec.key], classifiers: [classifier.key] });
    await lab.stopVerifying();
    await expect(verifying).rejects.toThrow('Stopped.');

    const again = lab.verify(demoRun, () => undefined);
    await lab.stopVerifying();
    await expect(again).rejects.toThrow('Stopped.');
  });
});

describe('a model of the visitor', () => {
  it('joins the comparison and leaves it', async () => {
    const bytes = readFileSync(join(demoFolder, demoRun, 'models/basic-32/autoencoder.onnx'));
    const fitting = { imageShape: [28, 28, 1] as const, classCount: 10 };
    const mine = await lab.addOwnModel('mine.onnx', bytes, fitting);
    expect(mine).toMatchObject({ id: 'mine.onnx', title: 'mine', kind: 'codec', latent: undefined });

    const image = await testImages(2);
    const { codecs } = await lab.compare(image, {
      codecs: [codec.key, mine.key],
      classifiers: [classifier.key],
    });
    expect(codecs[1].mse).toBeCloseTo(codecs[0].mse, 9);
    expect(codecs[1].latents).toBeUndefined();
    await expect(lab.encode(mine.key, image)).rejects.toThrow('it is both in one file');

    await lab.removeOwnModel(mine.key);
    await expect(lab.reconstruct(mine.key, image)).rejects.toThrow(`Cannot run "${mine.key}"`);
  });
});
