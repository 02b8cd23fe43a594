import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { DType } from '../tensor-type.ts';
import { computedIn, numericDType } from './stored-as.ts';

/** The activation that a fused kernel of tfjs ends with. */
export interface FusedActivation {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

/** `max(0, min(6, x))` of float32 or int32. */
export function relu6(builder: OnnxBuilder, x: Value): Value {
  return builder.node('Clip', [x, builder.scalar(0, x.dtype), builder.scalar(6, x.dtype)], x);
}

/** `x` where x ≥ 0, else `slope·x`, in float32. */
export function prelu(builder: OnnxBuilder, x: Value, slope: Value): Value {
  const negative = builder.compare('Less', x, builder.scalar(0, 'float32'));
  return builder.where(negative, builder.binary('Mul', x, slope), x);
}

/** The dtype of a fused kernel's result, whose sum has `dtype`: a leaky slope makes float32 of integers. */
export function activatedDType({ activation }: FusedActivation, dtype: DType): DType {
  return activation === 'leakyrelu' || activation === 'prelu' ? 'float32' : dtype;
}

/**
 * Emits the activation of a fused kernel, with the dtype of {@link activatedDType}.
 * @throws RangeError for an activation that tfjs 4.22 does not fuse.
 */
export function applyActivation(
  builder: OnnxBuilder,
  x: Value,
  { activation, leakyreluAlpha }: FusedActivation,
  slope: Value | null,
): Value {
  const real = (operator: string): Value =>
    computedIn(builder, 'float32', [x], x.dtype, (y) => builder.unary(operator, y));
  const numeric = (compute: (y: Value) => Value): Value =>
    computedIn(builder, numericDType(x), [x], x.dtype, compute);
  switch (activation ?? 'linear') {
    case 'linear':
      return x;
    case 'relu':
      return numeric((y) => builder.unary('Relu', y));
    case 'relu6':
      return numeric((y) => relu6(builder, y));
    case 'sigmoid':
      return real('Sigmoid');
    case 'elu':
      return real('Elu');
    case 'leakyrelu':
      return builder.leakyRelu(builder.cast(x, 'float32'), leakyreluAlpha ?? 0.2);
    case 'prelu':
      return prelu(builder, builder.cast(x, 'float32'), builder.cast(slope!, 'float32'));
    default:
      throw new RangeError(
        `Cannot lower a fused kernel: its activation must be one that tfjs fuses, not "${activation}"; apply it as its own op.`,
      );
  }
}
