import { batchItems, inBatches, type Compute, type ModelRuns } from './model-runs.ts';
import type { OrtRuntime, OrtSession, Port, TensorResult } from './ort-session.ts';
import {
  describeFittingShapes,
  inputLayouts,
  outputMeaning,
  reorderChannels,
  type Fitting,
  type InputLayout,
  type OutputMeaning,
} from './own-model-layout.ts';
import { requireOnnx } from './require-onnx.ts';

/** A model that was tried, and how it wants to be asked. */
interface TriedModel {
  readonly session: OrtSession;
  readonly layout: InputLayout;
  readonly output: string;
  readonly meaning: Exclude<OutputMeaning, { holds: 'neither' }>;
  /** Whether its scores are probabilities already. */
  readonly hasSoftmax: boolean;
}

/** How far from 1 the scores of an image may add up to be taken for probabilities. */
const sumTolerance = 1e-3;

/**
 * Opens a visitor's ONNX file as a classifier or autoencoder. Which of them it is, how its input is laid out and how many
 * images it takes at once are told from what it declares and from runs on two images of our own: a blank one and a ramp.
 * Where an output is an image, it is an autoencoder, else a classifier. An input of 8-bit integers is given pixels from
 * 0 to 255, one of float32 from 0 to 1.
 *
 * @param name of the file, for errors
 * @throws Error, in one line, that says what does not fit and what would
 */
export async function openOwnModel(
  runtime: OrtRuntime,
  name: string,
  bytes: Uint8Array,
  fitting: Fitting,
): Promise<ModelRuns> {
  requireOnnx(name, bytes);
  const session = await runtime.open(bytes).catch((error: unknown) => {
    const why = textOf(error);
    // What exporters make of models beyond 2 GB, and some of all.
    const other = /external data file "+([^"]+)"/u.exec(why)?.[1];
    throw refusal(
      name,
      other === undefined
        ? `onnxruntime must be able to open it, and it says: ${why}`
        : `its weights must be inside it, and they are in another file, "${other}": save it without external data`,
      error,
    );
  });
  try {
    const tried = await tryModel(session, name, fitting);
    const compute = computeWith(tried, fitting);
    const close = () => session.close();
    return tried.meaning.holds === 'scores'
      ? { kind: 'classifier', logits: compute, classCount: fitting.classCount, close }
      : { kind: 'codec', encode: undefined, decode: undefined, reconstruct: compute, close };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function tryModel(session: OrtSession, name: string, fitting: Fitting): Promise<TriedModel> {
  const { inputs } = session;
  if (inputs.length !== 1) {
    const names = inputs.map((port) => `"${port.name}"`).join(', ');
    throw refusal(
      name,
      `a model must have one input, the image, and it has ${names === '' ? 'none' : names}`,
    );
  }
  const [input] = inputs;
  const layouts = inputLayouts(input.shape, fitting);
  if ((input.dtype !== 'float32' && input.dtype !== 'uint8') || layouts.length === 0) {
    throw refusal(
      name,
      `its input must be images as float32 or uint8 ${describeFittingShapes(fitting)}, and it takes ${described(input)}`,
    );
  }
  const failures: unknown[] = [];
  for (const layout of layouts) {
    // A file that leaves the batch open may still be made for one image, as a fixed reshape inside makes it.
    for (const batch of layout.batch === 'any' ? (['any', 1] as const) : [layout.batch]) {
      let results: Record<string, TensorResult>;
      const images = batch === 'any' ? 2 : batch;
      const candidate = { ...layout, batch };
      try {
        results = await runOnce(session, candidate, trialImages(images, fitting), { images, fitting });
      } catch (error) {
        failures.push(error);
        continue;
      }
      return readTrial(session, { layout: candidate, results, images, name, fitting });
    }
  }
  throw refusal(
    name,
    `it must run on an image ${describeFittingShapes(fitting)}, and onnxruntime says: ${textOf(failures[0])}`,
    failures[0],
  );
}

/** Tells from the outputs of a trial what the model is. */
function readTrial(
  session: OrtSession,
  trial: {
    readonly layout: InputLayout;
    readonly results: Readonly<Record<string, TensorResult>>;
    readonly images: number;
    readonly name: string;
    readonly fitting: Fitting;
  },
): TriedModel {
  const { layout, results, images, name, fitting } = trial;
  const found = Object.entries(results).flatMap(([output, { dtype, shape }]) => {
    const meaning = outputMeaning(shape, images, fitting, layout.order);
    return dtype === 'float32' && meaning.holds !== 'neither' ? [{ output, meaning }] : [];
  });
  const chosen = found.find(({ meaning }) => meaning.holds === 'images') ?? found.at(0);
  if (chosen === undefined) {
    const given = Object.entries(results)
      .map(([output, { dtype, shape }]) => `"${output}" ${dtype} [${shape.join(', ')}]`)
      .join(', ');
    throw refusal(
      name,
      `an output must be ${fitting.classCount} class scores or an image of ${fitting.imageShape.join(' × ')} as float32, ` +
        `and for ${images} ${images === 1 ? 'image' : 'images'} it gives ${given}`,
    );
  }
  const values = results[chosen.output].data as Float32Array;
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw refusal(name, `it must answer with finite numbers, and for a plain image one is ${bad}`);
  }
  const hasSoftmax = chosen.meaning.holds === 'scores' && areProbabilities(values, fitting.classCount);
  return { session, layout, ...chosen, hasSoftmax };
}

/** A blank image, then ramps from black to white, `[images, H, W, C]`. */
function trialImages(images: number, { imageShape }: Fitting): Float32Array {
  const size = imageShape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: images * size }, (_, i) => (i < size ? 0 : (i % size) / (size - 1)));
}

function areProbabilities(scores: Float32Array, classCount: number): boolean {
  for (let start = 0; start < scores.length; start += classCount) {
    const row = scores.subarray(start, start + classCount);
    const sum = row.reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) > sumTolerance || row.some((score) => score < 0)) return false;
  }
  return true;
}

function computeWith(
  { session, layout, output, meaning, hasSoftmax }: TriedModel,
  fitting: Fitting,
): Compute {
  const size = fitting.imageShape.reduce((product, length) => product * length, 1);
  const batch = layout.batch === 'any' ? batchItems : layout.batch;
  return (images, pause) =>
    inBatches(images.length / size, batch, pause, async (start, end) => {
      const count = layout.batch === 'any' ? end - start : layout.batch;
      // A fixed batch is filled up with blank images, whose results are left out.
      const data = new Float32Array(count * size);
      data.set(images.subarray(start * size, end * size));
      const results = await runOnce(session, layout, data, { images: count, fitting });
      const all = results[output].data as Float32Array;
      const values = all.subarray(0, (all.length / count) * (end - start));
      if (meaning.holds === 'images')
        return reorderChannels(values, fitting.imageShape, { from: meaning.order, to: 'nhwc' });
      // The softmax of their logarithms gives probabilities back; 0 becomes as good as 0.
      return hasSoftmax ? values.map((p) => Math.log(Math.max(p, 1e-30))) : values;
    });
}

function runOnce(
  session: OrtSession,
  layout: InputLayout,
  pixels: Float32Array,
  { images, fitting }: { images: number; fitting: Fitting },
): Promise<Record<string, TensorResult>> {
  const [input] = session.inputs;
  const laidOut = reorderChannels(pixels, fitting.imageShape, { from: 'nhwc', to: layout.order });
  const data =
    input.dtype === 'uint8'
      ? Uint8Array.from(laidOut, (pixel) => Math.round(255 * Math.min(1, Math.max(0, pixel))))
      : laidOut;
  return session.run({ [input.name]: { data, shape: layout.shapeOf(images) } });
}

function described({ dtype, shape }: Port): string {
  return `${dtype} [${shape.map((size) => (size === '' ? '?' : size)).join(', ')}]`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refusal(name: string, why: string, cause?: unknown): Error {
  return new Error(`Cannot use "${name}": ${why}.`.replace(/\.{2,}$/u, '.'), { cause });
}
