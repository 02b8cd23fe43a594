import type { DeviceChoice, Runtime } from './lab-api.ts';
import type { OrtRuntime } from './ort-session.ts';

/** What the browser offers to run models on. */
export interface Devices {
  /** Whether threads can share memory. */
  readonly isIsolated: boolean;
  readonly cores: number;
  openWasm(threads: number): Promise<OrtRuntime>;
  openWebGpu(): Promise<OrtRuntime>;
  /** Whether a GPU answers, and whether it is one or software that stands in for it. */
  gpu(): Promise<'hardware' | 'software' | 'none'>;
}

export interface ChosenDevice {
  readonly runtime: OrtRuntime;
  readonly report: Runtime;
}

/** More threads than this gain nothing on models as small as ours, and each costs memory. */
const mostThreads = 4;

/**
 * Opens what models run on: WebGPU where it was asked for and any adapter answers, else WebAssembly.
 *
 * @throws Error where there is no WebAssembly
 */
export async function openDevice(choice: DeviceChoice, devices: Devices): Promise<ChosenDevice> {
  if (choice === 'webgpu') {
    if ((await devices.gpu()) === 'none') return openWasm(devices, 'no-adapter');
    try {
      return reported(await devices.openWebGpu(), 'asked');
    } catch {
      return openWasm(devices, 'failed');
    }
  }
  return openWasm(devices, choice === 'wasm' ? 'asked' : 'default');
}

async function openWasm(devices: Devices, reason: Runtime['reason']): Promise<ChosenDevice> {
  const threads = devices.isIsolated ? Math.min(mostThreads, devices.cores) : 1;
  // That it is slower than it could be says more than that it is the default.
  const isHeldBack = !devices.isIsolated && reason !== 'no-adapter' && reason !== 'failed';
  return reported(await devices.openWasm(threads), isHeldBack ? 'not-isolated' : reason);
}

/** A runtime with what the page is told of it. */
export function reported(runtime: OrtRuntime, reason: Runtime['reason']): ChosenDevice {
  return { runtime, report: { device: runtime.device, threads: runtime.threads, reason } };
}
