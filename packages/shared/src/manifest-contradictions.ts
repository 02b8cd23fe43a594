import type { RunManifest } from './run-manifest.ts';

/** A place in a manifest that does not agree with another. */
export interface Contradiction {
  /** Keys and indices that lead to it from the manifest's root. */
  path: (string | number)[];
  /** The rule that it breaks. */
  message: string;
}

/**
 * Finds where a manifest, whose fields are each valid, does not agree with itself:
 *
 * - ids of models differ, and none is `original` or `pixels`; epochs are numbered 1, 2, 3 and so on, and the kept one is
 *   among them, or 0 where the time was up before the first was whole;
 * - PCA explains a share of the variance for each latent value, descending;
 * - classifiers were trained on originals or on what a codec of the run gives back;
 * - paths of files differ, also where a file system ignores case, and every file of a model, of the evaluation and of a
 *   latent map is listed;
 * - evaluations refer to models of the right kind, at most once each;
 * - errors per class are of ascending classes of the dataset, and of all test images;
 * - confusion matrices are k × k for k classes, their sum is the number of test images, and the share on their
 *   diagonal is the accuracy;
 * - latent maps are of the pixels or a codec, at most once each, of no more points than there are test images, and made
 *   by methods that differ.
 *
 * @returns nothing if there are none
 */
export function* manifestContradictions(manifest: RunManifest): Generator<Contradiction> {
  yield* modelContradictions(manifest);
  yield* fileContradictions(manifest);
  yield* codecContradictions(manifest);
  yield* classificationContradictions(manifest);
  yield* latentMapContradictions(manifest);
}

/** What stands where the id of a codec could, and so is no model's. */
const originalImages = 'original';
const pixelSpace = 'pixels';

function* modelContradictions({ models }: RunManifest): Generator<Contradiction> {
  const codecs = codecIds(models);
  const seen = new Set([originalImages, pixelSpace]);
  for (const [i, model] of models.entries()) {
    const { id, epochs } = model;
    const path = ['models', i];
    if (seen.has(id)) {
      yield {
        path: [...path, 'id'],
        message: 'must differ from "original", "pixels" and the ids of the models before',
      };
    }
    seen.add(id);
    const gap = epochs.findIndex(({ epoch }, before) => epoch !== before + 1);
    if (gap !== -1) {
      yield {
        path: [...path, 'epochs', gap, 'epoch'],
        message: `must be ${gap + 1}: epochs count from 1`,
      };
    }
    if (model.kind === 'pca') {
      const { explainedVariance: shares, latent } = model;
      if (shares.length !== latent) {
        yield {
          path: [...path, 'explainedVariance'],
          message: `must have ${latent} entries, one for each latent value, not ${shares.length}`,
        };
      }
      const rise = shares.findIndex((share, at) => at > 0 && share > shares[at - 1]);
      if (rise !== -1) {
        yield {
          path: [...path, 'explainedVariance', rise],
          message: `must descend, and before it is ${shares[rise - 1]}`,
        };
      }
    } else if (model.keptEpoch > epochs.length) {
      yield {
        path: [...path, 'keptEpoch'],
        message: `must be at most ${epochs.length}, the number of epochs`,
      };
    } else if (model.keptEpoch === 0 && model.endedBy !== 'time-limit') {
      yield {
        path: [...path, 'keptEpoch'],
        message: `must be at least 1, for only a time limit ends a training within its first epoch`,
      };
    }
    if (model.kind === 'classifier' && model.trainedOn !== originalImages && !codecs.has(model.trainedOn)) {
      yield {
        path: [...path, 'trainedOn'],
        message: 'must be "original" or the id of a codec in "models"',
      };
    }
  }
}

function* fileContradictions({
  models,
  evaluation,
  latentMaps,
  files,
}: RunManifest): Generator<Contradiction> {
  const seen = new Set<string>();
  for (const [i, { path }] of files.entries()) {
    const folded = path.toLowerCase();
    if (seen.has(folded)) {
      yield {
        path: ['files', i, 'path'],
        message: 'must differ from the paths before it by more than case',
      };
    }
    seen.add(folded);
  }
  const listed = new Set(files.map(({ path }) => path));
  const uses: [place: (string | number)[], path: string][] = [
    ...models.flatMap((model, i) =>
      Object.entries(model.files).map(([role, path]): (typeof uses)[number] => [
        ['models', i, 'files', role],
        path,
      ]),
    ),
    ...Object.entries(evaluation.files).map(([role, path]): (typeof uses)[number] => [
      ['evaluation', 'files', role],
      path,
    ]),
    ...latentMaps.map(({ file }, i): (typeof uses)[number] => [['latentMaps', i, 'file'], file]),
  ];
  for (const [place, path] of uses) {
    if (!listed.has(path)) yield { path: place, message: 'must be one of "files"' };
  }
}

function* codecContradictions({ dataset, models, evaluation }: RunManifest): Generator<Contradiction> {
  const codecs = codecIds(models);
  for (const [i, { id, perClass }] of evaluation.codecs.entries()) {
    const path = ['evaluation', 'codecs', i];
    if (!codecs.delete(id)) {
      yield {
        path: [...path, 'id'],
        message: 'must be the id of a codec in "models" that was not evaluated before',
      };
    }
    const labels = perClass.map(({ label }) => label);
    const wrong = labels.findIndex(
      (label, at) => label >= dataset.classNames.length || (at > 0 && label <= labels[at - 1]),
    );
    if (wrong !== -1) {
      yield {
        path: [...path, 'perClass', wrong, 'label'],
        message: `must ascend and be below ${dataset.classNames.length}, the number of classes`,
      };
    }
    const images = perClass.reduce((sum, { count }) => sum + count, 0);
    if (images !== dataset.testCount) {
      yield {
        path: [...path, 'perClass'],
        message: `must have counts that add up to ${dataset.testCount}, the test images, not ${images}`,
      };
    }
  }
}

function* classificationContradictions(manifest: RunManifest): Generator<Contradiction> {
  const { dataset, models, evaluation } = manifest;
  const classCount = dataset.classNames.length;
  const codecs = codecIds(models);
  const classifiers = new Set(models.filter(({ kind }) => kind === 'classifier').map(({ id }) => id));
  const seen = new Set<string>();
  for (const [i, { classifier, on, accuracy, confusion }] of evaluation.classifications.entries()) {
    const path = ['evaluation', 'classifications', i];
    if (!classifiers.has(classifier)) {
      yield { path: [...path, 'classifier'], message: 'must be the id of a classifier in "models"' };
    }
    if (on !== originalImages && !codecs.has(on)) {
      yield { path: [...path, 'on'], message: 'must be "original" or the id of a codec in "models"' };
    }
    const pair = `${classifier} ${on}`;
    if (seen.has(pair)) {
      yield {
        path: [...path, 'on'],
        message: `must be given once for each classifier, not again for "${classifier}"`,
      };
    }
    seen.add(pair);
    if (confusion.length !== classCount || confusion.some((row) => row.length !== classCount)) {
      yield {
        path: [...path, 'confusion'],
        message: `must be ${classCount} × ${classCount}, by the dataset's classes`,
      };
      continue;
    }
    const images = confusion.flat().reduce((a, b) => a + b);
    if (images !== dataset.testCount) {
      yield {
        path: [...path, 'confusion'],
        message: `must add up to ${dataset.testCount}, the test images, not ${images}`,
      };
      continue;
    }
    const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
    if (accuracy !== correct / images) {
      yield {
        path: [...path, 'accuracy'],
        message: `must be the share on the confusion matrix's diagonal, ${correct / images}`,
      };
    }
  }
}

function* latentMapContradictions({ dataset, models, latentMaps }: RunManifest): Generator<Contradiction> {
  const spaces = codecIds(models).add(pixelSpace);
  for (const [i, { of, points, maps }] of latentMaps.entries()) {
    const path = ['latentMaps', i];
    if (!spaces.delete(of)) {
      yield {
        path: [...path, 'of'],
        message: 'must be "pixels" or the id of a codec in "models", and not mapped before',
      };
    }
    if (points > dataset.testCount) {
      yield {
        path: [...path, 'points'],
        message: `must be at most ${dataset.testCount}, the number of test images`,
      };
    }
    const methods = maps.map(({ method }) => method);
    const again = methods.findIndex((method, at) => methods.indexOf(method) < at);
    if (again !== -1) {
      yield {
        path: [...path, 'maps', again, 'method'],
        message: 'must differ from the methods before',
      };
    }
  }
}

function codecIds(models: RunManifest['models']): Set<string> {
  return new Set(models.filter(({ kind }) => kind !== 'classifier').map(({ id }) => id));
}
