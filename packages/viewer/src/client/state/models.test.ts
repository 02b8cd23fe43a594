import { readFile } from 'node:fs/promises';
import type { RunManifest } from '@narrows/shared';
import { expect, test, vi } from 'vitest';
import { demoFolder } from '../worker/testing/demo-run.ts';
import { openNodeLab } from '../worker/testing/node-lab.ts';
import { startLab } from './testing/start-lab.ts';

// The module reads the browser's address when it is loaded.
vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('addEventListener', () => undefined);
const lab = openNodeLab(demoFolder);
startLab(lab);
const { describeRun, runState } = await import('./run.ts');
const models = await import('./models.ts');
models.startModels();

const manifest = JSON.parse(await readFile(`${demoFolder}/study/run.json`, 'utf8')) as RunManifest;
const run = describeRun('study', manifest);

test('a file that is too large is refused before it is read', async () => {
  let isRead = false;
  const file = {
    name: 'huge.onnx',
    size: 3e9,
    arrayBuffer: () => {
      isRead = true;
      return Promise.reject(new Error('out of memory'));
    },
  };
  await expect(models.addOwnModel(file as unknown as File, run)).rejects.toThrow(
    'Cannot use "huge.onnx": a model may have 200 MB, and this has 3000: export a smaller one.',
  );
  expect(isRead).toBe(false);
});

test('models that arrive when their run is being read anew are not taken for its models', async () => {
  await lab.start('wasm');
  const old = models.requestModels('study', ['cnn']);
  runState.value = { kind: 'loading', id: 'study' };
  await old;
  expect(models.modelStates.value.has('study/cnn')).toBe(false);
  await models.requestModels('study', ['cnn']);
  expect(models.modelStates.value.get('study/cnn')?.kind).toBe('ready');
});
