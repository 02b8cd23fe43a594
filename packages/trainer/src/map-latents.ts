import { encodeSafetensors, runManifestSchema, type LatentMap, type RunFile } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { MapOptions } from './cli/train-options.ts';
import type { Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { scaleBytes } from './data/pixels.ts';
import type { Engine } from './engine/engine.ts';
import { openOnnxSession } from './engine/onnx-session.ts';
import { makeLatentMaps, type LatentSpace } from './latent-map/make-latent-maps.ts';
import {
  damagedCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  parseMeta,
  type CheckpointTensor,
} from './run-folder/checkpoint.ts';
import type { JsonValue } from './run-folder/json-value.ts';
import type { WorkFolder } from './run-folder/work-folder.ts';

/** A codec by its encoder's ONNX file. */
export interface MappedCodec {
  readonly id: string;
  /** `images → latents` */
  readonly encoder: Uint8Array;
}

export interface MapRequest {
  readonly codecs: readonly MappedCodec[];
  readonly test: Split;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly maps: MapOptions;
  readonly seed: number;
  readonly engine: Engine;
  readonly folder: WorkFolder;
  readonly progress: Progress;
  readonly shouldStop: () => boolean;
}

/** What a checkpoint of a finished map says besides its coordinates. */
const metaSchema = runManifestSchema.shape.latentMaps.element.omit({ file: true });
type MapMeta = Omit<LatentMap, 'file'>;

const batchImages = 500;

/**
 * Maps the pixels and every codec's latent vectors of the first test images, and writes the maps to the run. A run that is
 * resumed goes on after the last space that was finished.
 *
 * @returns `undefined` when told to stop before the end.
 */
export async function mapLatents(
  request: MapRequest,
): Promise<{ entries: LatentMap[]; files: RunFile[] } | undefined> {
  const { codecs, maps, seed, engine, folder, progress, shouldStop } = request;
  if (maps.methods.length === 0 || codecs.length === 0) return { entries: [], files: [] };
  const images = firstImages(request.test, maps.points);
  const pixels = scaleBytes(images.images);
  const spaces: LatentSpace[] = [];
  if (!isMapped(folder, 'pixels')) spaces.push({ of: 'pixels', points: pixels });
  for (const { id, encoder } of codecs) {
    if (isMapped(folder, id)) continue;
    spaces.push({ of: id, points: await encodeImages(encoder, pixels, request.imageShape) });
  }
  const options = { ...maps, seed, progress, shouldStop };
  const results = makeLatentMaps(engine, { labels: images.labels, pixels, spaces }, options);
  for await (const { entry, coordinates } of results) {
    const tensors = Object.entries(coordinates).map(([name, data]) => ({
      name,
      shape: [images.count, 2],
      data,
    }));
    const meta = JSON.parse(JSON.stringify(entry)) as JsonValue;
    folder.writeCheckpoint(checkpointName(entry.of), encodeCheckpoint({ meta, tensors }));
  }
  const all = ['pixels', ...codecs.map(({ id }) => id)];
  return all.every((of) => isMapped(folder, of)) ? writeMaps(all, folder) : undefined;
}

function writeMaps(
  spaces: readonly string[],
  folder: WorkFolder,
): { entries: LatentMap[]; files: RunFile[] } {
  const entries: LatentMap[] = [];
  const files: RunFile[] = [];
  for (const of of spaces) {
    const { meta, tensors } = readMapCheckpoint(folder, of);
    const file = folder.addFile(`latent-maps/${of}.safetensors`, encodeSafetensors({ tensors }));
    entries.push({ ...meta, file: file.path });
    files.push(file);
  }
  return { entries, files };
}

/** @throws ExpectedError for a file that is damaged, or whose coordinates are not those of the maps it tells of. */
function readMapCheckpoint(
  folder: WorkFolder,
  of: string,
): { meta: MapMeta; tensors: readonly CheckpointTensor[] } {
  const name = checkpointName(of);
  const { meta, tensors } = decodeCheckpoint(folder.readCheckpoint(name)!, name);
  const parsed = parseMeta(meta, { schema: metaSchema, name });
  const { of: space, maps, points } = parsed;
  if (space !== of) throw damagedCheckpoint(name, `it must be of "${of}", and it is of "${space}"`);
  const expected = maps
    .map(({ method }) => `${method} [${points}, 2]`)
    .sort()
    .join(', ');
  const found = tensors
    .map((tensor) => `${tensor.name} [${tensor.shape.join(', ')}]`)
    .sort()
    .join(', ');
  if (found !== expected)
    throw damagedCheckpoint(name, `its arrays must be ${expected}, and they are ${found}`);
  return { meta: parsed, tensors };
}

function isMapped(folder: WorkFolder, of: string): boolean {
  return folder.readCheckpoint(checkpointName(of)) !== undefined;
}

function checkpointName(of: string): string {
  return `map-${of}.safetensors`;
}

/** Latent vectors `[N, latent]` of images, float32 `[N, H, W, C]`. */
async function encodeImages(
  encoder: Uint8Array,
  images: Float32Array,
  imageShape: readonly [number, number, number],
): Promise<Float32Array> {
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const session = await openOnnxSession(encoder, { device: 'cpu', threads: 1 });
  const parts: Float32Array[] = [];
  try {
    for (let start = 0; start < images.length; start += batchImages * imageSize) {
      const data = images.subarray(start, start + batchImages * imageSize);
      const shape = [data.length / imageSize, ...imageShape];
      const { latents } = await session.run({ images: { data, shape, dtype: 'float32' } });
      parts.push(latents.data as Float32Array);
    }
  } finally {
    await session.close();
  }
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
