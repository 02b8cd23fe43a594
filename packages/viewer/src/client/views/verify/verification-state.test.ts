import { readFile } from 'node:fs/promises';
import type { RunManifest } from '@narrows/shared';
import { expect, test, vi } from 'vitest';
import { startLab } from '../../state/testing/start-lab.ts';
import type { Verification } from '../../worker/lab-api.ts';
import { demoFolder } from '../../worker/testing/demo-run.ts';

// The module reads the browser's address when it is loaded.
vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('addEventListener', () => undefined);
startLab({ verify: (runId) => Promise.resolve({ runId } as Verification) });
const { describeRun, runState } = await import('../../state/run.ts');
const { startVerification, verificationState } = await import('./verification-state.ts');

test('what was found of a run does not stand for one that is made anew under its id', async () => {
  const manifest = JSON.parse(await readFile(`${demoFolder}/study/run.json`, 'utf8')) as RunManifest;
  runState.value = { kind: 'ready', run: describeRun('study', manifest) };
  startVerification('study');
  await vi.waitUntil(() => verificationState.value.kind === 'done');
  const later = { ...manifest, finishedAt: '2030-01-01T00:00:00.000Z' };
  runState.value = { kind: 'ready', run: describeRun('study', later) };
  expect(verificationState.value).toEqual({ kind: 'none' });
});
