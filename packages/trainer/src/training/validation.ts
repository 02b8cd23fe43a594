import * as tf from '@tensorflow/tfjs';
import { batchLoss, scalePixels, type TrainableModel } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import type { Split } from '../data/dataset.ts';
import { frozenTensors } from '../engine/compiled-step.ts';
import type { Engine, FunctionData, ParameterArrays, PreparedFunction } from '../engine/engine.ts';
import { closeAll } from '../engine/use-and-close.ts';

/** What images that were held out from training say of a model. */
export interface ValidationResult {
  /** Mean of the training loss over the images. */
  readonly loss: number;
  /** Share of the images that a classifier gets right. */
  readonly accuracy?: number;
}

/** Judges parameters of one model by the same images again and again. */
export interface Validator {
  judge(parameters: ParameterArrays): Promise<ValidationResult>;
  close(): Promise<void>;
}

export interface ValidatorOptions {
  readonly model: TrainableModel;
  readonly frozen?: ParameterArrays;
  /** The images that were held out. */
  readonly images: Split;
  /** Draws the noise of models that ask for it: the same at every judgement. */
  readonly seed: number;
}

const batchImages = 500;

/** Compiles the loss of a model, and a classifier's answers, for the images that were held out. */
export async function createValidator(
  engine: Engine,
  { model, frozen, images, seed }: ValidatorOptions,
): Promise<Validator> {
  const imageSize = images.images.length / images.count;
  const noiseSize = model.noiseShape?.reduce((product, length) => product * length, 1) ?? 0;
  const frozenParameters = frozenTensors(model, frozen);
  const sizes = new Map<number, PreparedFunction>();
  const close = async (): Promise<void> => {
    tf.dispose(frozenParameters);
    await closeAll(sizes.values());
  };
  try {
    for (const size of new Set([Math.min(batchImages, images.count), images.count % batchImages])) {
      if (size === 0) continue;
      const prepared = await engine.prepare(
        (inputs) => {
          const parameters = Object.fromEntries(model.parameters.map(({ name }) => [name, inputs[name]]));
          const batch = {
            images: inputs['batch:images'],
            labels: inputs['batch:labels'],
            ...(noiseSize === 0 ? {} : { noise: inputs['batch:noise'] }),
          };
          const loss = batchLoss({ model, frozen: frozenParameters }, parameters, batch);
          if (model.kind !== 'classifier') return { loss };
          const logits = model.classify(parameters, scalePixels(batch.images));
          return { loss, predicted: tf.argMax(logits, 1) };
        },
        {
          ...Object.fromEntries(
            model.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }]),
          ),
          'batch:images': { shape: [size, ...model.imageShape], dtype: 'uint8' },
          'batch:labels': { shape: [size], dtype: 'uint8' },
          ...(model.noiseShape === undefined
            ? {}
            : { 'batch:noise': { shape: [size, ...model.noiseShape], dtype: 'float32' as const } }),
        },
      );
      sizes.set(size, prepared);
    }
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return {
    async judge(parameters) {
      const stream = randomStream(seed, `validation:${model.id}`);
      let loss = 0;
      let correct = 0;
      for (let start = 0; start < images.count; start += batchImages) {
        const size = Math.min(batchImages, images.count - start);
        const labels = images.labels.subarray(start, start + size);
        const inputs: Record<string, FunctionData> = {
          ...parameters,
          'batch:images': images.images.subarray(start * imageSize, (start + size) * imageSize),
          'batch:labels': labels,
        };
        if (noiseSize > 0) {
          inputs['batch:noise'] = Float32Array.from({ length: size * noiseSize }, () => stream.nextNormal());
        }
        const result = await sizes.get(size)!.run(inputs);
        loss += result['loss'][0] * size;
        if (model.kind === 'classifier') {
          correct += labels.reduce((sum, label, i) => sum + Number(result['predicted'][i] === label), 0);
        }
      }
      return {
        loss: loss / images.count,
        ...(model.kind === 'classifier' ? { accuracy: correct / images.count } : {}),
      };
    },
    close,
  };
}
