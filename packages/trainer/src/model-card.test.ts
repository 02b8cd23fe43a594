import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findModel } from '@narrows/models';
import { parseRunManifest, type RunManifest } from '@narrows/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportModel } from './export-model.ts';
import { writeModelCard } from './model-card.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

const [autoencoder, pca, classifier] = syntheticRun.models;

/** The card of a model after changes, which must leave the run one; with plain spaces, so that they show below. */
function cardOf(index: number, changes: Partial<RunManifest> = {}): string {
  const run = parseRunManifest(JSON.stringify({ ...syntheticRun, ...changes }), 'synthetic');
  return writeModelCard(run, run.models[index]).replaceAll('\u00a0', ' ');
}

const withModel = (index: number, changes: object): Partial<RunManifest> => ({
  models: syntheticRun.models.map((model, i) => (i === index ? { ...model, ...changes } : model)),
});

describe('writeModelCard', () => {
  test('says of a classifier what the manifest says', () => {
    expect(cardOf(2)).toMatchInlineSnapshot(`
      "# CNN classifier

      *Model card of cnn in the run synthetic, 2026-01-02*

      Tells the 10 classes of MNIST apart in images of 8 × 8 pixels.

      ## Model

      - **Kind:** classifier
      - **Architecture:** The study: conv 3×3 32, max-pool 2, conv 3×3 64, max-pool 2, 128, classes
      - **Sizes:** filters 32, 64; hidden 128
      - **Parameters:** 53,002
      - **Made by:** Narrows 0.1.0, seed 7, onnxruntime-node 1.30.0, zod 4.6.7
      - **Weights:** trained as float32; matrices and filters of 1,024 numbers and more are stored as int8 with a float32 scale for each channel, which the files restore to float32; all figures here are those of the files
      - **Export:** largest difference of the ONNX files from the model they were made from: 1.0e-5 on 16 images

      ## How to run it

      **Table 1. Files.** The .onnx files are of opset 17, with the parameters inside; N is any number of images.

      | file | input | output |
      | --- | --- | --- |
      | \`classifier.onnx\` | \`images\` float32 \\[N, 8, 8, 1\\], pixels from 0 to 1 | \`logits\` float32 \\[N, 10\\], any numbers, before the softmax |

      \`\`\`js
      import { InferenceSession, Tensor } from 'onnxruntime-node'; // in a browser 'onnxruntime-web'
      const session = await InferenceSession.create('classifier.onnx'); // in a browser its URL
      const images = new Tensor('float32', new Float32Array(64), [1, 8, 8, 1]); // pixels from 0 to 1
      const { logits } = await session.run({ images });
      console.log(logits.data.indexOf(Math.max(...logits.data))); // the class, counted from 0
      \`\`\`

      ## Training

      - **Images:** 60,000 training images of MNIST
      - **Settings:** batchSize 64; learningRate 0.001; schedule constant; optimizer adam; epochs 3
      - **Epochs:** 2: the validation loss fell no more; weights of epoch 1
      - **Last training loss:** 0.1250
      - **Validation loss:** 0.2000
      - **Time:** 150.0 s; onnx on cpu (2 threads), as asked; A processor

      ## Evaluation

      **Table 2. Accuracy.** On 10 test images, looked at once, after training, as they are and as codecs give them back, with 95 % Wilson intervals; mean cross-entropy in nats.

      | shown | accuracy | cross-entropy |
      | --- | ---: | ---: |
      | originals | 100.00 % (72.25 to 100.00) | 0.0200 |
      | basic autoencoder, latent 32 | 100.00 % (72.25 to 100.00) | 0.0400 |
      | PCA, 2 components | 90.00 % (59.58 to 98.21) | 1.5000 |

      ## Limits

      It knows the images of MNIST and no others: of another size, ground, contrast or subject they give figures unlike these, and nothing tells that they do.

      It answers with one of 10 classes (0, 1, 2, 3, 4, 5, 6, 7, 8 and 9) also where an image shows none. The softmax of its logits is no calibrated probability.

      The figures are of one training with seed 7. Intervals tell what another draw of test images would change, not what another seed would. It is made for study; nothing here speaks for its use in decisions about people.

      ## Data and licences

      - **Data:** MNIST: made up
      - **The data's licence:** none
      - **Narrows:** MIT licence; what may be done with a model also depends on the data it was trained on
      "
    `);
  });

  test("has a codec's figures, in all and by class, and what classifiers make of its reconstructions", () => {
    const card = cardOf(1);
    expect(card).toContain(
      '- **Mean squared error:** 0.100000\n- **Peak signal-to-noise ratio:** 10.00 dB\n',
    );
    expect(card).toContain(
      `- **Structural similarity:** ${syntheticRun.evaluation.codecs[1].ssim.toFixed(4)}, the mean`,
    );
    expect(card).toContain('| 9 | 1 | 0.100000 | 10.00 |');
    expect(card).toContain('| CNN classifier | 100.00 % (72.25 to 100.00) | 90.00 % (59.58 to 98.21) |');
    expect(card).toContain("- **Variance explained:** 75.0 % of the training images'");
    expect(cardOf(0)).toContain('| 2 | 1 | 0.003000 | 25.23 |');
    expect(cardOf(0)).toContain('- **Weights:** stored as float32, as they were trained\n');
  });

  test('tells what comes out of every file, and whether it is clipped', () => {
    expect(cardOf(0)).toContain(
      '| `decoder.onnx` | `latents` float32 \\[N, 32\\], numbers from 0 up | `reconstructions` float32 \\[N, 8, 8, 1\\], pixels from 0 to 1 |',
    );
    expect(cardOf(1)).toContain(
      '| `components.safetensors` | – | `mean` \\[64\\] and `components` \\[2, 64\\] |',
    );
    const unclipped = 'pixels, not clipped to 0 to 1';
    expect(cardOf(1)).toContain(unclipped);
    expect(cardOf(1)).toContain('| `latents` float32 \\[N, 2\\], any numbers |');
    const { hyperparameters } = findModel('tied-2', { imageShape: [8, 8, 1], classes: 10 })!.model;
    const tied = cardOf(0, withModel(0, { hyperparameters }));
    expect(tied).toContain(unclipped);
    expect(tied).toContain('\\], any numbers |');
    const clipped = withModel(1, { hyperparameters: { latent: 2, lowest: 0, highest: 1 } });
    expect(cardOf(1, clipped)).not.toContain(unclipped);
  });

  test('tells which images it was trained on', () => {
    expect(cardOf(0)).toContain('- **Images:** 60,000 training images of MNIST\n');
    const configuration = { ...syntheticRun.configuration, trainLimit: 6000, validation: 500 };
    expect(cardOf(0, { configuration })).toContain(
      '- **Images:** the first 6,000 of 60,000 training images of MNIST, the last 500 of them held out to judge by\n',
    );
    expect(cardOf(2)).not.toContain('**Shown:**');
    expect(cardOf(2, withModel(2, { trainedOn: 'pca-2' }))).toContain(
      '- **Shown:** not the images themselves, but what pca-2 makes of them, clipped to 0 to 1 and rounded to bytes; its ' +
        'evaluation shows them as they come, neither clipped nor rounded\n',
    );
  });

  test('leaves out figures that there are none of', () => {
    const { codecs, files } = syntheticRun.evaluation;
    const alone = cardOf(0, { evaluation: { codecs, classifications: [], files } });
    expect(alone).not.toContain('What classifiers still recognise');
    expect(alone).toContain('Reconstruction error by class');
    const untrained = withModel(0, {
      epochs: [],
      keptEpoch: 0,
      endedBy: 'time-limit',
      keptValidationLoss: undefined,
    });
    const card = cardOf(0, untrained);
    expect(card).toContain('- **Epochs:** 0: the time was up; weights part-way through epoch 1\n');
    expect(card).not.toMatch(/training loss|Validation loss|undefined|NaN/);
  });

  test('tells weights of a whole epoch from those of an unfinished one', () => {
    const { epochs } = autoencoder;
    const spent = epochs.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const ended = (changes: object): string =>
      /Epochs:\*\* (.*)/.exec(cardOf(0, withModel(0, { endedBy: 'time-limit', ...changes })))![1];
    expect(ended({ trainingMs: spent + 1 })).toBe('2: the time was up; weights part-way through epoch 3');
    // The limit may also be reached where an epoch ends.
    expect(ended({ trainingMs: spent })).toBe('2: the time was up; weights of epoch 2');
    const best = { training: { keep: 'best' }, trainingMs: spent + 1 };
    expect(ended({ ...best, keptEpoch: 1 })).toBe('2: the time was up; weights of epoch 1');
    expect(ended({ ...best, keptEpoch: 0, epochs: [] })).toBe(
      '0: the time was up; weights part-way through epoch 1',
    );
  });

  test('text of the dataset stays text', () => {
    const dataset = {
      ...syntheticRun.dataset,
      title: 'A | <b>\n# B',
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '*', '|'],
    };
    for (const index of [0, 1, 2]) {
      const card = cardOf(index, { dataset });
      expect(card).not.toMatch(/^# B|<b>|[^\\]\*\s*\|/m);
      for (const table of card.split('\n\n').filter((block) => block.startsWith('| '))) {
        const widths = table.split('\n').map((row) => row.match(/(?<!\\)\|/g)!.length);
        expect(new Set(widths).size).toBe(1);
      }
    }
  });
});

describe('the lines that run a model', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'narrows-card-')));
    const onnxruntime = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    symlinkSync(dirname(dirname(onnxruntime)), join(folder, 'node_modules'), 'junction');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['basic-32', autoencoder, /^\[ 1, 8, 8, 1 \] Float32Array\(64\)/],
    ['pca-2', pca, /^\[ 1, 8, 8, 1 \] Float32Array\(64\)/],
    ['cnn', classifier, /^[0-9]$/],
  ] as const)('run %s as they stand', (id, entry, output) => {
    const { model } = findModel(id, { imageShape: [8, 8, 1], classes: 10 })!;
    const exported = exportModel(model, drawnParameters(model, 4));
    exported.dispose();
    mkdirSync(join(folder, id));
    for (const { role, bytes } of exported.files) writeFileSync(join(folder, id, `${role}.onnx`), bytes);
    const lines = /^```js\n(.*?)\n```$/ms.exec(writeModelCard(syntheticRun, entry))![1];
    expect(lines.split('\n').length).toBe(5);
    writeFileSync(join(folder, id, 'run.mjs'), lines);
    const printed = execFileSync(process.execPath, ['run.mjs'], {
      cwd: join(folder, id),
      encoding: 'utf8',
      // A task runner may ask for colours.
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    expect(printed.trim()).toMatch(output);
  });
});
