/**
 * Element types of a tensor in a graph: those of tfjs, the uint8 that images are stored in, the int8 that weights may be
 * stored in, and ONNX's int64 for shapes.
 */
export type DType = 'float32' | 'int32' | 'bool' | 'uint8' | 'int8' | 'int64';

/** Shape (sizes of the axes, all static, ≥ 0) and element type of a tensor. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** The typed array that holds the elements of a tensor; `bool` is one byte per element, 0 or 1. */
export type TensorData = Float32Array | Int32Array | Uint8Array | Int8Array | BigInt64Array;

/** Number of elements of a tensor with this shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A human's spelling of a tensor type, e.g. `float32[64,784]`. */
export function formatType({ shape, dtype }: TensorType): string {
  return `${dtype}[${shape.join(',')}]`;
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * Narrows a dtype of tfjs to one that a graph can hold.
 * @throws TypeError for `complex64` and `string`.
 */
export function asDType(dtype: string): DType {
  switch (dtype) {
    case 'float32':
    case 'int32':
    case 'bool':
    case 'uint8':
    case 'int64':
      return dtype;
    default:
      throw new TypeError(
        `Cannot trace a tensor of dtype "${dtype}": graphs hold float32, int32, bool and uint8; convert it before the traced function.`,
      );
  }
}

/** Copies numbers into the typed array that `dtype` is stored in. */
export function toTensorData(values: ArrayLike<number>, dtype: DType): TensorData {
  // Constructors copy at the speed of memory, which `from` does not.
  switch (dtype) {
    case 'float32':
      return new Float32Array(values);
    case 'int32':
      return new Int32Array(values);
    case 'bool':
      return truths(values);
    case 'uint8':
      return new Uint8Array(values);
    case 'int8':
      return new Int8Array(values);
    case 'int64':
      return BigInt64Array.from(Array.from(values, (value) => BigInt(value)));
  }
}

function truths(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = values[i] === 0 ? 0 : 1;
  return bytes;
}

/**
 * Shape that two operands broadcast to by NumPy's rule, which tfjs and ONNX share.
 * @throws TypeError when an axis differs and neither size is 1.
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - (rank - a.length)] ?? 1;
    const right = b[axis - (rank - b.length)] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new TypeError(
        `Cannot broadcast [${a.join(',')}] with [${b.join(',')}]: sizes of an axis must be equal or 1, axis ${axis} has ${left} and ${right}.`,
      );
    }
    return left === 1 ? right : left;
  });
}
