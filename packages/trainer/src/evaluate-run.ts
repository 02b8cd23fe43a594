import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeSafetensors,
  parseRunManifest,
  RunManifestError,
  tensorOf,
  type RunManifest,
} from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import { loadMnist } from './data/mnist.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import type { PerImageFigures } from './evaluation/per-image-figures.ts';
import { ExpectedError } from './expected-error.ts';
import { withFileErrors } from './run-folder/file-error.ts';

/** A run's recorded evaluation beside the one that was computed anew. */
export interface EvaluationComparison {
  readonly recorded: Evaluation;
  readonly recomputed: Evaluation;
  /** Largest relative difference of any mean squared error, structural similarity or cross-entropy. */
  readonly largestRelativeDifference: number;
  /** How many entries of the confusion matrices differ. */
  readonly differentCounts: number;
  /** How many predictions of a classifier for an image differ. */
  readonly differentPredictions: number;
}

export interface EvaluateRunOptions {
  readonly data: string | undefined;
  readonly threads: number;
  readonly progress: Progress;
}

/**
 * Repeats a run's evaluation from its ONNX files and the test set alone, after checking every file's SHA-256.
 *
 * @throws ExpectedError when the folder is not a run, or a file of it is missing or was changed.
 */
export async function evaluateRun(
  folder: string,
  { data, threads, progress }: EvaluateRunOptions,
): Promise<EvaluationComparison> {
  const manifest = readManifest(folder);
  const bytesOf = verifiedFiles(folder, manifest);
  const dataset = await loadMnist(data === undefined ? {} : { folder: data });
  const { height, width, channels, classNames } = dataset.description;
  const recordedPredictions = readPredictions(bytesOf(manifest.evaluation.files.perImage), manifest, {
    path: join(folder, manifest.evaluation.files.perImage),
  });
  const codecs: { id: string; bytes: Uint8Array }[] = [];
  const classifiers: { id: string; bytes: Uint8Array }[] = [];
  for (const model of manifest.models) {
    if (model.kind === 'classifier')
      classifiers.push({ id: model.id, bytes: bytesOf(model.files.classifier) });
    else codecs.push({ id: model.id, bytes: bytesOf(model.files.autoencoder) });
  }
  const task = progress.task('evaluation');
  const recomputed = await evaluate({ codecs, classifiers }, dataset.test, {
    imageShape: [height, width, channels],
    classCount: classNames.length,
    threads,
    onProgress: (fraction) => {
      task.update(fraction);
    },
  });
  task.finish(`${dataset.test.count.toLocaleString('en-US')} test images`);
  return {
    recorded: manifest.evaluation,
    recomputed,
    ...compare(manifest.evaluation, recomputed),
    differentPredictions: differentPredictions(recordedPredictions, recomputed.perImage),
  };
}

/**
 * Reads the manifest of a run.
 * @throws ExpectedError when there is none, or it is not one.
 */
export function readManifest(folder: string): RunManifest {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) {
    throw new ExpectedError(
      `Cannot read the run "${folder}": a run is a folder with a run.json, and this one has none: name the folder that training printed.`,
    );
  }
  const text = withFileErrors('read', path, () => readFileSync(path, 'utf8'));
  try {
    return parseRunManifest(text, path);
  } catch (error) {
    if (!(error instanceof RunManifestError)) throw error;
    throw new ExpectedError(error.message, { cause: error });
  }
}

function verifiedFiles(folder: string, manifest: RunManifest): (path: string) => Uint8Array {
  const contents = new Map<string, Uint8Array>();
  for (const { path, sha256 } of manifest.files) {
    const file = join(folder, path);
    if (!existsSync(file)) {
      throw new ExpectedError(
        `Cannot evaluate "${folder}": every file of its run.json must be there, and "${path}" is missing: train it again.`,
      );
    }
    const bytes = withFileErrors('read', file, () => readFileSync(file));
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== sha256) {
      throw new ExpectedError(
        `Cannot evaluate "${folder}": "${path}" must have the SHA-256 ${sha256} and has ${actual}: it was changed since; train it again.`,
      );
    }
    contents.set(path, bytes);
  }
  return (path) => contents.get(path)!;
}

function compare(
  a: Evaluation,
  b: Evaluation,
): Pick<EvaluationComparison, 'largestRelativeDifference' | 'differentCounts'> {
  let largestRelativeDifference = 0;
  let differentCounts = 0;
  const number = (x: number, y: number): void => {
    if (x === y) return;
    largestRelativeDifference = Math.max(
      largestRelativeDifference,
      Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y)),
    );
  };
  // By name: the order of a manifest's lists means nothing.
  for (const { id, mse, ssim, perClass } of a.codecs) {
    const other = b.codecs.find((codec) => codec.id === id)!;
    number(mse, other.mse);
    number(ssim, other.ssim);
    perClass.forEach((entry, k) => {
      number(entry.mse, other.perClass[k].mse);
    });
  }
  for (const { classifier, on, crossEntropy, confusion } of a.classifications) {
    const other = b.classifications.find((entry) => entry.classifier === classifier && entry.on === on)!;
    number(crossEntropy, other.crossEntropy);
    differentCounts += confusion
      .flatMap((row, label) => row.map((cell, predicted) => cell !== other.confusion[label][predicted]))
      .filter(Boolean).length;
  }
  return { largestRelativeDifference, differentCounts };
}

/** The predicted classes of every image, by classifier and what it was shown. */
type RecordedPredictions = ReadonlyMap<string, Uint8Array>;

const predictionsName = ({ classifier, on }: { classifier: string; on: string }): string =>
  `predicted/${classifier}/${on}`;

/** Reads the predictions of a run's file of figures per image. */
function readPredictions(
  bytes: Uint8Array,
  { dataset, evaluation }: RunManifest,
  { path }: { path: string },
): RecordedPredictions {
  try {
    const where = `"${path}"`;
    const file = decodeSafetensors(bytes, where);
    return new Map(
      evaluation.classifications.map((entry) => {
        const name = predictionsName(entry);
        const { data } = tensorOf(file, name, { dtype: 'U8', where });
        if (data.length !== dataset.testCount) {
          throw new RangeError(
            `Cannot read "${path}": "${name}" must have ${dataset.testCount} values, one for each test image, and has ` +
              `${data.length}.`,
          );
        }
        return [name, data];
      }),
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExpectedError(`${error.message} Train the run again.`, { cause: error });
  }
}

function differentPredictions(recorded: RecordedPredictions, { classifications }: PerImageFigures): number {
  let different = 0;
  for (const entry of classifications) {
    const other = recorded.get(predictionsName(entry))!;
    different += entry.predicted.filter((label, image) => label !== other[image]).length;
  }
  return different;
}
