import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProgress } from './cli/progress.ts';
import { onnxEngine } from './engine/onnx-engine.ts';
import { ExpectedError } from './expected-error.ts';
import { mapLatents } from './map-latents.ts';
import { encodeCheckpoint, type Checkpoint } from './run-folder/checkpoint.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';

let parent = '';
let folder: WorkFolder;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'narrows-maps-'));
  folder = openWorkFolder(join(parent, 'run'), {}, { resume: false, overwrite: false });
});
afterEach(() => {
  folder.abandon();
  rmSync(parent, { recursive: true });
});

const points = 30;

/** The map of a space as a run keeps it that was stopped after it. */
function mapOf(of: string): Checkpoint {
  return {
    meta: {
      of,
      points,
      space: { neighbourAccuracy: 0.5, trustworthiness: 1 },
      maps: [
        {
          method: 'umap',
          settings: { seed: 1 },
          neighbourAccuracy: 0.5,
          trustworthiness: 0.9,
          durationMs: 10,
        },
      ],
    },
    tensors: [
      { name: 'umap', shape: [points, 2], data: Float32Array.from({ length: 2 * points }, (_, i) => i) },
    ],
  };
}

/** Goes on with a run all of whose spaces are mapped. */
function goOn() {
  return mapLatents({
    // Never opened, for the map is there.
    codecs: [{ id: 'pca-2', encoder: new Uint8Array() }],
    test: { images: new Uint8Array(16 * 40), labels: new Uint8Array(40), count: 40 },
    imageShape: [4, 4, 1],
    maps: { methods: ['umap'], points, perplexity: 5, iterations: 250 },
    seed: 1,
    engine: onnxEngine({ device: 'cpu', threads: 1 }),
    folder,
    progress: createProgress({ stream: { write: () => undefined }, isTty: false, now: () => 0 }),
    shouldStop: () => false,
  });
}

test('maps that were kept before a stop are taken as they were', async () => {
  for (const of of ['pixels', 'pca-2']) {
    folder.writeCheckpoint(`map-${of}.safetensors`, encodeCheckpoint(mapOf(of)));
  }
  expect((await goOn())?.entries).toEqual(
    ['pixels', 'pca-2'].map((of) => ({
      ...(mapOf(of).meta as object),
      file: `latent-maps/${of}.safetensors`,
    })),
  );
});

test.each<[string, (map: Checkpoint) => Partial<Checkpoint>, string]>([
  [
    'nothing of a map',
    () => ({ meta: null }),
    'its data must keep every rule, and they break one (Invalid input: expected object, received null)',
  ],
  [
    'an accuracy above 1',
    ({ meta }) => ({ meta: { ...(meta as object), space: { neighbourAccuracy: 2, trustworthiness: 1 } } }),
    'its data must keep every rule, and they break one at "space.neighbourAccuracy" (Too big: expected number to be <=1)',
  ],
  ['the map of another space', () => mapOf('pixels'), 'it must be of "pca-2", and it is of "pixels"'],
  [
    'too few coordinates',
    () => ({ tensors: [{ name: 'umap', shape: [3, 2], data: new Float32Array(6) }] }),
    'its arrays must be umap [30, 2], and they are umap [3, 2]',
  ],
])('a checkpoint with %s is refused, and the error says what to do', async (_, change, why) => {
  folder.writeCheckpoint('map-pixels.safetensors', encodeCheckpoint(mapOf('pixels')));
  const map = mapOf('pca-2');
  folder.writeCheckpoint('map-pca-2.safetensors', encodeCheckpoint({ ...map, ...change(map) }));
  await expect(goOn()).rejects.toThrow(
    new ExpectedError(
      `Cannot read the checkpoint "map-pca-2.safetensors": ${why}. The file is damaged: start anew with --overwrite.`,
    ),
  );
});
