import type { CollectionId } from '../../contract/api.ts';
import type { Placement } from './lab-api.ts';
import type { ModelShelf } from './model-shelf.ts';
import { onceByRun } from './once-by-key.ts';
import { placeOnMap } from './placement.ts';
import { axesOfBasis, principalAxes, projectOnAxes } from './principal-axes.ts';
import { imageShapeOf, readLatentMap } from './run-files.ts';
import type { RunLibrary } from './run-library.ts';
import { scaleBytes } from './scale-bytes.ts';
import type { Turns } from './turns.ts';

/** A way to lay points out in two dimensions. */
export type MapMethod = 'tsne' | 'umap' | 'pca';

/** Which map of which run. */
export interface MapName {
  readonly runId: CollectionId;
  /** A codec's id, or `pixels`. */
  readonly of: string;
  readonly method: MapMethod;
}

/** Latent vectors of test sets, and maps of them; each is made once. */
export interface Maps {
  /** `[count, latent]` of all test images. */
  testLatents(runId: CollectionId, modelId: string): Promise<Float32Array>;
  /** `[points, 2]` */
  map(name: MapName): Promise<Float32Array>;
  /** @param image `[H, W, C]` */
  place(name: MapName, image: Float32Array): Promise<Placement>;
}

export function createMaps(library: RunLibrary, shelf: ModelShelf, turns: Turns): Maps {
  const latents = onceByRun<Float32Array>();
  const maps = onceByRun<Float32Array>();

  const encoderOf = async (runId: CollectionId, modelId: string) => {
    const { key } = await shelf.load(await library.run(runId), modelId);
    // A codec of a run always has one; only a visitor's may not.
    return shelf.codec(key).encode!;
  };
  const testLatents = async (runId: CollectionId, modelId: string) =>
    latents(await library.run(runId), modelId, async () => {
      const encode = await encoderOf(runId, modelId);
      const { images } = await library.testSet(runId);
      return encode(scaleBytes(images), turns.background);
    });
  const principalMap = async (runId: CollectionId, of: string): Promise<Float32Array> => {
    const { manifest } = await library.run(runId);
    const { images, count } = await library.testSet(runId);
    const mapped = manifest.latentMaps.find((one) => one.of === of)?.points ?? count;
    if (of !== 'pixels') {
      const all = await testLatents(runId, of);
      const width = all.length / count;
      const points = all.subarray(0, mapped * width);
      return projectOnAxes(points, principalAxes(points, width));
    }
    const width = images.length / count;
    const points = scaleBytes(images.subarray(0, mapped * width));
    const basis = await library.pcaBasis(runId);
    const axes = basis === undefined || basis.widest < 2 ? principalAxes(points, width) : axesOfBasis(basis);
    return projectOnAxes(points, axes);
  };
  const map = async ({ runId, of, method }: MapName) => {
    const run = await library.run(runId);
    return maps(run, `${of}/${method}`, () =>
      method === 'pca' ? principalMap(runId, of) : readLatentMap(run, of, method),
    );
  };

  return {
    testLatents,
    map,
    async place(name, image) {
      const { runId, of } = name;
      const coordinates = await map(name);
      if (of !== 'pixels') {
        const encode = await encoderOf(runId, of);
        const point = await turns.interactive(() => encode(image));
        return placeOnMap(point, await testLatents(runId, of), coordinates);
      }
      const { manifest } = await library.run(runId);
      const expected = imageShapeOf(manifest).reduce((product, size) => product * size, 1);
      if (image.length !== expected) {
        throw new TypeError(
          `Cannot place an image: it must have ${expected} values, and has ${image.length}.`,
        );
      }
      const { images } = await library.testSet(runId);
      return placeOnMap(image, images, coordinates, { scale: 1 / 255 });
    },
  };
}
