import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import '@narrows/compiler/backend';
import { launchBrowser } from '@narrows/viewer/launch-browser';
import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainSteps } from './train-steps.ts';

const wasmName = 'ort-wasm-simd-threaded.wasm';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-page-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    // onnxruntime-web gets a script of its own, as its threads run it again.
    splitting: true,
    outdir: folder,
    // What it would import in Node.
    external: ['module', 'worker_threads', 'fs', 'path', 'url', 'os', 'node:*'],
    logLevel: 'error',
  });
  const wasm = createRequire(import.meta.url).resolve(`onnxruntime-web/${wasmName}`);
  server = createServer(({ url = '/' }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    // A page that is cross-origin isolated may compute on several threads.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', types[extname(name)] ?? 'application/octet-stream');
    if (name === 'index.html')
      response.end(
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
      );
    else response.end(readFileSync(name === wasmName ? wasm : join(folder, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

it('trains in a browser on the lazy backend as in Node', { timeout: 180_000 }, async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'trainInPage' in globalThis);
    const result = await page.evaluate((wasm) => trainInPage({ wasm, threads: 2 }), `/${wasmName}`);
    expect(complaints).toEqual([]);
    expect(result).toMatchObject({ backend: 'onnx', isIsolated: true, tensorsLeft: 0 });
    expect(result.refusal).toMatch(
      /^Cannot read a tensor with dataSync\(\) on the backend "onnx": onnxruntime-web \(wasm\) only runs asynchronously; use await/,
    );
    await tf.setBackend('onnx');
    const inNode = await trainSteps();
    expect(result.losses).toHaveLength(inNode.length);
    result.losses.forEach((loss, step) => {
      expect(Math.abs(loss - inNode[step]), `loss of step ${step}`).toBeLessThan(1e-4);
    });
    expect(inNode.at(-1)).toBeLessThan(0.8 * inNode[0]);
  } finally {
    await browser.close();
  }
});
