import * as tf from '@tensorflow/tfjs';
import { compile, type CompileOptions, type NamedTensors, type TensorFunction } from '@narrows/compiler';
import type { Model } from '@narrows/models';
import type { ParameterArrays } from './engine/engine.ts';
import { openOnnxSession } from './engine/onnx-session.ts';

/** One of a model's ONNX files. */
export interface ExportedFile {
  /** What it computes: `encoder`, `decoder` and `autoencoder` of a codec, `classifier`. */
  readonly role: 'encoder' | 'decoder' | 'autoencoder' | 'classifier';
  readonly bytes: Uint8Array;
  /** The function it was compiled from, which keeps the parameters it closes over. */
  readonly fn: TensorFunction;
  readonly inputName: 'images' | 'latents';
}

/** A model's ONNX files with the tensors they were made from. */
export interface ExportedModel {
  readonly files: readonly ExportedFile[];
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Compiles a trained model to ONNX files with its parameters inside and any number `N` of images at a time:
 *
 * | role | input | output |
 * | --- | --- | --- |
 * | encoder | `images` float32 `[N, H, W, C]` in [0, 1] | `latents` float32 `[N, latent]` |
 * | decoder | `latents` | `reconstructions` float32 `[N, H, W, C]` |
 * | autoencoder | `images` | `reconstructions` |
 * | classifier | `images` | `logits` float32 `[N, classes]`, before softmax |
 *
 * @param weights how the files store the parameters: as they are, or rounded to integers.
 */
export function exportModel(
  model: Model,
  arrays: ParameterArrays,
  { weights = 'float32' }: Pick<CompileOptions, 'weights'> = {},
): ExportedModel {
  const parameters = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape], 'float32')]),
  );
  const images = { images: { shape: ['N', ...model.imageShape], dtype: 'float32' } } as const;
  const file = (
    role: ExportedFile['role'],
    inputs: Parameters<typeof compile>[1],
    fn: TensorFunction,
  ): ExportedFile => {
    const description = `${role} of ${model.title}. ${model.source}.`;
    const metadata = { 'narrows.model': model.id, 'narrows.role': role };
    const { bytes } = compile(fn, inputs, { name: `${model.id} ${role}`, description, metadata, weights });
    return { role, bytes, fn, inputName: Object.keys(inputs)[0] as ExportedFile['inputName'] };
  };
  const files =
    model.kind === 'classifier'
      ? [file('classifier', images, ({ images: x }) => ({ logits: model.classify(parameters, x) }))]
      : [
          file('encoder', images, ({ images: x }) => ({ latents: model.encode(parameters, x) })),
          file('decoder', { latents: { shape: ['N', model.latent], dtype: 'float32' } }, ({ latents }) => ({
            reconstructions: model.decode(parameters, latents),
          })),
          file('autoencoder', images, ({ images: x }) => ({
            reconstructions: model.decode(parameters, model.encode(parameters, x)),
          })),
        ];
  return {
    files,
    dispose: () => {
      tf.dispose(parameters);
    },
  };
}

/**
 * Loads exported files into onnxruntime and compares what they answer with what tfjs computes eagerly on its `cpu`
 * backend from the trained parameters. A decoder is given the latent vectors that the encoder made.
 *
 * @param images float32 pixels in [0, 1] of `count` images.
 * @returns the largest absolute difference of any output element.
 */
export async function compareExport(
  { files }: ExportedModel,
  images: Float32Array,
  { count, imageShape }: { count: number; imageShape: readonly number[] },
): Promise<number> {
  await tf.setBackend('cpu');
  let largest = 0;
  let latents: { data: Float32Array; shape: number[] } | undefined;
  for (const { role, bytes, fn, inputName } of files) {
    const input = role === 'decoder' ? latents! : { data: images, shape: [count, ...imageShape] };
    const session = await openOnnxSession(bytes, { device: 'cpu', threads: 1 });
    const actual = await session.run({ [inputName]: { ...input, dtype: 'float32' } });
    await session.close();
    const expected = tf.tidy(() =>
      fn({ [inputName]: tf.tensor(input.data, input.shape) } satisfies NamedTensors),
    );
    for (const [name, tensor] of Object.entries(expected)) {
      const values = (await tensor.data()) as Float32Array;
      if (role === 'encoder') latents = { data: values, shape: tensor.shape };
      largest = Math.max(largest, largestDifference(actual[name].data as Float32Array, values));
    }
    tf.dispose(expected);
  }
  return largest;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new TypeError(
      `Cannot compare an exported model: it gives ${a.length} values where tfjs gives ${b.length}.`,
    );
  }
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}
