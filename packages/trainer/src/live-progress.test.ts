import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseRunProgress, type RunProgress } from '@narrows/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProgress } from './cli/progress.ts';
import { ExpectedError } from './expected-error.ts';
import { startLiveProgress, type LiveProgress } from './live-progress.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { startMain, type RunningMain } from './testing/run-main.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'narrows-live-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

const pathOf = (out: string): string => join(parent, `${out}.partial/progress.json`);
const read = (out: string): RunProgress => parseRunProgress(readFileSync(pathOf(out), 'utf8'), out);

/** Puts a folder in the file's place, which none can be written over. */
function putInTheWay(): void {
  for (;;) {
    rmSync(pathOf('run'), { force: true });
    try {
      mkdirSync(join(pathOf('run'), 'in-the-way'), { recursive: true });
      return;
    } catch {
      // The file was written between the two lines.
    }
  }
}

describe('startLiveProgress', () => {
  const models = [
    { id: 'basic-2', title: 'Basic', kind: 'autoencoder' },
    { id: 'pca-2', title: 'PCA', kind: 'pca' },
  ] as const;
  const record = (epoch: number) => ({ epoch, trainLoss: 0.5 / epoch, durationMs: 900, learningRate: 0.001 });
  let folder: WorkFolder;
  let live: LiveProgress;
  beforeEach(() => {
    folder = openWorkFolder(join(parent, 'run'), {}, { resume: false, overwrite: false });
    const display = createProgress({ stream: { write: () => true }, isTty: false, now: () => 0 });
    live = startLiveProgress(display, {
      folder,
      name: 'run',
      preset: 'quick',
      startedAt: '2026-05-01T10:00:00.000Z',
      models,
      plannedEpochs: { 'basic-2': 4 },
      recorded: new Map([['basic-2', [record(1)]]]),
    });
  });
  afterEach(() => {
    live.end();
    folder.abandon();
  });

  test('begins with the epochs that were there before', () => {
    const { updatedAt, ...rest } = read('run');
    expect(Math.abs(Date.parse(updatedAt) - Date.now())).toBeLessThan(10_000);
    expect(rest).toEqual({
      schemaVersion: 1,
      name: 'run',
      preset: 'quick',
      startedAt: '2026-05-01T10:00:00.000Z',
      state: 'running',
      phase: 'train',
      models: [
        { ...models[0], plannedEpochs: 4, epochs: [record(1)] },
        { ...models[1], plannedEpochs: 0, epochs: [] },
      ],
    });
  });

  test('follows a training step by step, every second, and epoch by epoch at once', async () => {
    live.start('basic-2', { totalEpochs: 4, imagesPerEpoch: 100, imagesDone: 100 });
    live.update({ epoch: 2, imagesDone: 60, loss: 0.4 });
    await sleep(1200);
    const half = read('run');
    expect(half.models[0].current).toEqual({ epoch: 2, imagesDone: 60, imagesPerEpoch: 100, loss: 0.4 });
    expect(half.task).toEqual({ label: 'basic-2', fraction: 0.4 });
    // 60 images took the second that has passed, and 240 are left.
    expect(half.etaSeconds).toBeGreaterThan(3);
    live.update({ epoch: 2, imagesDone: 100, loss: 0.3 });
    live.epochEnd(record(2));
    const whole = read('run');
    expect(whole.models[0].epochs).toEqual([record(1), record(2)]);
    expect(whole.models[0]).not.toHaveProperty('current');
    expect(whole.task).toEqual({ label: 'basic-2', fraction: 0.5 });
    live.finish('done');
    live.enter('export');
    expect(read('run')).not.toHaveProperty('task');
    expect(read('run')).not.toHaveProperty('etaSeconds');
  });

  test('says what else is at work and how far it is', () => {
    const task = live.task('evaluation');
    task.update(0.25);
    live.enter('evaluate');
    expect(read('run')).toMatchObject({ phase: 'evaluate', task: { label: 'evaluation', fraction: 0.25 } });
    task.finish('done');
    live.enter('maps');
    expect(read('run')).not.toHaveProperty('task');
  });

  test('shows that it lives while nothing is heard of the work, and no longer once it ended', async () => {
    const first = read('run').updatedAt;
    await sleep(1200);
    const second = read('run').updatedAt;
    expect(Date.parse(second)).toBeGreaterThan(Date.parse(first));
    live.end();
    await sleep(1200);
    expect(read('run')).toMatchObject({ updatedAt: second, state: 'running' });
  });

  test('says that it was stopped', () => {
    live.task('evaluation');
    live.stop();
    expect(read('run')).toMatchObject({ state: 'stopped', phase: 'train' });
    expect(read('run')).not.toHaveProperty('task');
  });

  test('bears with a file that can not be replaced for a moment, and no longer', async () => {
    putInTheWay();
    await sleep(3000);
    live.enter('export');
    rmSync(pathOf('run'), { recursive: true });
    live.enter('evaluate');
    expect(read('run').phase).toBe('evaluate');
    putInTheWay();
    await sleep(3000);
    // Six seconds after the first failure, but not in a row.
    live.enter('maps');
    await sleep(3500);
    expect(() => {
      live.enter('report');
    }).toThrow(ExpectedError);
    expect(() => live.task('evaluation')).toThrow(/^Cannot write ".*progress\.json": it must be a file/);
  }, 30_000);
});

/** Two models of an hour, so that a test ends first. */
const options = [
  'train',
  '--models=basic-4-h16,pca-3,cnn',
  '--train-limit=3200',
  '--epochs=100000',
  '--maps=none',
  '--threads=1',
  '--device=cpu',
  '--out=run',
];

/** Waits until the file says so; every text that is found meanwhile must be one that can be read. */
async function until(child: RunningMain, holds: (progress: RunProgress) => boolean): Promise<RunProgress> {
  const over = child.ended.then((ending) => {
    throw new Error(`It ended before: ${JSON.stringify(ending)}`);
  });
  for (;;) {
    const progress = existsSync(pathOf('run')) ? read('run') : undefined;
    if (progress !== undefined && holds(progress)) {
      over.catch(() => undefined);
      return progress;
    }
    await Promise.race([sleep(10), over]);
  }
}

describe('a training', () => {
  test('tells how far it is, that it was stopped, and goes on with the epochs that it kept', async () => {
    const first = startMain(options, parent);
    const begun = await until(first, ({ models }) => models[0].epochs.length >= 3);
    expect(begun).toMatchObject({ name: 'run', preset: 'study', state: 'running', phase: 'train' });
    expect(begun.models.map(({ id, kind, plannedEpochs }) => [id, kind, plannedEpochs])).toEqual([
      ['basic-4-h16', 'autoencoder', 100_000],
      ['pca-3', 'pca', 0],
      ['cnn', 'classifier', 100_000],
    ]);
    expect(begun.models[0].epochs.map(({ epoch }) => epoch).slice(0, 3)).toEqual([1, 2, 3]);
    first.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130, stderr: '' });
    const stopped = read('run');
    expect(stopped.state).toBe('stopped');
    const kept = stopped.models[0].epochs.length;
    expect(kept).toBeGreaterThanOrEqual(3);

    const second = startMain([...options, '--resume'], parent);
    const resumed = await until(second, ({ startedAt }) => startedAt !== stopped.startedAt);
    expect(resumed.state).toBe('running');
    expect(resumed.models[0].epochs.slice(0, kept)).toEqual(stopped.models[0].epochs);
    second.kill('SIGKILL');
    await second.ended;
    const left = read('run');
    expect(left.state).toBe('running');
    await sleep(1500);
    expect(read('run')).toEqual(left);
  }, 120_000);

  test('that can not write it ends with one line, and its checkpoints stay', async () => {
    const child = startMain(options, parent);
    await until(child, ({ models }) => models[0].epochs.length >= 1);
    putInTheWay();
    const ending = await child.ended;
    expect(ending).toMatchObject({ code: 1 });
    expect(ending.stderr).toMatch(/^Cannot write ".*progress\.json": it must be a file, .*\n$/);
    rmSync(pathOf('run'), { recursive: true });
    const again = startMain([...options, '--resume'], parent);
    const resumed = await until(again, () => true);
    expect(resumed.models[0].epochs.length).toBeGreaterThan(1);
    again.kill('SIGKILL');
    await again.ended;
  }, 120_000);

  test('goes through every long phase, and leaves no such file behind', async () => {
    const short = options.filter((option) => !/models|epochs|maps/.test(option));
    const args = [...short, '--models=pca-3', '--maps=umap', '--map-points=1500'];
    const child = startMain(args, parent);
    const seen = new Set<string>();
    await until(child, ({ phase, task }) => {
      seen.add(`${phase} ${task?.label ?? ''}`);
      return phase === 'maps' && task?.label === 'UMAP of pca-3';
    });
    expect([...seen]).toEqual(
      expect.arrayContaining(['train PCA', 'evaluate evaluation', 'maps UMAP of pca-3']),
    );
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(parent, 'run/run.json'))).toBe(true);
    expect(existsSync(pathOf('run'))).toBe(false);
    expect(existsSync(join(parent, 'run/progress.json'))).toBe(false);
  }, 120_000);
});
