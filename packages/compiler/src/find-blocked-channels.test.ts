import { expect, it } from 'vitest';
import { findBlockedChannels, type RunOnce } from './find-blocked-channels.ts';
import { runModel } from './testing/run-onnx.ts';

/** Whether a model uses the blocked operators: their domain stands in its bytes. */
const isBlocked = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('com.microsoft.nchwc');

it('finds the size that gives the same results here, or none', async () => {
  const tried: number[] = [];
  const size = await findBlockedChannels(async (bytes, inputs) => {
    if (isBlocked(bytes)) tried.push(bytes.length);
    return runModel(bytes, inputs);
  });
  expect([8, 16, undefined]).toContain(size);
  expect(tried).toHaveLength(size === 16 ? 1 : 2);
});

it('finds none where the runtime refuses the operators', async () => {
  const refuse: RunOnce = (bytes, inputs) =>
    isBlocked(bytes) ? Promise.reject(new Error('not implemented')) : runModel(bytes, inputs);
  expect(await findBlockedChannels(refuse)).toBeUndefined();
});

it('finds none where results come out wrong', async () => {
  const disturb: RunOnce = async (bytes, inputs) => {
    const results = await runModel(bytes, inputs);
    if (isBlocked(bytes)) (results['bySecond'].data as Float32Array).reverse();
    return results;
  };
  expect(await findBlockedChannels(disturb)).toBeUndefined();
});
