import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Devices } from '../choose-device.ts';
import { createLab } from '../create-lab.ts';
import { openFileCache } from '../file-cache.ts';
import type { Lab } from '../lab-api.ts';
import { openOrtRuntime, type OrtRuntime } from '../ort-session.ts';
import type { FileSource } from '../verified-file.ts';

/** Onnxruntime's WebAssembly in Node, on one thread. */
export function openNodeRuntime(): Promise<OrtRuntime> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  return openOrtRuntime({ device: 'wasm', wasm: readFileSync(path), threads: 1 });
}

/** What Node offers to run models on. */
export const nodeDevices: Devices = {
  isIsolated: false,
  cores: 1,
  openWasm: openNodeRuntime,
  openWebGpu: () => Promise.reject(new Error('There is no GPU in these tests.')),
  gpu: () => Promise.resolve('none'),
};

/** The lab in Node on runs in a folder, by the addresses that the server has for them. */
export function openNodeLab(runsFolder: string): Lab {
  return createLab(folderSource(runsFolder), nodeDevices);
}

/** Reads what a page asks the server for from disk instead. */
export function folderSource(runsFolder: string): FileSource {
  return {
    cache: openFileCache(undefined),
    fetch: (address) => {
      const [, , , id, ...rest] = new URL(address, 'http://localhost').pathname.split('/');
      const path = join(runsFolder, id, rest.length === 0 ? 'run.json' : rest.slice(1).join('/'));
      if (!existsSync(path)) {
        return Promise.resolve(Response.json({ error: 'There is no such run.' }, { status: 404 }));
      }
      return Promise.resolve(new Response(Readable.toWeb(createReadStream(path)) as ReadableStream));
    },
  };
}
