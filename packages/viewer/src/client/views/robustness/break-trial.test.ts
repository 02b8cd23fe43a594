import { readFile } from 'node:fs/promises';
import type { RunManifest } from '@narrows/shared';
import { expect, test, vi } from 'vitest';
import { demoFolder } from '../../worker/testing/demo-run.ts';

// The module reads the browser's address when it is loaded.
vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('addEventListener', () => undefined);
const { describeRun } = await import('../../state/run.ts');
const { trialKey } = await import('./break-trial.ts');

test('a run that is made anew under its id has no trials yet', async () => {
  const manifest = JSON.parse(await readFile(`${demoFolder}/study/run.json`, 'utf8')) as RunManifest;
  const keyOf = (finishedAt: string): string =>
    trialKey({
      run: describeRun('study', { ...manifest, finishedAt }),
      classifierKey: 'study/cnn',
      kind: 'noise',
      codecKey: undefined,
    });
  expect(keyOf('2030-01-01T00:00:00.000Z')).not.toBe(keyOf(manifest.finishedAt));
});
