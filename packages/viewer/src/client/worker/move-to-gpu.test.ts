import { beforeAll, expect, it, test } from 'vitest';
import type { Devices } from './choose-device.ts';
import { fetchModel, takeOwnModel } from './lab-models.ts';
import { moveToGpu } from './move-to-gpu.ts';
import type { OpenModel } from './open-model.ts';
import type { OrtRuntime } from './ort-session.ts';
import { readRun } from './run-files.ts';
import { demoFolder, demoRun } from './testing/demo-run.ts';
import { folderSource, openNodeRuntime } from './testing/node-lab.ts';
import { onnxFile } from './testing/onnx-file.ts';

let runtime: OrtRuntime;
let here: ReadonlyMap<string, OpenModel>;
const image = Float32Array.from({ length: 784 }, (_, i) => (i % 28) / 27);

beforeAll(async () => {
  runtime = await openNodeRuntime();
  const run = await readRun(folderSource(demoFolder), demoRun);
  const models = new Map<string, OpenModel>();
  for (const id of ['basic-32', 'cnn']) {
    const source = await fetchModel(run, id);
    models.set(source.info.key, { source, runsOn: new Map([[runtime, await source.open(runtime)]]) });
  }
  here = models;
});

/** An autoencoder of 5 × 5 pixels that gives back what it gets. */
const small = new Uint8Array(
  onnxFile({
    inputs: [{ name: 'x', shape: ['N', 25] }],
    outputs: [{ name: 'y', shape: ['N', 25] }],
    nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['y'] }],
  }),
);

/** Moves with each run in place of the GPU. */
let time = 0;
const now = () => time;

/** A second WebAssembly in place of the GPU, whose results `distort` changes. */
function devices(
  gpu: 'hardware' | 'software' | 'none',
  { distort = (value: number) => value, waitMs = 0 } = {},
): Devices {
  return {
    isIsolated: true,
    cores: 1,
    openWasm: () => Promise.resolve(runtime),
    gpu: () => Promise.resolve(gpu),
    openWebGpu: () =>
      Promise.resolve({
        ...runtime,
        open: async (bytes) => {
          const session = await runtime.open(bytes);
          return {
            ...session,
            run: async (inputs) => {
              time += waitMs;
              return Object.fromEntries(
                Object.entries(await session.run(inputs)).map(([name, tensor]) => [
                  name,
                  { ...tensor, data: (tensor.data as Float32Array).map(distort) },
                ]),
              );
            },
          };
        },
      }),
  };
}

it('opens every model on a GPU that agrees', async () => {
  const outcome = await moveToGpu(
    devices('hardware', { distort: (value) => value + 1e-5, waitMs: 16 }),
    here,
    { from: runtime, image, now },
  );
  expect(outcome).toMatchObject({ device: { report: { reason: 'adapter' } } });
  if ('opened' in outcome) expect([...outcome.opened.keys()]).toEqual([...here.values()]);
});

it('opens models alone that take images of another size', async () => {
  const other = await takeOwnModel(
    runtime,
    { name: 'small.onnx', bytes: small, number: 1 },
    { imageShape: [5, 5, 1], classCount: 10 },
  );
  const models = new Map(here).set('mine/1', other);
  const outcome = await moveToGpu(devices('hardware'), models, { from: runtime, image, now });
  expect('opened' in outcome && [...outcome.opened.keys()]).toEqual([...models.values()]);
});

test.each([
  ['disagreed', devices('hardware', { distort: (value) => value + 0.01 })],
  ['disagreed', devices('hardware', { distort: () => NaN })],
  // Three runs of each image.
  ['slower', devices('hardware', { waitMs: 17 })],
  ['no-adapter', devices('software')],
  ['no-adapter', devices('none')],
  ['failed', { ...devices('hardware'), openWebGpu: () => Promise.reject(new Error('driver')) }],
] as const)('stays: %s', async (reason, browser) => {
  expect(await moveToGpu(browser, here, { from: runtime, image, now })).toEqual({ staysFor: reason });
});
