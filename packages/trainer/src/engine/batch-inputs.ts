import type { TrainableModel } from '@narrows/models';
import type { TrainingBatch } from './engine.ts';
import type { SessionTensor } from './onnx-session.ts';

/** The inputs of a compiled step that a batch fills: `images`, `labels`, and `noise` where the model asks for it. */
export function batchInputs(
  model: TrainableModel,
  { images, labels, count, noise }: TrainingBatch,
): Record<string, SessionTensor> {
  const inputs: Record<string, SessionTensor> = {
    images: { data: images, shape: [count, ...model.imageShape], dtype: 'uint8' },
    labels: { data: labels, shape: [count], dtype: 'uint8' },
  };
  if (model.noiseShape !== undefined) {
    if (noise === undefined) throw missingNoise(model);
    inputs['noise'] = { data: noise, shape: [count, ...model.noiseShape], dtype: 'float32' };
  }
  return inputs;
}

/** What to say of a batch without the noise that its model asks for. */
export function missingNoise({ id }: TrainableModel): TypeError {
  return new TypeError(
    `Cannot take a train step of "${id}": its batches come with noise, and this one has none.`,
  );
}
