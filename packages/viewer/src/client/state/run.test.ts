import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Catalogue, RunListing } from '../../contract/api.ts';
import { demoFolder } from '../worker/testing/demo-run.ts';
import { openNodeLab } from '../worker/testing/node-lab.ts';
import { startLab } from './testing/start-lab.ts';

// The modules read the browser's address and hold what is at hand, so each test has its own.
beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('history', { replaceState: () => undefined });
});

/** The page's state at an address, with these runs, finished on Monday, in a folder of the test's own. */
async function setUp(search: string, ...ids: string[]) {
  vi.stubGlobal('location', { pathname: '/', search });
  const folder = await mkdtemp(join(tmpdir(), 'narrows-runs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lab = openNodeLab(folder);
  startLab(lab);
  const { catalogue } = await import('./catalogue.ts');
  const runs = await import('./run.ts');
  const models = await import('./models.ts');
  const makeRun = async (id: string, finishedAt: string) => {
    await mkdir(join(folder, id), { recursive: true });
    const manifest = JSON.parse(await readFile(`${demoFolder}/study/run.json`, 'utf8')) as object;
    await writeFile(join(folder, id, 'run.json'), JSON.stringify({ ...manifest, finishedAt }));
  };
  for (const id of ids) await makeRun(id, monday);
  const list = (...listings: RunListing[]) => {
    const next: Catalogue = { runs: listings, sweeps: [], problems: [], live: [] };
    catalogue.value = next;
  };
  const states: string[] = [];
  runs.runState.subscribe((state) => {
    states.push(state.kind);
  });
  runs.startRun();
  models.startModels();
  return { folder, lab, runs, models, makeRun, list, states };
}

function listing(id: string, finishedAt: string): RunListing {
  return {
    id,
    name: id,
    isDemo: false,
    preset: 'study',
    finishedAt,
    dataset: 'MNIST',
    models: ['cnn', 'basic-32'],
  };
}

const monday = '2026-11-23T08:00:00.000Z';
const tuesday = '2026-11-24T08:00:00.000Z';

test('a training that ends leaves the run at hand, and one that is no longer there does not', async () => {
  const { runs, list } = await setUp('', 'first', 'second');
  list(listing('first', monday));
  await vi.waitUntil(() => runs.openRun.value?.id === 'first');
  list(listing('second', monday), listing('first', monday));
  expect(runs.chosenRunId.value).toBe('first');
  list(listing('second', monday));
  await vi.waitUntil(() => runs.openRun.value?.id === 'second');
});

test('a run that is made anew is read again, and its models are asked for again', async () => {
  const { folder, lab, runs, models, makeRun, list } = await setUp('?run=mine', 'mine');
  await lab.start('wasm');
  await cp(`${demoFolder}/study/models`, join(folder, 'mine/models'), { recursive: true });
  list(listing('mine', monday));
  await vi.waitUntil(() => runs.openRun.value?.manifest.finishedAt === monday);
  await models.requestModels('mine', ['cnn']);
  expect(models.modelStates.value.get('mine/cnn')?.kind).toBe('ready');
  await makeRun('mine', tuesday);
  list(listing('mine', tuesday));
  await vi.waitUntil(() => runs.openRun.value?.manifest.finishedAt === tuesday);
  expect(models.modelStates.value.has('mine/cnn')).toBe(false);
});

test('another run keeps the image and the settings, and nothing that names a part of the run before', async () => {
  const { runs } = await setUp('?run=mine&test=5&width=8&codecs=basic-32&of=basic-32&code=1:2&point=7');
  runs.chooseRun('other');
  const { route } = await import('./route.ts');
  expect(Object.fromEntries(route.value.params)).toEqual({ run: 'other', test: '5', width: '8' });
});

test('a run is opened once, however often it is listed as it is', async () => {
  const { runs, list, states } = await setUp('?run=mine', 'mine');
  await vi.waitUntil(() => runs.openRun.value?.id === 'mine');
  list(listing('mine', monday));
  list(listing('other', tuesday), listing('mine', monday));
  list();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(states).toEqual(['loading', 'loading', 'ready']);
});

test('a run that failed is tried again when the catalogue comes anew, and fails once for one reason', async () => {
  const { runs, makeRun, list, states } = await setUp('?run=late');
  await vi.waitUntil(() => runs.runState.value.kind === 'failed');
  list();
  list();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(states).toEqual(['loading', 'loading', 'failed']);
  await makeRun('late', monday);
  list(listing('late', monday));
  await vi.waitUntil(() => runs.openRun.value?.id === 'late');
});

test('each model of the visitor’s own has a look that no codec of the run has', async () => {
  const { runs, list } = await setUp('', 'mine');
  list(listing('mine', monday));
  await vi.waitUntil(() => runs.openRun.value !== undefined);
  const run = runs.openRun.value!;
  const ids = [...run.codecs.map(({ id }) => id), 'mine/1', 'mine/2'];
  expect(new Set(ids.map((id) => JSON.stringify(runs.codecStyle(run, id)))).size).toBe(ids.length);
});
