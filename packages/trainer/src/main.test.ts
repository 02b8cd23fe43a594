import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunManifest, type RunManifest } from '@narrows/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOnnxSession } from './engine/onnx-session.ts';
import { runMain, type Ending } from './testing/run-main.ts';

let folder = '';
let training: Ending;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-main-'));
  training = await runMain(
    [
      'train',
      '--models=basic-4,cnn-on-pca-4,pca-4,pca-2,cnn',
      '--train-limit=650',
      '--epochs=2',
      '--batch-size=128',
      '--maps=umap',
      '--map-points=50',
      '--seed=7',
      '--threads=2',
      '--device=cpu',
      '--out=made/run',
    ],
    folder,
  );
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const inRun = (path: string): string => join(folder, 'made/run', path);
const manifest = (): RunManifest => parseRunManifest(readFileSync(inRun('run.json'), 'utf8'), 'run.json');
const codecs = ['basic-4', 'pca-2', 'pca-4'];
const classifiers = ['cnn', 'cnn-on-pca-4'];
/** Everything but `run.json`. */
const runFiles = [
  ...codecs.flatMap((id) =>
    ['autoencoder.onnx', 'decoder.onnx', 'encoder.onnx', 'card.md'].map((file) => `models/${id}/${file}`),
  ),
  ...['pca-2', 'pca-4'].map((id) => `models/${id}/components.safetensors`),
  ...classifiers.flatMap((id) => ['classifier.onnx', 'card.md'].map((file) => `models/${id}/${file}`)),
  ...['basic-4', ...classifiers].map((id) => `tensorboard/${id}/events.out.tfevents.narrows`),
  ...['pixels', ...codecs].map((of) => `latent-maps/${of}.safetensors`),
  'evaluation/per-image.safetensors',
  'evaluation/samples.safetensors',
  'evaluation/test-set.safetensors.gz',
  'metrics.jsonl',
  'report/index.html',
  'report/report.md',
].sort();

describe('train', () => {
  test('ends well, with plain lines and a summary on stdout and nothing on stderr', () => {
    expect(training).toMatchObject({ code: 0, signal: null, stderr: '' });
    const lines = training.stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Engine: onnx on cpu (2 threads), as asked.',
      'Training: basic-4, pca-4, cnn-on-pca-4, pca-2, cnn, epochs: basic 2, cnn 2, batch 128, Adam at 0.001, seed 7, ' +
        'first 650 images.',
    ]);
    expect(
      lines.filter((line) => /^(basic-4|cnn|cnn-on-pca-4): epoch [12]\/2, loss \d/.test(line)),
    ).toHaveLength(6);
    expect(training.stdout).toMatch(
      /\nOn the 10,000 test images:\n {2}originals +cnn-on-pca-4 \d+\.\d\d %, cnn \d+\.\d\d %\n/,
    );
    expect(training.stdout).toMatch(
      /\n {2}basic-4 +MSE 0\.\d{6} {2}cnn-on-pca-4 \d+\.\d\d %, cnn \d+\.\d\d %\n {2}pca-4 /,
    );
    expect(training.stdout).toMatch(
      /\nDone in .*\. The run is in made\/run\. See its report: made\/run\/report\/index\.html\n$/,
    );
  });

  test('leaves the run and nothing else', () => {
    expect(readdirSync(folder)).toEqual(['made']);
    expect(readdirSync(join(folder, 'made'))).toEqual(['run']);
    const files = readdirSync(inRun('.'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(inRun('.').length + 1))
      .map((path) => path.replaceAll('\\', '/'));
    expect(files.sort()).toEqual([...runFiles, 'run.json'].sort());
  });

  test('writes a manifest that holds, and lists every file but itself with its size and SHA-256', () => {
    const run = manifest();
    expect(run).toMatchObject({
      name: 'run',
      preset: 'study',
      seed: 7,
      configuration: {
        trainLimit: 650,
        models: ['basic-4', 'cnn-on-pca-4', 'pca-4', 'pca-2', 'cnn'],
        training: { 'basic-4': { epochs: 2, batchSize: 128 } },
      },
      engine: { name: 'onnx', device: 'cpu', threads: 2, reason: 'onnx on cpu (2 threads), as asked' },
      dataset: { name: 'mnist', trainCount: 60_000, testCount: 10_000 },
    });
    expect(run.configuration).not.toHaveProperty('out');
    expect(run.models.map(({ id, epochs }) => [id, epochs.length])).toEqual([
      ['basic-4', 2],
      ['pca-4', 0],
      ['cnn-on-pca-4', 2],
      ['pca-2', 0],
      ['cnn', 2],
    ]);
    expect(run.models.map((model) => 'trainedOn' in model && model.trainedOn)).toEqual([
      false,
      false,
      'pca-4',
      false,
      'original',
    ]);
    for (const { exportCheck } of run.models) {
      expect(exportCheck.images).toBe(16);
      expect(exportCheck.largestDifference).toBeLessThan(1e-5);
    }
    expect(run.files.map(({ path }) => path).sort()).toEqual(runFiles);
    for (const { path, sizeBytes, sha256 } of run.files) {
      const bytes = readFileSync(inRun(path));
      expect([path, sizeBytes]).toEqual([path, bytes.length]);
      expect([path, sha256]).toEqual([path, createHash('sha256').update(bytes).digest('hex')]);
    }
    expect(Object.keys(run.durations.phaseMs).sort()).toEqual(
      ['basic-4', 'cnn', 'cnn-on-pca-4', 'evaluate', 'export', 'load', 'maps', 'pca-4'].sort(),
    );
    expect(Date.parse(run.finishedAt)).toBeGreaterThanOrEqual(Date.parse(run.createdAt));
  });

  test('writes a line of metrics for every epoch, with the losses of the manifest', () => {
    const lines = readFileSync(inRun('metrics.jsonl'), 'utf8').trimEnd().split('\n');
    const metrics = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const expected = manifest().models.flatMap(({ id, epochs }) =>
      epochs.map((record) => ({ model: id, ...record })),
    );
    expect(expected).toHaveLength(6);
    expect(metrics).toEqual(
      expected.map((record) => ({
        ...record,
        imagesPerSecond: 650 / (record.durationMs / 1000),
        wallTimeMs: expect.any(Number) as number,
      })),
    );
  });

  test('writes a report with the figures of the manifest, in both forms', () => {
    const { codecs: errors, classifications } = manifest().evaluation;
    for (const path of ['report/index.html', 'report/report.md']) {
      const report = readFileSync(inRun(path), 'utf8').replaceAll(/[\u00a0\u202f]/g, ' ');
      for (const { mse } of errors) expect(report).toContain(mse.toFixed(6));
      for (const { accuracy } of classifications)
        expect(report).toContain(`${(100 * accuracy).toFixed(2)} %`);
    }
  });

  test('learns: every figure is better than that of guessing', () => {
    const { codecs, classifications } = manifest().evaluation;
    const errors = Object.fromEntries(codecs.map(({ id, mse }) => [id, mse]));
    // Black images have 0.1015, the training images' mean 0.0677.
    expect(errors['pca-2']).toBeLessThan(0.06);
    expect(errors['pca-4']).toBeLessThan(errors['pca-2']);
    expect(errors['basic-4']).toBeLessThan(0.2);
    const accuracies = classifications.filter(({ on }) => on === 'original').map(({ accuracy }) => accuracy);
    expect(accuracies).toHaveLength(2);
    expect(Math.min(...accuracies)).toBeGreaterThan(0.4);
  });

  test('narrower PCA is the beginning of the wider one', async () => {
    const latents = async (id: string): Promise<Float32Array> => {
      const session = await openOnnxSession(readFileSync(inRun(`models/${id}/encoder.onnx`)), {
        device: 'cpu',
        threads: 1,
      });
      const images = {
        data: new Float32Array(784).fill(0.5),
        shape: [1, 28, 28, 1],
        dtype: 'float32',
      } as const;
      const results = await session.run({ images });
      await session.close();
      return results['latents'].data as Float32Array;
    };
    const [two, four] = [await latents('pca-2'), await latents('pca-4')];
    expect([two.length, four.length]).toEqual([2, 4]);
    two.forEach((value, i) => {
      expect(value).toBeCloseTo(four[i], 4);
    });
  });
});

describe('a run whose time is up at once, of fewer images than PCA has components', () => {
  const args = [
    'train',
    '--models=pca-64,basic-2-h4',
    '--train-limit=10',
    '--batch-size=5',
    '--time-limit=1e-9',
    '--maps=none',
    '--threads=1',
    '--device=cpu',
    '--out=brief',
  ];

  test('is whole without an epoch, and says where its weights are from', async () => {
    const { code, stdout, stderr } = await runMain(args, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(', at most 1e-9 min each, seed 1, first 10 images.\n');
    expect(stdout).toMatch(
      /\nbasic-2-h4: 0 epochs, time is up, weights part-way through epoch 1, \d+\.\d s\n/,
    );
    const run = parseRunManifest(readFileSync(join(folder, 'brief/run.json'), 'utf8'), 'run.json');
    const [pca, basic] = run.models;
    expect(basic).toMatchObject({ endedBy: 'time-limit', keptEpoch: 0, epochs: [] });
    // The schema has it that each is in [0, 1], where rounding leaves some of them below.
    expect(pca).toHaveProperty('explainedVariance.length', 64);
    // Nothing that is written of epochs, since there are none.
    expect(readdirSync(join(folder, 'brief')).sort()).toEqual(['evaluation', 'models', 'report', 'run.json']);
    expect(run.files.filter(({ path }) => /metrics|tensorboard/.test(path))).toEqual([]);
  }, 120_000);
});

describe('evaluate', () => {
  test('computes the same again from the files alone', async () => {
    const { code, stdout, stderr } = await runMain(['evaluate', 'made/run', '--threads=2'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /\nAgrees with run\.json: 3 codecs and 8 classifications, largest relative difference \S+, 0 different counts in confusion matrices, 0 different predictions\.\n$/,
    );
  }, 120_000);

  /** A copy of the run whose manifest is changed. */
  function copyWith(name: string, change: (run: RunManifest) => unknown): string {
    const path = join(folder, name);
    cpSync(inRun('.'), path, { recursive: true });
    const run = JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')) as RunManifest;
    writeFileSync(join(path, 'run.json'), JSON.stringify(change(run) ?? run));
    return path;
  }

  test('says so when the figures are others, and exits with 1', async () => {
    copyWith('other-figures', (run) => {
      const { codecs } = run.evaluation;
      codecs.reverse()[0].mse *= 1.001;
      // Without the CNN it takes a second, not ten.
      run.models = run.models.filter(({ kind }) => kind !== 'classifier');
      run.evaluation.classifications = [];
      run.files = run.files.filter(({ path }) => !path.includes('classifier'));
    });
    const { code, stdout, stderr } = await runMain(['evaluate', 'other-figures'], folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /\nDisagrees with run\.json: 3 codecs and 0 classifications, largest relative difference 1\.0e-3, 0 different/,
    );
  }, 120_000);

  test('refuses a file with one changed byte, by its name', async () => {
    const path = copyWith('changed', () => undefined);
    const file = join(path, 'models/pca-4/decoder.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await runMain(['evaluate', 'changed'], folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^Cannot evaluate "changed": "models\/pca-4\/decoder\.onnx" must have the SHA-256 [0-9a-f]{64} and has [0-9a-f]{64}: it was changed since; train it again\.\n$/,
    );
  });

  test('refuses a run without one of its files', async () => {
    rmSync(
      join(
        copyWith('incomplete', () => undefined),
        'models/pca-2/decoder.onnx',
      ),
    );
    const { code, stderr } = await runMain(['evaluate', 'incomplete'], folder);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Cannot evaluate "incomplete": every file of its run.json must be there, and "models/pca-2/decoder.onnx" is missing: train it again.\n',
    );
  });

  test('refuses a manifest of another version', async () => {
    copyWith('newer', (run) => ({ ...run, schemaVersion: 99 }));
    const { code, stderr } = await runMain(['evaluate', 'newer'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot read the run manifest "newer.run\.json": schema version 99 is not known .*\.\n$/,
    );
  });
});

describe('report', () => {
  test('is made again, byte for byte, and the run still agrees with its manifest', async () => {
    cpSync(inRun('.'), join(folder, 'reported'), { recursive: true });
    const html = (): string => readFileSync(join(folder, 'reported/report/index.html'), 'utf8');
    const before = html();
    rmSync(join(folder, 'reported/report'), { recursive: true });
    const { code, stdout, stderr } = await runMain(['report', 'reported'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^The report is in reported.report.index\.html\n$/);
    expect(html()).toBe(before);
    const run = parseRunManifest(readFileSync(join(folder, 'reported/run.json'), 'utf8'), 'run.json');
    const listed = run.files.find(({ path }) => path === 'report/index.html')!;
    expect(listed.sha256).toBe(createHash('sha256').update(before).digest('hex'));
  }, 120_000);
});
