import { beforeAll, expect, it } from 'vitest';
import type { Devices } from './choose-device.ts';
import type { Runtime } from './lab-api.ts';
import { createModelShelf } from './model-shelf.ts';
import type { OrtRuntime } from './ort-session.ts';
import { readRun } from './run-files.ts';
import { demoFolder, demoRun } from './testing/demo-run.ts';
import { folderSource, openNodeRuntime } from './testing/node-lab.ts';
import { createTurns } from './turns.ts';

let wasm: OrtRuntime;
beforeAll(async () => {
  wasm = await openNodeRuntime();
});

const image = Float32Array.from({ length: 784 }, (_, i) => (i % 28) / 27);

/** WebAssembly under the name of WebGPU in place of a GPU, which counts the models that are opened there. */
function countingDevices(change: Partial<Devices> = {}): { devices: Devices; opened: () => number } {
  let count = 0;
  const gpu: OrtRuntime = {
    ...wasm,
    device: 'webgpu',
    open: (bytes) => {
      count++;
      return wasm.open(bytes);
    },
  };
  const devices: Devices = {
    isIsolated: true,
    cores: 1,
    openWasm: () => Promise.resolve(wasm),
    openWebGpu: () => Promise.resolve(gpu),
    gpu: () => Promise.resolve('hardware'),
    ...change,
  };
  return { devices, opened: () => count };
}

async function loadedShelf(devices: Devices) {
  const shelf = createModelShelf(devices, createTurns());
  const told: Runtime[] = [];
  shelf.onRuntimeChange((runtime) => told.push(runtime));
  await shelf.start('auto');
  const { key } = await shelf.load(await readRun(folderSource(demoFolder), demoRun), 'pca-64');
  return { shelf, key, told };
}

it('goes with its models to the device that is asked for and back, and opens each once', async () => {
  const { devices, opened } = countingDevices();
  const { shelf, key, told } = await loadedShelf(devices);
  const before = shelf.codec(key);
  expect(await shelf.start('webgpu')).toMatchObject({ device: 'webgpu', reason: 'asked' });
  const there = shelf.codec(key);
  expect(there).not.toBe(before);
  expect((await there.reconstruct(image)).length).toBe(image.length);
  expect(await shelf.start('wasm')).toMatchObject({ device: 'wasm', reason: 'asked' });
  expect(shelf.codec(key)).toBe(before);
  await shelf.start('webgpu');
  expect(shelf.codec(key)).toBe(there);
  // An encoder and a decoder.
  expect(opened()).toBe(2);
  expect(told.map(({ device }) => device)).toEqual(['webgpu', 'wasm', 'webgpu']);
});

it('stays where it is, and says why, without a GPU or with one that fails', async () => {
  const broken = () => Promise.reject(new Error('driver'));
  const cases = [
    ['no-adapter', countingDevices({ gpu: () => Promise.resolve('none') })],
    ['failed', countingDevices({ openWebGpu: broken })],
    [
      'failed',
      countingDevices({ openWebGpu: () => Promise.resolve({ ...wasm, device: 'webgpu', open: broken }) }),
    ],
  ] as const;
  for (const [reason, { devices }] of cases) {
    const { shelf, key } = await loadedShelf(devices);
    const before = shelf.codec(key);
    expect(await shelf.start('webgpu')).toMatchObject({ device: 'wasm', reason });
    expect(shelf.codec(key)).toBe(before);
  }
});

it('keeps its device when auto is asked for again', async () => {
  const { shelf } = await loadedShelf(countingDevices().devices);
  await shelf.start('webgpu');
  expect(await shelf.start('auto')).toMatchObject({ device: 'webgpu' });
});
