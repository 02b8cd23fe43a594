import { parseRunManifest, type RunManifest } from '@narrows/shared';
import { describe, expect, test } from 'vitest';
import { writeReport } from './report.ts';
import { studyReference } from './study-reference.ts';
import { summarise } from './summary.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

/** The synthetic run with changes, which must leave it a run. */
function run(changes: Partial<RunManifest> = {}): RunManifest {
  return parseRunManifest(JSON.stringify({ ...syntheticRun, ...changes }), 'synthetic');
}

const { codecs, classifications } = syntheticRun.evaluation;
const onlyCodecs = (): RunManifest =>
  run({
    models: syntheticRun.models.filter(({ kind }) => kind !== 'classifier'),
    evaluation: { codecs, classifications: [] },
  });
const onlyClassifier = (): RunManifest =>
  run({
    models: syntheticRun.models.filter(({ kind }) => kind === 'classifier'),
    evaluation: { codecs: [], classifications: classifications.slice(0, 1) },
  });

describe('writeReport', () => {
  test('has every table of a run', () => {
    expect(writeReport(run())).toMatchInlineSnapshot(`
      "# synthetic

      MNIST: 60,000 training and 10 test images. Preset \`study\`, seed 7.

      onnx on cpu (2 threads), as asked; A processor, 2 cores, Node v20.19.0. 3.0 minutes, at most 1.23 GB of memory. Finished 2026-01-02T03:07:05.000Z.

      ## Reconstruction error on the test set

      Mean squared error over all pixels, pixels in [0, 1].

      | codec | latent | parameters | study, MSE | this run, MSE | difference | PSNR, dB |
      | --- | --- | --- | --- | --- | --- | --- |
      | basic autoencoder, latent 32 | 32 | 209,968 | 0.009948 | 0.005500 | −44.7 % | 22.60 |
      | PCA, 2 components | 2 | 12 | – | 0.100000 | – | 10.00 |

      ## Classification of the test set

      Accuracy, and mean cross-entropy in nats, of the same classifier on the originals and on what each codec makes of them.

      | classifier | shown | study, accuracy | this run, accuracy | difference | study, loss | this run, loss |
      | --- | --- | --- | --- | --- | --- | --- |
      | CNN classifier | originals | 98.89 % | 100.00 % | +1.11 points | 0.0431 | 0.0200 |
      | CNN classifier | PCA, 2 components | – | 90.00 % | – | – | 1.5000 |

      ## Reconstruction error by class

      | codec | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | basic autoencoder, latent 32 | 0.001000 | 0.002000 | 0.003000 | 0.004000 | 0.005000 | 0.006000 | 0.007000 | 0.008000 | 0.009000 | 0.010000 |
      | study | 0.009950 | 0.002676 | 0.014137 | 0.011043 | 0.010337 | 0.012149 | 0.010880 | 0.007581 | 0.014230 | 0.007815 |
      | PCA, 2 components | – | 0.100000 | – | – | – | – | – | – | – | – |

      ### Confusion of cnn on originals

      Rows are true classes, columns predicted ones.

      |  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | **0** | 1 | · | · | · | · | · | · | · | · | · |
      | **1** | · | 1 | · | · | · | · | · | · | · | · |
      | **2** | · | · | 1 | · | · | · | · | · | · | · |
      | **3** | · | · | · | 1 | · | · | · | · | · | · |
      | **4** | · | · | · | · | 1 | · | · | · | · | · |
      | **5** | · | · | · | · | · | 1 | · | · | · | · |
      | **6** | · | · | · | · | · | · | 1 | · | · | · |
      | **7** | · | · | · | · | · | · | · | 1 | · | · |
      | **8** | · | · | · | · | · | · | · | · | 1 | · |
      | **9** | · | · | · | · | · | · | · | · | · | 1 |

      ### Confusion of cnn on pca-2

      Rows are true classes, columns predicted ones.

      |  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | **0** | 1 | · | · | · | · | · | · | · | · | · |
      | **1** | · | 1 | · | · | · | · | · | · | · | · |
      | **2** | · | · | 1 | · | · | · | · | · | · | · |
      | **3** | · | · | · | 1 | · | · | · | · | · | · |
      | **4** | · | · | · | · | 1 | · | · | · | · | · |
      | **5** | · | · | · | · | · | 1 | · | · | · | · |
      | **6** | · | · | · | · | · | · | 1 | · | · | · |
      | **7** | · | · | · | · | · | · | · | 1 | · | · |
      | **8** | · | · | · | · | · | · | · | · | 1 | · |
      | **9** | · | · | · | · | 1 | · | · | · | · | · |

      ## Training

      The last column is the largest difference of any output of the exported files from tfjs on 16 images.

      | model | epochs | last training loss | training, s | s per epoch | ONNX against tfjs |
      | --- | --- | --- | --- | --- | --- |
      | basic-32 | 2 | 0.01235 | 20.0 | 10.00 | 2.5e-7 |
      | pca-2 | – | – | 1.5 | – | 0.0e+0 |
      | cnn | 1 | 0.2500 | 100.0 | 100.00 | 1.0e-5 |

      ## Files

      | file | bytes | SHA-256 |
      | --- | --- | --- |
      | \`models/basic-32/encoder.onnx\` | 415,000 | \`1111111111111111…\` |
      | \`models/basic-32/decoder.onnx\` | 425,000 | \`2222222222222222…\` |
      | \`models/basic-32/autoencoder.onnx\` | 840,000 | \`3333333333333333…\` |
      | \`models/pca-2/encoder.onnx\` | 500 | \`4444444444444444…\` |
      | \`models/pca-2/decoder.onnx\` | 510 | \`5555555555555555…\` |
      | \`models/pca-2/autoencoder.onnx\` | 900 | \`6666666666666666…\` |
      | \`models/cnn/classifier.onnx\` | 1,687,000 | \`7777777777777777…\` |
      | \`metrics.jsonl\` | 300 | \`8888888888888888…\` |

      Repeat it: \`npx nx run trainer:train\` with the configuration in \`run.json\`; check it: \`npx nx run trainer:evaluate RUN\`.
      "
    `);
  });

  test("the study's figures are shown for its own dataset only", () => {
    const ours = writeReport(run());
    expect(ours).toContain('| 0.009948 | 0.005500 | −44.7 % |');
    expect(ours).toContain('| 98.89 % | 100.00 % | +1.11 points | 0.0431 | 0.0200 |');
    expect(ours).toContain('| study | 0.009950 | 0.002676 |');
    const other = writeReport(run({ dataset: { ...syntheticRun.dataset, name: 'other' } }));
    expect(other).toContain('| – | 0.005500 | – |');
    expect(other).toContain('| – | 100.00 % | – | – | 0.0200 |');
    expect(other).not.toContain('| study |');
  });

  test('tables that would be empty are left out', () => {
    const headings = (manifest: RunManifest) => writeReport(manifest).match(/^##+ .*$/gm);
    expect(headings(onlyCodecs())).toEqual([
      '## Reconstruction error on the test set',
      '## Reconstruction error by class',
      '## Training',
      '## Files',
    ]);
    expect(headings(onlyClassifier())).toEqual([
      '## Classification of the test set',
      '### Confusion of cnn on originals',
      '## Training',
      '## Files',
    ]);
  });

  test('every row has as many cells as its head', () => {
    for (const block of writeReport(run()).split('\n\n')) {
      const rows = block.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((row) => row.split('|').length)).size).toBeLessThanOrEqual(1);
    }
  });
});

describe('summarise', () => {
  test('tells how every codec came out, and where the run is', () => {
    expect(summarise(run(), 'runs/synthetic')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        originals                cnn 100.00 %
        basic-32   MSE 0.005500
        pca-2      MSE 0.100000  cnn 90.00 %

      Done in 3 min 00 s. The run is in runs/synthetic, its report in runs/synthetic/report.md.
      "
    `);
  });

  test('works without a classifier and without a codec', () => {
    expect(summarise(onlyCodecs(), 'runs/x')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        basic-32  MSE 0.005500
        pca-2     MSE 0.100000

      Done in 3 min 00 s. The run is in runs/x, its report in runs/x/report.md.
      "
    `);
    expect(summarise(onlyClassifier(), 'runs/x')).toMatchInlineSnapshot(`
      "
      On the 10 test images:
        originals                cnn 100.00 %

      Done in 3 min 00 s. The run is in runs/x, its report in runs/x/report.md.
      "
    `);
  });
});

test("the study's errors by class have the mean that it gives, each class counted by its test images", () => {
  const counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
  for (const { mse, perClass } of studyReference.codecs) {
    if (perClass === undefined) continue;
    const mean = perClass.reduce((sum, error, label) => sum + error * counts[label], 0) / 10_000;
    expect(mean).toBeCloseTo(mse, 5);
  }
});
