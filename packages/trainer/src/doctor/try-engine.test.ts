import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { engineFinding } from './examine-engines.ts';
import { tryEngine } from './try-engine.ts';

const { execArgv, execPath } = process;
afterEach(() => {
  Object.assign(process, { execArgv, execPath });
});

test('an engine that does not answer in time is given up', async () => {
  // No process of Node's can start in so little.
  expect(await tryEngine('onnx cpu', { threads: 1, patienceMs: 1 })).toEqual({
    kind: 'refused',
    reason: 'gave no answer in 0.001 s',
  });
});

test('losses that are no numbers are told as they are', async () => {
  const worker = fileURLToPath(new URL('testing/wrong-engine-worker.ts', import.meta.url));
  // As the command line starts it.
  process.execArgv = ['--import', 'tsx'];
  const answer = await tryEngine('onnx cuda', { threads: 1, worker });
  expect(engineFinding('onnx cuda', answer, { expected: [2.3, 2.2], onnxWorks: true }).text).toBe(
    'computes wrongly: losses of train steps come to NaN, Infinity in place of 2.3, 2.2',
  );
});

test('a process that cannot be started is a reason', async () => {
  process.execPath = '/no/such/node';
  expect(await tryEngine('onnx cpu', { threads: 1 })).toEqual({
    kind: 'refused',
    reason: 'its process failed (spawn /no/such/node ENOENT)',
  });
});
