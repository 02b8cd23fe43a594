import type { Devices } from './choose-device.ts';
import { compareImage } from './compare-image.ts';
import type { Lab, ModelKey } from './lab-api.ts';
import { createMaps } from './maps.ts';
import type { Compute } from './model-runs.ts';
import { createModelShelf } from './model-shelf.ts';
import { createRunLibrary } from './run-library.ts';
import { imageShapeOf, type TestImages } from './run-files.ts';
import { softmax } from './softmax.ts';
import { createTurns } from './turns.ts';
import type { FileSource } from './verified-file.ts';
import { createVerifier } from './verifier.ts';

/**
 * The lab, wherever it runs: what the page's worker exposes.
 *
 * @param source where files of runs come from
 * @param devices what there is to run models on
 */
export function createLab(source: FileSource, devices: Devices): Lab {
  const turns = createTurns();
  const library = createRunLibrary(source);
  const shelf = createModelShelf(devices, turns);
  const maps = createMaps(library, shelf, turns);
  const verifier = createVerifier(library, shelf, turns);

  return {
    start: (choice) => shelf.start(choice),
    onRuntimeChange: (listener) => {
      shelf.onRuntimeChange(listener);
      return Promise.resolve();
    },
    async openRun(runId, finishedAt) {
      const run = await library.run(runId, finishedAt);
      await shelf.keepOnly(run);
      return run.manifest;
    },
    load: async (runId, modelId) => shelf.load(await library.run(runId), modelId),
    addOwnModel: (name, bytes, fitting) => shelf.addOwn(name, new Uint8Array(bytes), fitting),
    removeOwnModel: (key) => shelf.removeOwn(key),

    encode: (key, images) => turns.interactive(() => part(shelf.codec(key).encode, key)(images, turns.letIn)),
    decode: (key, latents) =>
      turns.interactive(() => part(shelf.codec(key).decode, key)(latents, turns.letIn)),
    reconstruct: (key, images) => turns.interactive(() => shelf.codec(key).reconstruct(images, turns.letIn)),
    classify: (key, images) =>
      turns.interactive(async () => {
        const { logits, classCount } = shelf.classifier(key);
        return softmax(await logits(images, turns.letIn), classCount);
      }),
    async compare(image, models) {
      const comparison = await turns.interactive(() => compareImage(shelf, image, models));
      shelf.moveWhenIdle(image);
      return comparison;
    },

    pcaBasis: (runId) => library.pcaBasis(runId),
    async testSet(runId) {
      const { labels, count } = await library.testSet(runId);
      return { labels, count, imageShape: imageShapeOf((await library.run(runId)).manifest) };
    },
    testImageBytes: async (runId, indices) => pixelsAt(await library.testSet(runId), indices),
    figures: (runId) => library.figures(runId),

    latentMap: (runId, of, method) => maps.map({ runId, of, method }),
    place: (runId, of, method, image) => maps.place({ runId, of, method }, image),
    testLatents: (runId, modelId) => maps.testLatents(runId, modelId),

    verify: (runId, onProgress) => verifier.verify(runId, onProgress),
    stopVerifying: () => {
      verifier.stop();
      return Promise.resolve();
    },
  };
}

/** @throws Error for a visitor's autoencoder, which is one file and has no latent vectors to give or take */
function part(compute: Compute | undefined, key: ModelKey): Compute {
  if (compute !== undefined) return compute;
  throw new Error(
    `Cannot encode or decode with "${key}": that takes an encoder and a decoder, and it is both in one file: use reconstruct.`,
  );
}

/** @throws RangeError for an index that no image has */
function pixelsAt({ images, count }: TestImages, indices: readonly number[]): Uint8Array {
  const size = images.length / count;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`Cannot show test image ${index}: there are ${count}, numbered from 0.`);
    }
    pixels.set(images.subarray(index * size, (index + 1) * size), i * size);
  });
  return pixels;
}
