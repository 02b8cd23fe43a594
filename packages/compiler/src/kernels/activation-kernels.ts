import type * as tf from '@tensorflow/tfjs';
import { float, type Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { broadcastShape, type DType } from '../tensor-type.ts';
import { prelu, relu6 } from './activation.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { computedIn, numericDType, storedAs } from './stored-as.ts';
import { numericFunction, realFunction, sameNumeric, sameReal } from './unary.ts';

/** Activations of layers, and the kernels that only their gradients use. */

/** Slope of ReLU (`alpha` on the negative side); NaN stays NaN, as in tfjs. */
const step: Kernel<readonly [Value], tf.StepAttrs> = {
  name: 'Step',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (builder, [x], { alpha }) =>
    computedIn(builder, numericDType(x), [x], x.dtype, (y) => {
      const positive = builder.compare('Greater', y, builder.scalar(0, y.dtype));
      const slope =
        alpha === 0
          ? builder.cast(positive, y.dtype)
          : builder.where(positive, builder.scalar(1, y.dtype), builder.scalar(alpha, y.dtype));
      if (y.dtype !== 'float32') return slope;
      return builder.where(builder.node('IsNaN', [y], { shape: y.shape, dtype: 'bool' }), y, slope);
    }),
};

/** Gradient of ELU from its output `y`: `dy` where y ≥ 0, else `dy·(y + 1)`. */
const eluGrad: Kernel<readonly [Value, Value]> = {
  name: 'EluGrad',
  inputs: ['dy', 'y'],
  infer: ([, y]) => ({ shape: y.shape, dtype: 'float32' }),
  lower: (builder, [dy, y]) => {
    const positive = builder.compare('GreaterOrEqual', y, builder.scalar(0, 'float32'));
    const slope = builder.binary('Add', y, builder.scalar(1, 'float32'));
    return builder.where(positive, dy, builder.binary('Mul', dy, slope));
  },
};

const leakyRelu: Kernel<readonly [Value], tf.LeakyReluAttrs> = {
  name: 'LeakyRelu',
  inputs: ['x'],
  infer: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
  lower: (builder, [x], { alpha }) => builder.leakyRelu(builder.cast(x, 'float32'), alpha),
};

const preluKernel: Kernel<readonly [Value, Value]> = {
  name: 'Prelu',
  inputs: ['x', 'alpha'],
  infer: ([x, alpha]) => ({ shape: broadcastShape(x.shape, alpha.shape), dtype: 'float32' }),
  lower: (builder, [x, alpha]) =>
    computedIn(builder, 'float32', [x, alpha], 'float32', (y, slope) => prelu(builder, y, slope)),
};

const clipByValue: Kernel<readonly [Value], tf.ClipByValueAttrs> = {
  name: 'ClipByValue',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (builder, [x], { clipValueMin, clipValueMax }) => {
    const dtype = numericDType(x);
    const bounds = [clipValueMin, clipValueMax].map((value) => bound(builder, value, dtype));
    return storedAs(
      builder,
      builder.node('Clip', [builder.cast(x, dtype), ...bounds], { ...x, dtype }),
      x.dtype,
    );
  },
};

/** A bound of `dtype`: an integer has none beyond those of its type. */
function bound(builder: OnnxBuilder, value: number, dtype: DType): Value {
  const nearest = dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value;
  return builder.scalar(nearest, dtype);
}

export const activationKernels: readonly AnyKernel[] = [
  sameNumeric('Relu'),
  numericFunction('Relu6', relu6),
  ...['Elu', 'Sigmoid', 'Softplus'].map(sameReal),
  realFunction('Selu', (builder, x) =>
    builder.unary('Selu', x, {
      alpha: float(1.7580993408473768 / 1.0507009873554805),
      gamma: float(1.0507009873554805),
    }),
  ),
  step,
  eluGrad,
  leakyRelu,
  preluKernel,
  clipByValue,
];
