import { expect, test } from 'vitest';
import { parseRunProgress, RunProgressError, type RunProgress } from './run-progress.ts';

const example: RunProgress = {
  schemaVersion: 1,
  name: 'study',
  preset: 'quick',
  startedAt: '2026-05-01T10:00:00.000Z',
  updatedAt: '2026-05-01T10:00:42.500Z',
  state: 'running',
  phase: 'train',
  task: { label: 'basic-2', fraction: 0.3 },
  models: [
    {
      id: 'basic-2',
      title: 'Basic autoencoder',
      kind: 'autoencoder',
      plannedEpochs: 5,
      epochs: [{ epoch: 1, trainLoss: 0.2, durationMs: 10.25, learningRate: 1e-3, validationLoss: 0.3 }],
      current: { epoch: 2, imagesDone: 64, imagesPerEpoch: 128, loss: 0.15 },
    },
    { id: 'pca-2', title: 'PCA', kind: 'pca', plannedEpochs: 0, epochs: [] },
  ],
  etaSeconds: 12.5,
};

const read = (changes: object): RunProgress =>
  parseRunProgress(JSON.stringify({ ...example, ...changes }), 'runs/study.partial/progress.json');

test('reads back what was written, also without what need not be known', () => {
  expect(read({})).toEqual(example);
  const unknown = { task: undefined, etaSeconds: undefined };
  expect(read(unknown)).toEqual({ ...example, ...unknown });
});

test.each<[changes: object, message: string]>([
  [
    { schemaVersion: 2 },
    'schema version 2 is not known to this Narrows (knows 1). Read it with the version of Narrows that wrote it, or go on with the run.',
  ],
  [
    { state: 'done' },
    'at state: Invalid option: expected one of "running"|"stopped" (it is "done"). Restore the file or go on with the run.',
  ],
  [
    { task: { label: 'x', fraction: 1.5 } },
    'at task.fraction: Too big: expected number to be <=1 (it is 1.5). Restore the file or go on with the run.',
  ],
  [{ pid: 1 }, 'Unrecognized key: "pid"'],
  [{ models: [{ ...example.models[1], id: '../x' }] }, 'at models[0].id: must be lowercase letters'],
])('refuses a file with %j in one line', (changes, message) => {
  const start = `Cannot read the run's progress "runs/study.partial/progress.json": ${message}`;
  let caught: unknown;
  try {
    read(changes);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(RunProgressError);
  expect((caught as Error).message.slice(0, start.length)).toBe(start);
});

test('refuses a file that is half written', () => {
  expect(() => parseRunProgress(JSON.stringify(example).slice(0, 300), 'it')).toThrow(/it must be JSON/);
});
