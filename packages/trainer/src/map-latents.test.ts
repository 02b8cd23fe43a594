import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findModel } from '@narrows/models';
import { decodeSafetensors, randomStream, tensorOf, type LatentMap } from '@narrows/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProgress } from './cli/progress.ts';
import type { Split } from './data/dataset.ts';
import { onnxEngine } from './engine/onnx-engine.ts';
import { exportModel } from './export-model.ts';
import { makeLatentMaps } from './latent-map/make-latent-maps.ts';
import { mapLatents, type MappedCodec, type MapRequest } from './map-latents.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';

const imageShape = [4, 4, 1] as const;
const classes = 3;
/** More than a batch of images, so that latent vectors are put together from several. */
const test520 = makeSplit(520);
const codecs = ['pca-2', 'basic-3-h5'].map(encoderOf);
const engine = onnxEngine({ device: 'cpu', threads: 1 });
const maps = { methods: ['tsne', 'umap'], points: 40, perplexity: 5, iterations: 30 } as const;

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'narrows-map-latents-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

/** Images around one of three that stand for the classes. */
function makeSplit(count: number): Split {
  const random = randomStream(3, 'map-latents test');
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: 16 }, () => random.nextInt(200)),
  );
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const images = Uint8Array.from(
    { length: 16 * count },
    (_, i) => centres[Math.floor(i / 16) % classes][i % 16] + random.nextInt(56),
  );
  return { count, images, labels };
}

function encoderOf(id: string): MappedCodec {
  const { model } = findModel(id, { imageShape, classes })!;
  const exported = exportModel(model, drawnParameters(model, 7));
  exported.dispose();
  return { id, encoder: exported.files.find(({ role }) => role === 'encoder')!.bytes };
}

function openFolder(name: string, resume = false): WorkFolder {
  return openWorkFolder(join(parent, name), { maps: 2 }, { resume, overwrite: false });
}

/** Maps into a folder; `lines` are what was said meanwhile. */
async function mapInto(folder: WorkFolder, changes: Partial<MapRequest> = {}) {
  const lines: string[] = [];
  const progress = createProgress({
    stream: { write: (text: string) => lines.push(text) > 0 },
    isTty: false,
    now: () => performance.now(),
  });
  const made = await mapLatents({
    codecs,
    test: test520,
    imageShape,
    maps,
    seed: 1,
    engine,
    folder,
    progress,
    shouldStop: () => false,
    ...changes,
  });
  return { made, lines: lines.join('') };
}

/** Maps pixels and PCA's latent vectors, these from their definition, (x − mean)·componentsᵀ. */
function mapDirectly(count: number, methods: MapRequest['maps']['methods']) {
  const { mean, components } = drawnParameters(findModel('pca-2', { imageShape, classes })!.model, 7);
  const pixels = Float32Array.from(test520.images.subarray(0, 16 * count), (pixel) => pixel / 255);
  const points = Float32Array.from({ length: 2 * count }, (_, i) =>
    mean.reduce(
      (sum, centre, at) =>
        sum + (pixels[Math.floor(i / 2) * 16 + at] - centre) * components[(i % 2) * 16 + at],
      0,
    ),
  );
  const progress = createProgress({ stream: { write: () => true }, isTty: false, now: () => 0 });
  const spaces = [
    { of: 'pixels', points: pixels },
    { of: 'pca-2', points },
  ];
  return makeLatentMaps(
    engine,
    { labels: test520.labels.subarray(0, count), pixels, spaces },
    { ...maps, methods, seed: 1, progress, shouldStop: () => false },
  );
}

const withoutTimes = (entries: readonly LatentMap[]): LatentMap[] =>
  entries.map((entry) => ({ ...entry, maps: entry.maps.map((map) => ({ ...map, durationMs: 0 })) }));

test('maps the pixels and what each encoder makes of the first images, one file a space', async () => {
  const folder = openFolder('whole');
  const { made } = await mapInto(folder);
  const { entries, files } = made!;
  expect(entries.map(({ of, points, file }) => [of, points, file])).toStrictEqual([
    ['pixels', 40, 'latent-maps/pixels.safetensors'],
    ['pca-2', 40, 'latent-maps/pca-2.safetensors'],
    ['basic-3-h5', 40, 'latent-maps/basic-3-h5.safetensors'],
  ]);
  expect(files).toStrictEqual(entries.map(({ file }) => folder.describeFile(file)));

  const direct = mapDirectly(40, maps.methods);
  for (const entry of entries.slice(0, 2)) {
    const { value } = await direct.next();
    expect(entry.space).toStrictEqual(value!.entry.space);
    if (entry.of !== 'pixels') continue;
    const content = decodeSafetensors(readFileSync(folder.path(entry.file)), entry.file);
    for (const method of maps.methods) {
      const { shape, data } = tensorOf(content, method, { dtype: 'F32' });
      expect(shape).toStrictEqual([40, 2]);
      expect(data).toStrictEqual(value!.coordinates[method]);
    }
  }
  folder.abandon();
});

test('stopped between two spaces and resumed, it ends in the same files without mapping the first again', async () => {
  const undisturbed = openFolder('undisturbed');
  const expected = (await mapInto(undisturbed)).made!;
  undisturbed.abandon();

  const stopped = openFolder('stopped');
  const shouldStop = () => stopped.readCheckpoint('map-pixels.safetensors') !== undefined;
  const first = await mapInto(stopped, { shouldStop });
  expect(first.made).toBeUndefined();
  expect(first.lines).toContain('UMAP of pixels');
  expect(stopped.abandon()).toBe('kept');

  const resumed = openFolder('stopped', true);
  const second = await mapInto(resumed);
  expect(second.lines).not.toContain('pixels');
  expect(second.lines).toContain('t-SNE of pca-2');
  expect(second.made!.files).toStrictEqual(expected.files);
  expect(withoutTimes(second.made!.entries)).toStrictEqual(withoutTimes(expected.entries));
  resumed.abandon();
});

test('stopped within the first space, it keeps nothing', async () => {
  const folder = openFolder('early');
  let asked = 0;
  expect((await mapInto(folder, { shouldStop: () => ++asked > 3 })).made).toBeUndefined();
  expect(asked).toBeGreaterThan(3);
  expect(folder.abandon()).toBe('removed');
});

test('fewer test images than points are all mapped', async () => {
  const folder = openFolder('few');
  const { made } = await mapInto(folder, { maps: { ...maps, methods: ['tsne'], points: 5000 } });
  expect(made!.entries.map(({ of, points }) => [of, points])).toStrictEqual([
    ['pixels', 520],
    ['pca-2', 520],
    ['basic-3-h5', 520],
  ]);
  const direct = mapDirectly(520, []);
  await direct.next();
  const { value } = await direct.next();
  expect(made!.entries[1].space).toStrictEqual(value!.entry.space);
  folder.abandon();
});

test('without methods or without codecs there is nothing to map', async () => {
  const folder = openFolder('none');
  const nothing = { entries: [], files: [] };
  expect((await mapInto(folder, { maps: { ...maps, methods: [] } })).made).toStrictEqual(nothing);
  expect((await mapInto(folder, { codecs: [] })).made).toStrictEqual(nothing);
  expect(folder.abandon()).toBe('removed');
});
