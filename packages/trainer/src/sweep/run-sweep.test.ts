import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSweepResult, type SweepResult } from '@narrows/shared';
import { allGone, startSweep } from './testing/run-sweep-main.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-sweep-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const small = ['--classifier-epochs=1', '--train-limit=640', '--test-limit=200'];
const tiny = [...small, '--seeds=1,2'];

function readResult(out: string): SweepResult {
  return parseSweepResult(readFileSync(join(out, 'sweep.json'), 'utf8'), out);
}

/** Everything about a sweep that its configuration decides. */
function figuresOf({ trials, summaries, thresholds, fronts, classifier, failures }: SweepResult) {
  return {
    trials: trials.map((trial) => ({ ...trial, trainMs: 0 })),
    summaries,
    thresholds,
    fronts,
    classifier: { ...classifier, trainMs: 0 },
    failures,
  };
}

// What a process works at is read off its title, which Windows keeps to itself.
const onPosix = test.skipIf(process.platform === 'win32');

onPosix(
  'a sweep whose worker and then whose own process is killed goes on to the same figures as one left alone, with another number of workers',
  async () => {
    const [alone, killed] = [join(folder, 'alone'), join(folder, 'killed')];
    const grid = ['--families=pca,basic-L-linear', '--latents=2', '--epochs=15', ...tiny];
    const undisturbed = await startSweep([...grid, '--workers=1', `--out=${alone}`]).ended;
    expect(undisturbed).toMatchObject({ code: 0, stderr: '' });

    const first = startSweep([...grid, '--workers=2', `--out=${killed}`]);
    await first.wrote('classifier:');
    const worker = await first.workerAt('basic-');
    process.kill(worker, 'SIGKILL');
    await first.wrote('begun again: its process ended with SIGKILL');
    await first.wrote(': MSE');
    const orphans = first.workers();
    first.kill('SIGKILL');
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
    await allGone(orphans);
    expect(existsSync(killed)).toBe(false);

    const ledger = join(`${killed}.partial`, 'run', 'ledger.jsonl');
    const kept = readFileSync(ledger, 'utf8');
    expect(kept.endsWith('}\n') && kept.split('\n').length > 2).toBe(true);
    appendFileSync(ledger, '{"kind":"trial","trial":{"id":"basic-2-lin');
    const second = await startSweep([...grid, '--workers=2', `--out=${killed}`, '--resume']).ended;
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('of 3 trials were finished before');
    expect(second.stdout).not.toContain('classifier:');

    expect(figuresOf(readResult(killed))).toStrictEqual(figuresOf(readResult(alone)));
    expect(readFileSync(join(killed, 'ledger.jsonl'), 'utf8').startsWith(kept)).toBe(true);
    expect(existsSync(`${killed}.partial`)).toBe(false);
    const ids = readResult(alone).trials.map(({ id }) => id);
    expect(ids).toStrictEqual(['pca-2', 'basic-2-linear-s1', 'basic-2-linear-s2']);
  },
  120_000,
);

onPosix(
  'a trial whose worker dies twice keeps the sweep unfinished, and --resume tries it again',
  async () => {
    const out = join(folder, 'failed');
    const grid = [
      '--families=pca,basic',
      '--latents=2',
      '--epochs=120',
      ...small,
      '--seeds=1',
      '--workers=1',
    ];
    const sweep = startSweep([...grid, `--out=${out}`]);
    const worker = await sweep.workerAt('basic-2-s1');
    process.kill(worker, 'SIGKILL');
    process.kill(await sweep.workerAt('basic-2-s1', [worker]), 'SIGKILL');
    const { code, stdout, stderr } = await sweep.ended;
    expect([code, stderr]).toStrictEqual([1, '']);
    expect(stdout).toContain('Failed: basic-2-s1: its process ended with SIGKILL, at the second attempt');
    expect(stdout).toContain('1 trial failed; the same options and --resume try it again.');
    expect(existsSync(out)).toBe(false);

    const again = await startSweep([...grid, `--out=${out}`, '--resume']).ended;
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('1 of 2 trials were finished before');
    const { trials, failures } = readResult(out);
    expect(failures).toStrictEqual([]);
    expect(trials.map(({ id }) => id)).toStrictEqual(['pca-2', 'basic-2-s1']);
  },
  120_000,
);

onPosix(
  'workers that die before they are ready end a sweep only when none was ready in between',
  async () => {
    const out = join(folder, 'stillborn');
    const grid = ['--families=basic', '--latents=2', '--epochs=1', ...small, '--seeds=1', '--workers=1'];
    const sweep = startSweep([...grid, `--out=${out}`]);
    const first = await sweep.newWorker([]);
    process.kill(first, 'SIGKILL');
    const second = await sweep.workerAt('classifier', [first]);
    process.kill(second, 'SIGKILL');
    process.kill(await sweep.newWorker([first, second]), 'SIGKILL');
    expect(await sweep.ended).toMatchObject({ code: 0, stderr: '' });
    expect(readResult(out).trials).toHaveLength(1);
  },
  120_000,
);

onPosix(
  'SIGTERM to the whole group of processes is a stop, and no job of it has failed',
  async () => {
    const out = join(folder, 'terminated');
    const grid = ['--families=deeper', '--latents=2', '--epochs=1000', ...tiny, '--workers=2'];
    const sweep = startSweep([...grid, `--out=${out}`]);
    await sweep.wrote('classifier:');
    await sweep.workerAt('deeper-2-s1');
    await sweep.workerAt('deeper-2-s2');
    const workers = sweep.workers();
    for (const pid of workers) process.kill(pid, 'SIGTERM');
    // They ignore it; what ends them all the same, before the sweep has looked whether to stop, is no failure either.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sweep.workers()).toStrictEqual(workers);
    sweep.kill('SIGTERM');
    for (const pid of workers) process.kill(pid, 'SIGKILL');
    const { code, stdout, stderr } = await sweep.ended;
    expect([code, stderr]).toStrictEqual([143, '']);
    expect(stdout).not.toMatch(/begun again|failed/);
    expect(stdout).toContain('Stopped. Go on with the same options and --resume.');
    await allGone(workers);
  },
  120_000,
);

onPosix(
  'Ctrl-C ends the workers and keeps the classifier; another configuration is refused by name',
  async () => {
    const out = join(folder, 'stopped');
    const grid = [
      '--families=deeper',
      '--latents=2',
      '--epochs=1000',
      ...tiny,
      '--workers=2',
      `--out=${out}`,
    ];
    const sweep = startSweep(grid);
    await sweep.wrote('classifier:');
    const workers = sweep.workers();
    expect(workers).toHaveLength(2);
    // To every process, as the terminal does.
    for (const pid of workers) process.kill(pid, 'SIGINT');
    sweep.kill('SIGINT');
    const { code, stdout, stderr } = await sweep.ended;
    expect([code, stderr]).toStrictEqual([130, '']);
    expect(stdout).toContain('Stopped. Go on with the same options and --resume.');
    await allGone(workers);

    const other = await startSweep([...grid, '--epochs=999', '--resume']).ended;
    expect(other).toMatchObject({
      code: 1,
      stderr:
        `Cannot resume "${out}": the configuration must be that of the stopped run, and epochs was 1000 and is now ` +
        '999: give the same options, or start anew with --overwrite.\n',
    });
    const again = await startSweep(grid).ended;
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('a stopped run is there: add --resume to go on with it or --overwrite');
  },
  120_000,
);
