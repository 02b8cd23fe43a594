/** Layers as plain loops in float64. Images are `[count, height, width, channels]`, row-major. */

export const activations = {
  linear: (x: number) => x,
  relu: (x: number) => Math.max(0, x),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
};

export type Activation = keyof typeof activations;

/** `x [count, inputs] · kernel [inputs, outputs] + bias`. */
export function affine(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  count: number,
): Float64Array {
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

export function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

export interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** What a 3×3 filter meets: an element of the image, the element of the smaller image, and the place in the window. */
type Meeting = (large: number, small: number, window: number) => void;

/**
 * Every meeting of the 3×3 windows of a "same" convolution with an image. The places of elements are in images of one
 * channel. What padding is odd goes to the far side.
 */
function forWindows({ count, height, width }: Images, stride: number, meet: Meeting): void {
  const along = (size: number) => {
    const steps = Math.ceil(size / stride);
    return { steps, before: Math.floor(Math.max(0, (steps - 1) * stride + 3 - size) / 2) };
  };
  const [rows, columns] = [along(height), along(width)];
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < rows.steps; row++) {
      for (let column = 0; column < columns.steps; column++) {
        for (let window = 0; window < 9; window++) {
          const i = row * stride + Math.floor(window / 3) - rows.before;
          const j = column * stride + (window % 3) - columns.before;
          if (i < 0 || i >= height || j < 0 || j >= width) continue;
          const small = (image * rows.steps + row) * columns.steps + column;
          meet((image * height + i) * width + j, small, window);
        }
      }
    }
  }
}

/** 3×3 convolution, "same": `[count, h, w, c] * kernel [3, 3, c, filters] + bias`, every `stride`-th row and column. */
export function convolved(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  { stride = 1, ...images }: Images & { stride?: number },
): Float64Array {
  const filters = bias.length;
  const channels = kernel.length / 9 / filters;
  const places = images.count * Math.ceil(images.height / stride) * Math.ceil(images.width / stride);
  const y = Float64Array.from({ length: places * filters }, (_, i) => bias[i % filters]);
  forWindows(images, stride, (large, small, window) => {
    for (let channel = 0; channel < channels; channel++) {
      const pixel = x[large * channels + channel];
      const weights = (window * channels + channel) * filters;
      for (let filter = 0; filter < filters; filter++)
        y[small * filters + filter] += pixel * kernel[weights + filter];
    }
  });
  return y;
}

/**
 * The transpose of a 3×3 "same" convolution with that stride, plus bias: `[count, h/stride, w/stride, c]` and kernel
 * `[3, 3, filters, c]` → `[count, h, w, filters]`.
 * @param images size of what comes out.
 */
export function convolvedBack(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  { stride, ...images }: Images & { stride: number },
): Float64Array {
  const filters = bias.length;
  const channels = kernel.length / 9 / filters;
  const places = images.count * images.height * images.width;
  const y = Float64Array.from({ length: places * filters }, (_, i) => bias[i % filters]);
  forWindows(images, stride, (large, small, window) => {
    for (let filter = 0; filter < filters; filter++) {
      for (let channel = 0; channel < channels; channel++) {
        const weight = kernel[(window * filters + filter) * channels + channel];
        y[large * filters + filter] += x[small * channels + channel] * weight;
      }
    }
  });
  return y;
}

/** 2×2 max-pooling; an odd last row or column is left out. */
export function pooled(
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
