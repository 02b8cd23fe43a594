/**
 * The worker's entry: the lab on what the browser offers, for the page to call through Comlink.
 */
import { expose } from 'comlink';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import webGpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { createLab } from './create-lab.ts';
import { openFileCache } from './file-cache.ts';
import { findGpu } from './find-gpu.ts';
import { openOrtRuntime } from './ort-session.ts';

expose(
  createLab(
    {
      fetch: (address, options) => fetch(address, options),
      // Missing on origins that are not secure, whatever the types say.
      cache: openFileCache((globalThis as { readonly caches?: CacheStorage }).caches),
    },
    {
      isIsolated: globalThis.crossOriginIsolated,
      cores: navigator.hardwareConcurrency,
      openWasm: (threads) => openOrtRuntime({ device: 'wasm', wasm: wasmUrl, threads }),
      openWebGpu: () => openOrtRuntime({ device: 'webgpu', wasm: webGpuWasmUrl, threads: 1 }),
      gpu: findGpu,
    },
  ),
);
