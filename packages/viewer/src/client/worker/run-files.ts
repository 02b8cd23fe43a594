import {
  decodeSafetensors,
  parseRunManifest,
  tensorOf,
  type RunManifest,
  type Safetensors,
} from '@narrows/shared';
import * as z from 'zod';
import { apiPaths, type Catalogue, type CollectionId } from '../../contract/api.ts';
import type { Figures, PcaBasis } from './lab-api.ts';
import { fetchOrExplain, readVerifiedFile, type FileSource } from './verified-file.ts';

// Zod compiles schemas to functions where it can, which the page's policy of content forbids.
z.config({ jitless: true });

/** A run's manifest, and how to read its files. */
export interface RunFiles {
  readonly id: CollectionId;
  readonly manifest: RunManifest;
  readonly source: FileSource;
}

/** A test set as its file has it. */
export interface TestImages {
  /** `[count, H, W, C]` */
  readonly images: Uint8Array;
  /** `[count]` */
  readonly labels: Uint8Array;
  readonly count: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** @throws Error, in one line, when the run can't be reached or its `run.json` is none that this Narrows reads. */
export async function readRun(source: FileSource, id: CollectionId): Promise<RunFiles> {
  const address = apiPaths.run(id);
  const response = await fetchOrExplain(source.fetch, address, id);
  return { id, manifest: parseRunManifest(await response.text(), address), source };
}

export function imageShapeOf({ dataset }: RunManifest): [height: number, width: number, channels: number] {
  return [dataset.height, dataset.width, dataset.channels];
}

/** The whole test set. Its file is safetensors in gzip. */
export async function readTestSet(run: RunFiles): Promise<TestImages> {
  const path = run.manifest.evaluation.files.testSet;
  const { bytes, sha256 } = await readFile(run, path);
  const where = `"${path}"`;
  const content = decodeSafetensors(await gunzip(bytes, path), where);
  const images = tensorOf(content, 'images', { dtype: 'U8', where });
  const labels = tensorOf(content, 'labels', { dtype: 'U8', where });
  const count = run.manifest.dataset.testCount;
  const expected = [count, ...imageShapeOf(run.manifest)].join(', ');
  if (images.shape.join(', ') !== expected || labels.data.length !== count) {
    throw new RangeError(
      `Cannot use "${path}": its images must be [${expected}] with a label each, as in run.json, and they are ` +
        `[${images.shape.join(', ')}] with ${labels.data.length} labels: train again.`,
    );
  }
  return { images: images.data, labels: labels.data, count, sha256 };
}

/** What the trainer measured of every test image. */
export async function readFigures(run: RunFiles): Promise<Figures & { readonly sha256: string }> {
  const { evaluation } = run.manifest;
  const { content, where, sha256 } = await readSafetensors(run, evaluation.files.perImage);
  const floats = (name: string) => tensorOf(content, name, { dtype: 'F32', where }).data;
  const bytes = (name: string) => tensorOf(content, name, { dtype: 'U8', where }).data;
  const codecs = evaluation.codecs.map(({ id }) => id);
  const pairs = evaluation.classifications.map(({ classifier, on }) => `${classifier}/${on}`);
  return {
    mse: byName(codecs, (id) => floats(`mse/${id}`)),
    ssim: byName(codecs, (id) => floats(`ssim/${id}`)),
    predicted: byName(pairs, (pair) => bytes(`predicted/${pair}`)),
    probability: byName(pairs, (pair) => floats(`probability/${pair}`)),
    sha256,
  };
}

function byName<T>(names: readonly string[], valueOf: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

/** Coordinates of a map that the trainer made, float32 `[points, 2]`. */
export async function readLatentMap(
  run: RunFiles,
  of: string,
  method: 'tsne' | 'umap',
): Promise<Float32Array> {
  const map = run.manifest.latentMaps.find((one) => one.of === of);
  if (!map?.maps.some((one) => one.method === method)) {
    const there = run.manifest.latentMaps
      .flatMap(({ of: space, maps }) => maps.map((one) => `${one.method} of ${space}`))
      .join(', ');
    throw new RangeError(
      `Cannot show ${method} of "${of}": the run must have that map, and it has ${there === '' ? 'none' : there}: ` +
        'choose another, or train with --maps.',
    );
  }
  const { content, where } = await readSafetensors(run, map.file);
  return tensorOf(content, method, { dtype: 'F32', where }).data;
}

/** The components of the run's widest PCA, the first listed of equally wide ones; `undefined` where it has none. */
export async function readPcaBasis(run: RunFiles): Promise<PcaBasis | undefined> {
  const widest = run.manifest.models
    .filter((model) => model.kind === 'pca')
    .sort((a, b) => b.latent - a.latent)
    .at(0);
  if (widest === undefined) return undefined;
  const { content, where } = await readSafetensors(run, widest.files.components);
  const mean = tensorOf(content, 'mean', { dtype: 'F32', where });
  const components = tensorOf(content, 'components', { dtype: 'F32', where });
  return { id: widest.id, mean: mean.data, components: components.data, widest: widest.latent };
}

/** The SHA-256 of every file of every run that the server lists. */
export async function listedHashes(source: FileSource): Promise<ReadonlySet<string>> {
  const response = await fetchOrExplain(source.fetch, apiPaths.catalogue, 'the list of runs');
  const { runs } = (await response.json()) as Catalogue;
  const manifests = await Promise.all(runs.map(({ id }) => readRun(source, id)));
  return new Set(manifests.flatMap(({ manifest }) => manifest.files.map(({ sha256 }) => sha256)));
}

/** Reads a file of the run and checks it, see `readVerifiedFile`. */
export function readFile(run: RunFiles, path: string) {
  return readVerifiedFile(run.source, { id: run.id, files: run.manifest.files }, path);
}

async function readSafetensors(
  run: RunFiles,
  path: string,
): Promise<{ content: Safetensors; where: string; sha256: string }> {
  const { bytes, sha256 } = await readFile(run, path);
  const where = `"${path}"`;
  return { content: decodeSafetensors(bytes, where), where, sha256 };
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new RangeError(`Cannot read "${path}": it must be compressed with gzip: train again.`, {
      cause: error,
    });
  }
}
