import { beforeAll, describe, expect, it } from 'vitest';
import type { Figures, Runtime, WorkProgress } from './lab-api.ts';
import { fetchModel } from './lab-models.ts';
import { readFigures, readRun, readTestSet, type RunFiles } from './run-files.ts';
import { demoFolder, demoRun } from './testing/demo-run.ts';
import { folderSource, openNodeRuntime } from './testing/node-lab.ts';
import { verifyRun, type VerifyRequest } from './verify.ts';

const images = 250;
const runtime: Runtime = { device: 'wasm', threads: 1, reason: 'default' };
let request: VerifyRequest;
let run: RunFiles;

/** What the trainer would have measured on the first images alone, from its figures for each of them. */
function ofFirstImages({ manifest }: RunFiles, figures: Figures, labels: Uint8Array): RunFiles['manifest'] {
  const { evaluation } = manifest;
  return {
    ...manifest,
    evaluation: {
      ...evaluation,
      codecs: evaluation.codecs.map((codec) => ({
        ...codec,
        mse: figures.mse[codec.id].subarray(0, images).reduce((sum, mse) => sum + mse, 0) / images,
      })),
      classifications: evaluation.classifications.map((entry) => ({
        ...entry,
        accuracy:
          figures.predicted[`${entry.classifier}/${entry.on}`]
            .subarray(0, images)
            .filter((predicted, i) => predicted === labels[i]).length / images,
      })),
    },
  };
}

beforeAll(async () => {
  run = await readRun(folderSource(demoFolder), demoRun);
  const testSet = await readTestSet(run);
  const figures = await readFigures(run);
  const device = await openNodeRuntime();
  const codecs: VerifyRequest['codecs'][number][] = [];
  const classifiers: VerifyRequest['classifiers'][number][] = [];
  for (const { id } of run.manifest.models) {
    const runs = await (await fetchModel(run, id)).open(device);
    if (runs.kind === 'codec') codecs.push({ id, runs });
    else classifiers.push({ id, runs });
  }
  request = {
    runId: run.id,
    manifest: ofFirstImages(run, figures, testSet.labels),
    codecs,
    classifiers,
    testSet: { ...testSet, count: images },
    figures,
    runtime,
    files: [{ path: run.manifest.evaluation.files.testSet, sha256: testSet.sha256 }],
    onProgress: () => undefined,
    pause: () => Promise.resolve(),
  };
});

describe('verifyRun', () => {
  it('finds here what the trainer found', async () => {
    const verification = await verifyRun(request);
    expect(verification).toMatchObject({ runId: demoRun, images, runtime });
    expect(verification.codecs.map(({ id }) => id)).toEqual(
      run.manifest.evaluation.codecs.map(({ id }) => id),
    );
    for (const { mse } of verification.codecs) {
      expect(mse.here).toBeGreaterThan(0);
      expect(mse).toMatchObject({ agrees: true });
    }
    const sources = run.manifest.evaluation.classifications.map(({ on }) => on);
    expect(verification.classifications.map(({ on }) => on)).toEqual(sources);
    for (const { accuracy, differing } of verification.classifications) {
      expect(accuracy.here).toBe(accuracy.trainer);
      expect({ agrees: accuracy.agrees, differing }).toEqual({ agrees: true, differing: 0 });
    }
    expect(verification.files).toEqual([expect.objectContaining({ matches: true })]);
  });

  it('shows figures that are not those of the files', async () => {
    const { evaluation } = request.manifest;
    const [codec] = evaluation.codecs;
    const pair = `cnn/${codec.id}`;
    const predicted = request.figures.predicted[pair].slice();
    // Right is wrong: two images are now said to have been taken for something else.
    for (const image of [3, images - 1]) predicted[image] = (predicted[image] + 1) % 10;
    const verification = await verifyRun({
      ...request,
      manifest: {
        ...request.manifest,
        evaluation: {
          ...evaluation,
          codecs: [{ ...codec, mse: codec.mse + 2e-6 }],
          classifications: evaluation.classifications
            .filter(({ on }) => on === codec.id)
            .map((entry) => ({ ...entry, accuracy: entry.accuracy - 1 / images })),
        },
      },
      figures: { ...request.figures, predicted: { ...request.figures.predicted, [pair]: predicted } },
      files: [{ path: run.manifest.evaluation.files.testSet, sha256: '0'.repeat(64) }],
    });
    expect(verification.codecs).toMatchObject([{ id: codec.id, mse: { agrees: false } }]);
    expect(verification.classifications).toMatchObject([{ accuracy: { agrees: false }, differing: 2 }]);
    expect(verification.files).toMatchObject([{ matches: false }]);
  });

  it('tells how far it is, and ends when told to', async () => {
    const told: WorkProgress[] = [];
    await verifyRun({ ...request, onProgress: (progress) => told.push(progress) });
    const fractions = told.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect([...new Set(told.map(({ label }) => label))]).toEqual([
      'original',
      ...request.codecs.map(({ id }) => id),
    ]);
    for (const { etaSeconds } of told)
      if (etaSeconds !== undefined) expect(etaSeconds).toBeGreaterThanOrEqual(0);

    let pauses = 0;
    const pause = () => (++pauses > 3 ? Promise.reject(new Error('Stopped.')) : Promise.resolve());
    await expect(verifyRun({ ...request, pause })).rejects.toThrow('Stopped.');
  });
});
