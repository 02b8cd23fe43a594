import { expect, test } from 'vitest';
import { tryEngine } from './try-engine.ts';

test('an engine that does not answer in time is given up', async () => {
  // No process of Node's can start in so little.
  expect(await tryEngine('onnx cpu', { threads: 1, patienceMs: 1 })).toEqual({
    kind: 'refused',
    reason: 'gave no answer in 0.001 s',
  });
});
