import type { Model } from '../model.ts';

/** Values of a model's parameters, by name. */
export type ReferenceParameters = Readonly<Record<string, Float64Array>>;

/** Pixels in [0, 1] of `labels.length` images, and their classes. */
export interface ReferenceBatch {
  readonly pixels: Float64Array;
  readonly labels: readonly number[];
}

type Layer = (name: string, x: Float64Array, activation: Activation) => Float64Array;

const activations = {
  none: (x: number) => x,
  relu: (x: number) => Math.max(0, x),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
};
type Activation = keyof typeof activations;

/**
 * What the models compute, written down a second time as plain loops in float64: what tfjs must agree with, and smooth
 * enough for differences of losses to tell a gradient.
 */
export function referenceForward(
  model: Model,
  parameters: ReferenceParameters,
  { pixels, labels }: ReferenceBatch,
): { latents: Float64Array; output: Float64Array } {
  const count = labels.length;
  const dense: Layer = (name, x, activation) => {
    const bias = parameters[`${name}/bias`];
    return affine(x, parameters[`${name}/kernel`], bias, count).map(activations[activation]);
  };
  switch (model.kind) {
    case 'pca': {
      const { mean, components } = parameters;
      const centred = pixels.map((pixel, i) => pixel - mean[i % mean.length]);
      const across = transposed(components, mean.length);
      const latents = affine(centred, across, new Float64Array(model.latent), count);
      return { latents, output: affine(latents, components, mean, count) };
    }
    case 'autoencoder': {
      const hidden = (model.hyperparameters['hidden'] as readonly number[]).map((_, i) => `hidden${i + 1}`);
      let x = pixels;
      for (const name of hidden) x = dense(`encoder/${name}`, x, 'relu');
      const latents = dense('encoder/latent', x, 'relu');
      x = latents;
      for (const name of hidden) x = dense(`decoder/${name}`, x, 'relu');
      return { latents, output: dense('decoder/pixels', x, 'sigmoid') };
    }
    case 'classifier': {
      let [height, width] = model.imageShape;
      let x = pixels;
      for (const name of ['classifier/conv1', 'classifier/conv2']) {
        const kernel = parameters[`${name}/kernel`];
        x = convolved(x, kernel, parameters[`${name}/bias`], { count, height, width }).map(activations.relu);
        x = pooled(x, { count, height, width, channels: parameters[`${name}/bias`].length });
        [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
      }
      x = dense('classifier/hidden', x, 'relu');
      return { latents: x, output: dense('classifier/logits', x, 'none') };
    }
  }
}

/** The loss that the model is trained on: mean squared error or mean cross-entropy. */
export function referenceLoss(model: Model, parameters: ReferenceParameters, batch: ReferenceBatch): number {
  const { output } = referenceForward(model, parameters, batch);
  if (model.kind !== 'classifier') {
    return output.reduce((sum, value, i) => sum + (value - batch.pixels[i]) ** 2, 0) / output.length;
  }
  const losses = batch.labels.map((label, image) => {
    const logits = output.subarray(image * model.classes, (image + 1) * model.classes);
    return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label];
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

/** `x [count, inputs] · kernel [inputs, outputs] + bias`. */
function affine(x: Float64Array, kernel: Float64Array, bias: Float64Array, count: number): Float64Array {
  const outputs = bias.length;
  const inputs = x.length / count;
  const y = new Float64Array(count * outputs);
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = bias[output];
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i] * kernel[i * outputs + output];
      y[row * outputs + output] = sum;
    }
  }
  return y;
}

function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** 3×3 convolution with a border of zeros: `[count, h, w, c] * kernel [3, 3, c, filters] + bias`. */
function convolved(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  { count, height, width }: Images,
): Float64Array {
  const filters = bias.length;
  const channels = kernel.length / 9 / filters;
  const y = new Float64Array(count * height * width * filters);
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const place = ((image * height + row) * width + column) * filters;
        y.set(bias, place);
        for (let window = 0; window < 9; window++) {
          const [i, j] = [row + Math.floor(window / 3) - 1, column + (window % 3) - 1];
          if (i < 0 || i >= height || j < 0 || j >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            const pixel = x[((image * height + i) * width + j) * channels + channel];
            const weights = (window * channels + channel) * filters;
            for (let filter = 0; filter < filters; filter++)
              y[place + filter] += pixel * kernel[weights + filter];
          }
        }
      }
    }
  }
  return y;
}

/** 2×2 max-pooling; an odd last row or column is left out. */
function pooled(
  x: Float64Array,
  { count, height, width, channels }: Images & { channels: number },
): Float64Array {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  return Float64Array.from({ length: count * rows * columns * channels }, (_, place) => {
    const channel = place % channels;
    const column = Math.floor(place / channels) % columns;
    const row = Math.floor(place / channels / columns) % rows;
    const image = Math.floor(place / channels / columns / rows);
    const at = (i: number, j: number): number =>
      x[((image * height + 2 * row + i) * width + 2 * column + j) * channels + channel];
    return Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
  });
}
