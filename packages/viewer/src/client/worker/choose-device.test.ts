import { describe, expect, it, test } from 'vitest';
import { openDevice, type Devices } from './choose-device.ts';
import type { OrtRuntime } from './ort-session.ts';

/** A browser of which only what is decided on is there: nothing is run. */
function browser(offer: Partial<Devices>): Devices {
  const runtime = (device: OrtRuntime['device'], threads: number): Promise<OrtRuntime> =>
    Promise.resolve({ device, threads, open: () => Promise.reject(new Error('Nothing is run here.')) });
  return {
    isIsolated: true,
    cores: 2,
    openWasm: (threads) => runtime('wasm', threads),
    openWebGpu: () => runtime('webgpu', 1),
    gpu: () => Promise.resolve('hardware'),
    ...offer,
  };
}

describe('openDevice', () => {
  test.each([
    ['auto', {}, { device: 'wasm', threads: 2, reason: 'default' }],
    ['auto', { cores: 64 }, { device: 'wasm', threads: 4, reason: 'default' }],
    ['auto', { isIsolated: false }, { device: 'wasm', threads: 1, reason: 'not-isolated' }],
    ['wasm', {}, { device: 'wasm', threads: 2, reason: 'asked' }],
    ['wasm', { isIsolated: false }, { device: 'wasm', threads: 1, reason: 'not-isolated' }],
    ['webgpu', {}, { device: 'webgpu', threads: 1, reason: 'asked' }],
    [
      'webgpu',
      { gpu: () => Promise.resolve('software' as const) },
      { device: 'webgpu', threads: 1, reason: 'asked' },
    ],
    [
      'webgpu',
      { gpu: () => Promise.resolve('none' as const) },
      { device: 'wasm', threads: 2, reason: 'no-adapter' },
    ],
    [
      'webgpu',
      { openWebGpu: () => Promise.reject(new Error('driver')) },
      { device: 'wasm', threads: 2, reason: 'failed' },
    ],
  ] as const)('%s with %j gives %j', async (choice, offer, expected) => {
    expect((await openDevice(choice, browser(offer))).report).toEqual(expected);
  });

  it('fails where there is no WebAssembly', async () => {
    const openWasm = () => Promise.reject(new Error('no WebAssembly'));
    await expect(openDevice('auto', browser({ openWasm }))).rejects.toThrow('no WebAssembly');
  });
});
