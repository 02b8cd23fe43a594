import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';

/** The activation that a fused kernel of tfjs ends with. */
export interface FusedActivation {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

/**
 * Emits the activation of a fused kernel.
 * @throws RangeError for an activation that tfjs 4.22 does not fuse.
 */
export function applyActivation(
  builder: OnnxBuilder,
  x: Value,
  { activation, leakyreluAlpha }: FusedActivation,
  slope: Value | null,
): Value {
  switch (activation ?? 'linear') {
    case 'linear':
      return x;
    case 'relu':
      return builder.unary('Relu', x);
    case 'relu6':
      return builder.node('Clip', [x, builder.scalar(0, x.dtype), builder.scalar(6, x.dtype)], x);
    case 'sigmoid':
      return builder.unary('Sigmoid', x);
    case 'elu':
      return builder.unary('Elu', x);
    case 'leakyrelu':
      return builder.leakyRelu(x, leakyreluAlpha ?? 0.2);
    case 'prelu': {
      const negative = builder.compare('Less', x, builder.scalar(0, x.dtype));
      return builder.where(negative, builder.binary('Mul', x, slope!), x);
    }
    default:
      throw new RangeError(
        `Cannot lower a fused kernel: its activation must be one that tfjs fuses, not "${activation}"; apply it as its own op.`,
      );
  }
}
