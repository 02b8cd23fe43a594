import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
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

/** WebAssembly that counts its sessions. */
function counting(device: OrtRuntime['device'], open: OrtRuntime['open'] = (bytes) => wasm.open(bytes)) {
  let [opened, closed] = [0, 0];
  const runtime: OrtRuntime = {
    ...wasm,
    device,
    async open(bytes) {
      const session = await open(bytes);
      opened++;
      return {
        ...session,
        close() {
          closed++;
          return session.close();
        },
      };
    },
  };
  return { runtime, opened: () => opened, left: () => opened - closed };
}

/** WebAssembly under the name of WebGPU in place of a GPU. */
function countingDevices(change: Partial<Devices> & { openOnGpu?: OrtRuntime['open'] } = {}) {
  const gpu = counting('webgpu', change.openOnGpu);
  const devices: Devices = {
    isIsolated: true,
    cores: 1,
    openWasm: () => Promise.resolve(wasm),
    openWebGpu: () => Promise.resolve(gpu.runtime),
    gpu: () => Promise.resolve('hardware'),
    ...change,
  };
  return { devices, gpu };
}

/** A point that work waits at until it is let through. */
function gate() {
  let isReached = false;
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    isReached: () => isReached,
    open: () => {
      open();
    },
    wait: () => {
      isReached = true;
      return passed;
    },
  };
}

const demo = readRun(folderSource(demoFolder), demoRun);

async function loadedShelf(devices: Devices, turns = createTurns()) {
  const shelf = createModelShelf(devices, turns);
  const told: Runtime[] = [];
  shelf.onRuntimeChange((runtime) => told.push(runtime));
  await shelf.start('auto');
  const { key } = await shelf.load(await demo, 'pca-64');
  return { shelf, key, told };
}

it('goes with its models to the device that is asked for and back, and opens each once', async () => {
  const { devices, gpu } = countingDevices();
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
  expect(gpu.opened()).toBe(2);
  expect(told.map(({ device }) => device)).toEqual(['webgpu', 'wasm', 'webgpu']);
});

it('stays where it is, and says why, without a GPU or with one that fails', async () => {
  const broken = () => Promise.reject(new Error('driver'));
  const cases = [
    ['no-adapter', countingDevices({ gpu: () => Promise.resolve('none') })],
    ['failed', countingDevices({ openWebGpu: broken })],
    ['failed', countingDevices({ openOnGpu: broken })],
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

it('takes a model along that was being opened as the device changed', async () => {
  const opening = gate();
  const slow = counting('wasm', async (bytes) => {
    await opening.wait();
    return wasm.open(bytes);
  });
  const { devices, gpu } = countingDevices({ openWasm: () => Promise.resolve(slow.runtime) });
  const shelf = createModelShelf(devices, createTurns());
  await shelf.start('auto');
  const loading = shelf.load(await demo, 'pca-64');
  await expect.poll(opening.isReached).toBe(true);
  await shelf.start('webgpu');
  opening.open();
  const { key } = await loading;
  expect((await shelf.codec(key).reconstruct(image)).length).toBe(image.length);
  expect(gpu.left()).toBe(2);
  expect(slow.left()).toBe(0);
});

it('leaves nothing open on a device that fails', async () => {
  let count = 0;
  const { devices, gpu } = countingDevices({
    // An encoder and a decoder, and the other model's encoder.
    openOnGpu: (bytes) => (++count > 3 ? Promise.reject(new Error('driver')) : wasm.open(bytes)),
  });
  const { shelf } = await loadedShelf(devices);
  await shelf.load(await demo, 'basic-32');
  expect(await shelf.start('webgpu')).toMatchObject({ device: 'wasm', reason: 'failed' });
  expect([gpu.opened(), gpu.left()]).toEqual([3, 0]);
});

it('leaves nothing open of a model that is removed as the device changes', async () => {
  const opening = gate();
  const { devices, gpu } = countingDevices({
    openOnGpu: async (bytes) => {
      await opening.wait();
      return wasm.open(bytes);
    },
  });
  const { shelf, key } = await loadedShelf(devices);
  const changing = shelf.start('webgpu');
  await expect.poll(opening.isReached).toBe(true);
  await shelf.removeOwn(key);
  opening.open();
  expect(await changing).toMatchObject({ device: 'webgpu' });
  expect(() => shelf.codec(key)).toThrow('loaded are none');
  await expect.poll(gpu.left).toBe(0);
});

it('tells who asks for a model why it could not start, and starts when it can', async () => {
  let isBroken = true;
  const { devices } = countingDevices({
    openWasm: () =>
      isBroken ? Promise.reject(new Error('There is no WebAssembly.')) : Promise.resolve(wasm),
  });
  const shelf = createModelShelf(devices, createTurns());
  await expect(shelf.start('auto')).rejects.toThrow('no WebAssembly');
  await expect(shelf.load(await demo, 'pca-64')).rejects.toThrow('There is no WebAssembly.');
  isBroken = false;
  await shelf.start('wasm');
  expect(await shelf.load(await demo, 'pca-64')).toMatchObject({ id: 'pca-64' });
});

it('closes the encoder of a codec whose decoder fails', async () => {
  let count = 0;
  const failing = counting('wasm', (bytes) =>
    ++count > 1 ? Promise.reject(new Error('no memory')) : wasm.open(bytes),
  );
  const shelf = createModelShelf(
    countingDevices({ openWasm: () => Promise.resolve(failing.runtime) }).devices,
    createTurns(),
  );
  await shelf.start('wasm');
  await expect(shelf.load(await demo, 'pca-64')).rejects.toThrow('no memory');
  expect([failing.opened(), failing.left()]).toEqual([1, 0]);
});

describe('the move to a GPU', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(['a verification', 'a removed model', 'a new model'] as const)(
    'is put off by %s',
    async (disturbance) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
      const opening = gate();
      const { devices, gpu } = countingDevices({
        openOnGpu: async (bytes) => {
          await opening.wait();
          return wasm.open(bytes);
        },
      });
      const turns = createTurns();
      const { shelf, key, told } = await loadedShelf(devices, turns);
      const other = await shelf.load(await demo, 'basic-32');
      shelf.moveWhenIdle(image);
      vi.advanceTimersByTime(3000);
      await expect.poll(opening.isReached).toBe(true);
      const before = shelf.codec(key);
      if (disturbance === 'a verification') await turns.background();
      else if (disturbance === 'a removed model') await shelf.removeOwn(other.key);
      else await shelf.load(await demo, 'cnn');
      opening.open();
      await expect.poll(() => gpu.opened() > 0 && gpu.left() === 0).toBe(true);
      expect(told).toEqual([]);
      expect(shelf.codec(key)).toBe(before);

      const afterRest = () => {
        vi.advanceTimersByTime(3000);
        return told;
      };
      await expect.poll(afterRest).toMatchObject([{ device: 'webgpu', reason: 'adapter' }]);
      expect(shelf.codec(key)).not.toBe(before);
    },
  );
});
