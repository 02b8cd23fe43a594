import { beforeAll, expect, test } from 'vitest';
import { loadMnist } from '../data/mnist.ts';
import { expandGrid, type Trial } from './expand-grid.ts';
import {
  fitSweepPca,
  jobContext,
  runTrial,
  trainSweepClassifier,
  type JobContext,
  type TrainedClassifier,
} from './run-job.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';

const tiny: SweepConfiguration = {
  families: ['pca-L', 'basic-L', 'aware-L'],
  latents: [2, 5],
  seeds: [3],
  epochs: 1,
  classifier: 'fixed',
  classifierEpochs: 1,
  trainLimit: 192,
  testLimit: 100,
};

let context: JobContext;
let classifier: TrainedClassifier;
beforeAll(async () => {
  context = jobContext(tiny, await loadMnist());
  classifier = await trainSweepClassifier(context, () => undefined);
});

const trialNamed = (id: string, configuration = tiny): Trial =>
  expandGrid(configuration, context.models).find((trial) => trial.id === id)!;
const needs = (pca?: Awaited<ReturnType<typeof fitSweepPca>>) => ({
  classifier: Promise.resolve(classifier),
  pca,
  onProgress: () => undefined,
});
const withoutTimes = <T extends { trainMs: number }>(result: T): T => ({
  ...result,
  trainMs: 0,
  classifierMs: 0,
});

test('a trial comes to the same whatever was run before it in the process', async () => {
  const trial = trialNamed('basic-5-s3');
  const first = await runTrial(trial, context, needs());
  await runTrial(trialNamed('basic-2-s3'), context, needs());
  expect(withoutTimes(await runTrial(trial, context, needs()))).toStrictEqual(withoutTimes(first));
  expect(first.plain.mse).toBeLessThan(0.3);
  expect([first.parameterCount, first.classifierMs]).toStrictEqual([
    784 * 128 * 2 + 784 + 128 * 2 + 128 * 10 + 5,
    null,
  ]);
});

test('PCA of every width comes from one fit, as wide as the widest', async () => {
  const pca = await fitSweepPca(context, () => undefined);
  expect(pca.components).toHaveLength(5 * 784);
  const [narrow, wide] = [
    await runTrial(trialNamed('pca-2'), context, needs(pca)),
    await runTrial(trialNamed('pca-5'), context, needs(pca)),
  ];
  expect(narrow.plain.mse).toBeGreaterThan(wide.plain.mse);
  expect(narrow).toMatchObject({ trainLoss: null, trainMs: pca.trainMs, parameterCount: 3 * 784 });
});

test('a codec that is trained through the classifier waits for it', async () => {
  let give: (trained: TrainedClassifier) => void = () => undefined;
  const late = new Promise<TrainedClassifier>((resolve) => {
    give = resolve;
  });
  let steps = 0;
  const running = runTrial(trialNamed('aware-2-s3'), context, {
    classifier: late,
    pca: undefined,
    onProgress: () => steps++,
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(steps).toBe(0);
  give(classifier);
  const result = await running;
  // The loss that it makes small is more than the error: a hundredth of the cross-entropy is in it.
  expect(result.trainLoss).toBeGreaterThan(result.plain.mse);
});

test('a retrained classifier is another than the fixed one, and knows its codec better', async () => {
  const retrained = { ...tiny, classifier: 'retrained', families: ['pca-L'], classifierEpochs: 3 } as const;
  const own = { ...context, configuration: retrained };
  const pca = await fitSweepPca(context, () => undefined);
  const fixed = await runTrial(trialNamed('pca-2'), context, needs(pca));
  const result = await runTrial(trialNamed('pca-2-s3-retrained', retrained), own, needs(pca));
  expect(result.plain.mse).toBe(fixed.plain.mse);
  expect(result.plain.crossEntropy).toBeLessThan(fixed.plain.crossEntropy);
  expect(result.classifierMs).toBeGreaterThan(0);
});
