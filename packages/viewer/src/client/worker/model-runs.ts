import type { OrtRuntime, OrtSession } from './ort-session.ts';

/** Called between two batches of a long computation, which goes on when its promise is fulfilled. */
export type Pause = () => Promise<void>;

/** Values in, values out, any number of items one after the other. */
export type Compute = (items: Float32Array, pause?: Pause) => Promise<Float32Array>;

/** What a model computes, on whatever device its sessions run. */
export type ModelRuns = CodecRuns | ClassifierRuns;

export interface CodecRuns {
  readonly kind: 'codec';
  /** Images to latent vectors; `undefined` for an autoencoder that comes as one file. */
  readonly encode: Compute | undefined;
  /** Latent vectors to images. */
  readonly decode: Compute | undefined;
  readonly reconstruct: Compute;
  close(): Promise<void>;
}

export interface ClassifierRuns {
  readonly kind: 'classifier';
  /** Images to what the softmax takes, `[N, classes]`. */
  readonly logits: Compute;
  readonly classCount: number;
  close(): Promise<void>;
}

/**
 * Images that a model is given at once. On one core of WebAssembly the study's classifier takes 0.43 ms an image by 50
 * and 0.59 ms by 100, which no longer fit into the cache; an interactive request waits for one batch at most.
 */
export const batchItems = 50;

/** Opens a codec of a run: `images → latents` and `latents → reconstructions`. */
export async function openCodec(
  runtime: OrtRuntime,
  { encoder, decoder }: { encoder: Uint8Array; decoder: Uint8Array },
  imageShape: readonly number[],
  latent: number,
): Promise<CodecRuns> {
  const encoding = await runtime.open(encoder);
  const decoding = await runtime.open(decoder).catch(async (error: unknown) => {
    await encoding.close();
    throw error;
  });
  const encode: Compute = (images, pause) =>
    runInBatches(encoding, images, { from: 'images', itemShape: imageShape, to: 'latents', pause });
  const decode: Compute = (latents, pause) =>
    runInBatches(decoding, latents, { from: 'latents', itemShape: [latent], to: 'reconstructions', pause });
  return {
    kind: 'codec',
    encode,
    decode,
    reconstruct: async (images, pause) => decode(await encode(images, pause), pause),
    async close() {
      await encoding.close();
      await decoding.close();
    },
  };
}

/** Opens a classifier of a run: `images → logits`. */
export async function openClassifier(
  runtime: OrtRuntime,
  classifier: Uint8Array,
  imageShape: readonly number[],
  classCount: number,
): Promise<ClassifierRuns> {
  const session = await runtime.open(classifier);
  return {
    kind: 'classifier',
    classCount,
    logits: (images, pause) =>
      runInBatches(session, images, { from: 'images', itemShape: imageShape, to: 'logits', pause }),
    close: () => session.close(),
  };
}

/**
 * Runs a model with one input on any number of items, at most `batchItems` of them at once.
 *
 * @throws TypeError if `items` is not a whole number of items
 */
async function runInBatches(
  session: OrtSession,
  items: Float32Array,
  {
    from,
    itemShape,
    to,
    pause,
  }: { from: string; itemShape: readonly number[]; to: string; pause: Pause | undefined },
): Promise<Float32Array> {
  const itemSize = itemShape.reduce((product, size) => product * size, 1);
  const count = items.length / itemSize;
  if (!Number.isInteger(count)) {
    throw new TypeError(
      `Cannot run a model on ${items.length} values: its ${from} have ${itemSize} each, so that takes a multiple.`,
    );
  }
  return inBatches(count, batchItems, pause, async (start, end) => {
    const data = items.subarray(start * itemSize, end * itemSize);
    const results = await session.run({ [from]: { data, shape: [end - start, ...itemShape] } });
    return results[to].data as Float32Array;
  });
}

/** Puts together what `run` answers for the items from `start` to before `end`, batch after batch. */
export async function inBatches(
  count: number,
  batch: number,
  pause: Pause | undefined,
  run: (start: number, end: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  if (count === 0) return new Float32Array();
  let all: Float32Array | undefined;
  for (let start = 0; start < count; start += batch) {
    if (start > 0) await pause?.();
    const end = Math.min(count, start + batch);
    const part = await run(start, end);
    if (end - start === count) return part;
    all ??= new Float32Array((part.length / (end - start)) * count);
    all.set(part, (part.length / (end - start)) * start);
  }
  return all!;
}
