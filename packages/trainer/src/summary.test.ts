import { parseRunManifest, type RunManifest } from '@narrows/shared';
import { describe, expect, test } from 'vitest';
import { summarise } from './summary.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

const { codecs, classifications, files } = syntheticRun.evaluation;

/** The synthetic run with other models and figures, which must leave it a run. */
function run(changes: Partial<RunManifest> = {}): RunManifest {
  return parseRunManifest(JSON.stringify({ ...syntheticRun, ...changes }), 'synthetic');
}

const onlyCodecs = (): RunManifest =>
  run({
    models: syntheticRun.models.filter(({ kind }) => kind !== 'classifier'),
    evaluation: { codecs, classifications: [], files },
  });
const onlyClassifier = (): RunManifest =>
  run({
    models: syntheticRun.models.filter(({ kind }) => kind === 'classifier'),
    evaluation: { codecs: [], classifications: classifications.slice(0, 1), files },
    latentMaps: [],
  });

describe('summarise', () => {
  test('tells how every codec came out, and where the run is', () => {
    expect(summarise(run(), 'runs/synthetic')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        originals                cnn 100.00 %
        basic-32   MSE 0.005500  cnn 100.00 %
        pca-2      MSE 0.100000  cnn 90.00 %

      Done in 3 min 00 s. The run is in runs/synthetic. See its report: runs/synthetic/report/index.html
      "
    `);
  });

  test('works without a classifier and without a codec', () => {
    expect(summarise(onlyCodecs(), 'runs/x')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        basic-32  MSE 0.005500
        pca-2     MSE 0.100000

      Done in 3 min 00 s. The run is in runs/x. See its report: runs/x/report/index.html
      "
    `);
    expect(summarise(onlyClassifier(), 'runs/x')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        originals                cnn 100.00 %

      Done in 3 min 00 s. The run is in runs/x. See its report: runs/x/report/index.html
      "
    `);
  });
});
