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
 * - ids of models differ, and none is `original`; epochs are numbered 1, 2, 3 and so on;
 * - paths of files differ, also where a file system ignores case, and every file of a model is listed;
 * - evaluations refer to models of the right kind, at most once each;
 * - errors per class are of ascending classes of the dataset, and of all test images;
 * - confusion matrices are k × k for k classes, their sum is the number of test images, and the share on their
 *   diagonal is the accuracy.
 *
 * @returns nothing if there are none
 */
export function* manifestContradictions(manifest: RunManifest): Generator<Contradiction> {
  yield* modelContradictions(manifest);
  yield* fileContradictions(manifest);
  yield* codecContradictions(manifest);
  yield* classificationContradictions(manifest);
}

function* modelContradictions({ models }: RunManifest): Generator<Contradiction> {
  const seen = new Set(['original']);
  for (const [i, { id, epochs }] of models.entries()) {
    if (seen.has(id)) {
      yield {
        path: ['models', i, 'id'],
        message: 'must differ from "original" and the ids of the models before',
      };
    }
    seen.add(id);
    const gap = epochs.findIndex(({ epoch }, before) => epoch !== before + 1);
    if (gap !== -1) {
      yield {
        path: ['models', i, 'epochs', gap, 'epoch'],
        message: `must be ${gap + 1}: epochs count from 1`,
      };
    }
  }
}

function* fileContradictions({ models, files }: RunManifest): Generator<Contradiction> {
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
  for (const [i, model] of models.entries()) {
    for (const [role, path] of Object.entries(model.files)) {
      if (!listed.has(path)) yield { path: ['models', i, 'files', role], message: 'must be one of "files"' };
    }
  }
}

function* codecContradictions({ dataset, models, evaluation }: RunManifest): Generator<Contradiction> {
  const codecs = new Set(models.filter(({ kind }) => kind !== 'classifier').map(({ id }) => id));
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
  const kindOf = new Map<string, string>(models.map(({ id, kind }) => [id, kind]));
  const seen = new Set<string>();
  for (const [i, { classifier, on, accuracy, confusion }] of evaluation.classifications.entries()) {
    const path = ['evaluation', 'classifications', i];
    if (kindOf.get(classifier) !== 'classifier') {
      yield { path: [...path, 'classifier'], message: 'must be the id of a classifier in "models"' };
    }
    if (on !== 'original' && (kindOf.get(on) ?? 'classifier') === 'classifier') {
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
