import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseRunManifest, randomStream } from '@narrows/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from './run-platform.ts';
import { runMain, startMain, type Ending } from './testing/run-main.ts';

const models = ['basic-4-h16', 'pca-3', 'vae-2'];
const epochs = 12;
/**
 * Two autoencoders of twelve epochs of fifty steps and PCA between them: a few seconds of work, with all that a training
 * carries from step to step or draws at random.
 */
const options = (out: string, order = models): string[] => [
  'train',
  `--models=${order.join()}`,
  '--train-limit=3390',
  '--validation=200',
  '--schedule=cosine',
  '--warmup=0.5',
  '--weight-decay=0.01',
  '--gradient-clip=0.5',
  '--average-decay=0.99',
  '--augment',
  '--keep=best',
  '--maps=tsne,umap',
  '--map-points=100',
  '--perplexity=10',
  '--tsne-iterations=250',
  `--epochs=${epochs}`,
  '--seed=3',
  '--threads=1',
  '--device=cpu',
  `--out=${out}`,
];

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-stopped-'));
  expect(await runMain(options('whole'), folder)).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Everything about a run that may not depend on how often it was stopped. */
function substance(out: string): unknown {
  const read = (path: string): string => readFileSync(join(folder, out, path), 'utf8');
  const run = parseRunManifest(read('run.json'), out);
  const metrics = read('metrics.jsonl').trimEnd().split('\n');
  return {
    files: run.files.filter(({ path }) => /\.(onnx|safetensors)(\.gz)?$/.test(path)),
    kept: run.models.map((model) => 'keptEpoch' in model && [model.keptEpoch, model.keptValidationLoss]),
    maps: run.latentMaps.map(({ maps, ...rest }) => ({
      ...rest,
      maps: maps.map((map) => ({ ...map, durationMs: undefined })),
    })),
    evaluation: run.evaluation,
    configuration: run.configuration,
    losses: run.models.map(({ id, epochs: records }) => [
      id,
      records.map((record) => ({ ...record, durationMs: undefined })),
    ]),
    metrics: metrics.map((line) => ({
      ...(JSON.parse(line) as Record<string, unknown>),
      durationMs: undefined,
      imagesPerSecond: undefined,
      wallTimeMs: undefined,
    })),
  };
}

function expectSameAsWhole(out: string): void {
  expect(substance(out)).toEqual(substance('whole'));
  expect(existsSync(join(folder, `${out}.partial`))).toBe(false);
}

test('the run that was not stopped is a run of all models and epochs', () => {
  const { files, metrics, maps } = substance('whole') as Record<string, unknown[]>;
  // Three ONNX files of each model, PCA's components, four maps, and three of the evaluation.
  expect(files).toHaveLength(3 * 3 + 1 + 4 + 3);
  expect(maps).toHaveLength(4);
  expect(metrics).toHaveLength(2 * epochs);
});

test('killed again and again and resumed, it ends in the same bytes', async () => {
  /** What is waited for on stdout, and up to how many milliseconds longer. */
  const moments: readonly (readonly [string, number])[] = [
    ['Training:', 150],
    ['basic-4-h16: epoch ', 150],
    ['PCA: begins', 300],
    ['vae-2: epoch ', 100],
    ['evaluation: begins', 200],
    ['UMAP of basic-4-h16: begins', 200],
  ];
  // To see a failure again, put the seed that it names here.
  const seed = Date.now();
  const moment = randomStream(seed, 'moments of killing');
  const killed = [`seed ${seed}`];
  for (const [text, most] of moments) {
    const resume = existsSync(join(folder, 'killed.partial/run')) ? ['--resume'] : [];
    const child = startMain([...options('killed'), ...resume], folder);
    await child.wrote(text);
    const wait = moment.nextUniform() * most;
    await sleep(wait);
    child.kill('SIGKILL');
    const { signal, stdout, stderr } = await child.ended;
    killed.push(`${text} and ${wait.toFixed(0)} ms, ${signal ?? 'not killed'}`);
    expect(stderr, killed.join('; ')).toBe('');
    if (signal === null) break;
    expect(stdout, killed.join('; ')).not.toContain('Done in');
    expect(existsSync(join(folder, 'killed')), killed.join('; ')).toBe(false);
  }
  if (!existsSync(join(folder, 'killed'))) {
    expect(existsSync(join(folder, 'killed.partial')), killed.join('; ')).toBe(true);
    const last = await runMain([...options('killed'), '--resume'], folder);
    expect(last, killed.join('; ')).toMatchObject({ code: 0, stderr: '' });
  }
  expectSameAsWhole('killed');
}, 240_000);

const goOn = 'Stopping after this step; press Ctrl-C again to stop at once.\n';
const kept = 'Stopped. Go on with the same options and --resume.\n';

test('Ctrl-C in training exits with 130, keeps the run for --resume, and that ends in the same bytes', async () => {
  const child = startMain(options('interrupted'), folder);
  await child.wrote('basic-4-h16: epoch 2/');
  child.kill('SIGINT');
  const stopped = await child.ended;
  expect(stopped).toMatchObject({ code: 130, stderr: '' });
  expect(stopped.stdout).toContain(goOn);
  expect(stopped.stdout).toMatch(/\nbasic-4-h16: stopped in epoch \d+ of 12\n/);
  expect(stopped.stdout.endsWith(kept)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith('interrupted'))).toEqual([
    'interrupted.partial',
  ]);

  const refused = async (args: readonly string[], complaint: RegExp): Promise<void> => {
    const { code, stderr } = await runMain([...options('interrupted'), ...args], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(complaint);
  };
  await refused([], /^Cannot begin "interrupted": a stopped run is there: add --resume .*\n$/);
  await refused(['--resume', '--seed=4'], /^Cannot resume "interrupted": .* seed was 3 and is now 4: .*\n$/);

  // Other bytes would come of the rest of the training.
  const configuration = join(folder, 'interrupted.partial/configuration.json');
  const begun = readFileSync(configuration, 'utf8');
  for (const [key, now, before] of [
    ['chosenDevice', 'cpu', 'cuda'],
    ['chosenEngine', 'onnx', 'tfjs'],
    ['narrowsVersion', version, '0.0.0'],
  ]) {
    const other = begun.replace(new RegExp(`("${key}": ?)"${now}"`), `$1"${before}"`);
    expect(other).not.toBe(begun);
    writeFileSync(configuration, other);
    await refused(
      ['--resume'],
      new RegExp(`, and ${key} was "${before}" and is now "${now}": give the same options`),
    );
  }
  writeFileSync(configuration, begun);

  // What a process leaves that is killed between the line of an epoch and its checkpoint, or within the next line.
  const metrics = join(folder, 'interrupted.partial/run/metrics.jsonl');
  appendFileSync(metrics, '{"model":"basic-4-h16","epoch":9,"trainLoss":1}\n{"mod');

  const resumed = await runMain([...options('interrupted'), '--resume'], folder);
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(resumed.stdout).toMatch(/\nbasic-4-h16: 12 epochs of 3,190 images, [\d,]+ images done before\n/);
  expectSameAsWhole('interrupted');
}, 120_000);

test('SIGTERM exits with 143, and a second process keeps away from a run that is made', async () => {
  const child = startMain([...options('terminated'), '--epochs=100000'], folder);
  await child.wrote('basic-4-h16: epoch 1/');
  const second = await runMain([...options('terminated'), '--epochs=100000', '--overwrite'], folder);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^Cannot lock ".*lock": one process at a time may work on a run, .*\n$/);
  child.kill('SIGTERM');
  const stopped: Ending = await child.ended;
  expect(stopped).toMatchObject({ code: 143, stderr: '' });
  expect(stopped.stdout.endsWith(kept)).toBe(true);
  expect(existsSync(join(folder, 'terminated'))).toBe(false);
}, 120_000);

test('Ctrl-C before the first step of training leaves nothing behind', async () => {
  const child = startMain(options('unbegun', ['pca-3', 'basic-4-h16']), folder);
  await child.wrote('PCA: begins');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await child.ended;
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(stdout.endsWith('Stopped before the first step of training; nothing was kept.\n')).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith('unbegun'))).toEqual([]);
}, 120_000);

test('Ctrl-C between training and export keeps what was trained', async () => {
  const child = startMain(options('trained', ['basic-4-h16', 'pca-3']), folder);
  await child.wrote('PCA: begins');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await child.ended;
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(stdout.endsWith(kept)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith('trained'))).toEqual(['trained.partial']);
}, 120_000);

test('Ctrl-C in the evaluation, when all the work is done, lets the run be finished', async () => {
  const child = startMain(
    [...options('evaluated', ['pca-3']).filter((word) => !word.startsWith('--maps')), '--maps=none'],
    folder,
  );
  await child.wrote('evaluation: begins');
  child.kill('SIGINT');
  const { code, stdout } = await child.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(goOn);
  expect(existsSync(join(folder, 'evaluated/run.json'))).toBe(true);
}, 120_000);

test('Ctrl-C while maps are made keeps those that are done', async () => {
  const child = startMain(options('mapped', ['pca-3']), folder);
  await child.wrote('t-SNE of pca-3: begins');
  child.kill('SIGINT');
  const stopped = await child.ended;
  expect(stopped).toMatchObject({ code: 130, stderr: '' });
  expect(stopped.stdout.endsWith(kept)).toBe(true);
  const resumed = await runMain([...options('mapped', ['pca-3']), '--resume'], folder);
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(resumed.stdout).not.toContain('t-SNE of pixels');
  expect(resumed.stdout).toContain('t-SNE of pca-3');
}, 120_000);
