import { readFile } from 'node:fs/promises';
import type { RunManifest } from '@narrows/shared';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLab } from '../../state/testing/start-lab.ts';
import type { LabModel } from '../../worker/lab-api.ts';
import { demoFolder } from '../../worker/testing/demo-run.ts';

// The module reads the browser's address when it is loaded.
vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('addEventListener', () => undefined);
const blank = new Float32Array(28 * 28);
const inked = new Float32Array(28 * 28).fill(1);
startLab({
  compare: (image) =>
    image[0] === 1
      ? Promise.reject(new Error('out of memory'))
      : Promise.resolve({ original: [new Float32Array(10)], codecs: [], durationMs: 1 }),
});
const { describeRun, runState } = await import('../../state/run.ts');
const { modelStates } = await import('../../state/models.ts');
const { specimen } = await import('../../state/specimen.ts');
const { comparisonError, followImage, liveResult } = await import('./live-comparison.ts');

test('answers about the image before do not stay beside one whose comparison failed', async () => {
  const manifest = JSON.parse(await readFile(`${demoFolder}/study/run.json`, 'utf8')) as RunManifest;
  runState.value = { kind: 'ready', run: describeRun('study', manifest) };
  const judge = { key: 'study/cnn' } as LabModel;
  modelStates.value = new Map([[judge.key, { kind: 'ready', model: judge }]]);
  specimen.value = { kind: 'drawn', image: blank };
  onTestFinished(followImage());
  await vi.waitUntil(() => liveResult.value !== undefined);

  specimen.value = { kind: 'drawn', image: inked };
  await vi.waitUntil(() => comparisonError.value === 'out of memory');
  expect(liveResult.value).toBeUndefined();

  specimen.value = { kind: 'drawn', image: blank };
  await vi.waitUntil(() => liveResult.value !== undefined);
  expect(comparisonError.value).toBeUndefined();
});
