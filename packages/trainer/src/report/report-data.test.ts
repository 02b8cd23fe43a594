import { encodeSafetensors } from '@narrows/shared';
import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { syntheticRun, syntheticRunFile } from '../testing/synthetic-run.ts';
import { readReportData } from './report-data.ts';
import { makeRun } from './testing/made-run.ts';

test('reads what the manifest names', () => {
  const { codecs, classifiers, labels, samples, maps, components } = readReportData(
    syntheticRun,
    syntheticRunFile,
  );
  expect(codecs.map(({ id }) => id)).toEqual(['basic-32', 'pca-2']);
  expect([...codecs[0].imageErrors]).toEqual(
    Array.from({ length: 10 }, (_, i) => Math.fround(0.001 * (i + 1))),
  );
  expect(classifiers.map(({ id }) => id)).toEqual(['cnn']);
  const [{ answers }] = classifiers;
  expect(answers.map(({ on, predicted }) => [on, predicted[9]])).toEqual([
    ['original', 9],
    ['basic-32', 9],
    ['pca-2', 4],
  ]);
  expect(answers[2].probability[9]).toBeCloseTo(0.9, 6);
  expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // A ground of 0.1 and strokes of 0.9, the nearest float32 below it.
  expect(new Set(samples.image(3, 'original'))).toEqual(new Set([26, 229]));
  expect(samples.image(3, 'pca-2')).toHaveLength(64);
  expect(maps.map(({ map, coordinates }) => [map.of, [...coordinates.keys()]])).toEqual([
    ['pixels', ['tsne', 'umap']],
    ['basic-32', ['tsne', 'umap']],
  ]);
  expect(components?.values).toHaveLength(2 * 64);
});

test('the widest PCA has the components', () => {
  const { run, readFile } = makeRun({ pca: [2, 5, 3] });
  expect(readReportData(run, readFile).components?.model.id).toBe('pca-5');
});

describe('a file that is not what the manifest says', () => {
  const { run, readFile } = makeRun({ basic: [3] });
  const { perImage, samples } = run.evaluation.files;
  const withFile = (path: string, bytes: Uint8Array) => () =>
    readReportData(run, (one) => (one === path ? bytes : readFile(one)));

  test('is refused for its bytes', () => {
    expect(withFile(perImage, Uint8Array.of(1, 2))).toThrow(ExpectedError);
    expect(withFile(perImage, Uint8Array.of(1, 2))).toThrow(`Cannot read the file "${perImage}"`);
  });

  test('is refused for a missing tensor, with what it has', () => {
    const bytes = encodeSafetensors({ tensors: [{ name: 'other', shape: [1], data: Uint8Array.of(1) }] });
    expect(withFile(samples, bytes)).toThrow(ExpectedError);
    expect(withFile(samples, bytes)).toThrow(
      'Cannot find the I32 tensor "indices" in the file "evaluation/samples.safetensors": it has "other": train the run again.',
    );
  });

  test('is refused for a shape that does not belong to the dataset', () => {
    const bytes = encodeSafetensors({
      tensors: [
        { name: 'indices', shape: [1], data: Int32Array.of(0) },
        { name: 'labels', shape: [1], data: Uint8Array.of(0) },
        { name: 'originals', shape: [1, 2, 2, 1], data: new Uint8Array(4) },
      ],
    });
    expect(withFile(samples, bytes)).toThrow(
      '"originals" must have the shape [1, 4, 5, 1], and has [1, 2, 2, 1]: train the run again.',
    );
  });
});
