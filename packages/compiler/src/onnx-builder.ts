import {
  float,
  type Attributes,
  type Graph,
  type InputPort,
  type Node,
  type Port,
  type Value,
} from './graph.ts';
import {
  broadcastShape,
  formatType,
  sameShape,
  sizeOf,
  toTensorData,
  type DType,
  type TensorData,
  type TensorType,
} from './tensor-type.ts';

/** Values of one graph are numbered by one counter, so that their order of creation is their order of ids. */
export interface ValueFactory {
  value(type: TensorType): Value;
}

export function valueFactory(firstId = 0): ValueFactory {
  let next = firstId;
  return {
    value: ({ shape, dtype }) => ({ id: next++, shape: [...shape], dtype }),
  };
}

/**
 * Builds ONNX nodes, typing each as it goes. Only the operators whose output type takes some work have a method;
 * everything else goes through {@link OnnxBuilder.node}, where the caller states the output type.
 */
export class OnnxBuilder {
  /** Layer that the nodes to come are attributed to. */
  layer = '';
  /** Kernel that the nodes to come are attributed to. */
  kernel: string | undefined = undefined;
  readonly nodes: Node[] = [];
  readonly constants = new Map<Value, TensorData>();
  readonly #values: ValueFactory;
  readonly #constantsByContent = new Map<string, Value>();

  constructor(values: ValueFactory) {
    this.#values = values;
  }

  /** Appends a node of the standard operator set with one output. */
  node(op: string, inputs: readonly (Value | null)[], type: TensorType, attributes: Attributes = {}): Value {
    return this.nodeWithOutputs(op, inputs, [type], attributes)[0];
  }

  nodeWithOutputs(
    op: string,
    inputs: readonly (Value | null)[],
    types: readonly TensorType[],
    attributes: Attributes = {},
    domain = '',
  ): Value[] {
    const outputs = types.map((type) => this.#values.value(type));
    this.nodes.push({ op, domain, inputs, outputs, attributes, layer: this.layer, kernel: this.kernel });
    return outputs;
  }

  /** A constant tensor; constants of equal type and content that are small are shared. */
  constant(data: TensorData, type: TensorType): Value {
    if (data.length !== sizeOf(type.shape)) {
      throw new TypeError(
        `Cannot make a constant of ${formatType(type)}: it takes ${sizeOf(type.shape)} elements, not ${data.length}.`,
      );
    }
    const key = data.length <= 64 ? `${formatType(type)}:${keyOf(data)}` : undefined;
    const known = key === undefined ? undefined : this.#constantsByContent.get(key);
    if (known !== undefined) return known;
    const value = this.#values.value(type);
    this.constants.set(value, data);
    if (key !== undefined) this.#constantsByContent.set(key, value);
    return value;
  }

  scalar(value: number, dtype: DType): Value {
    return this.constant(toTensorData([value], dtype), { shape: [], dtype });
  }

  /** A rank-1 int64 constant, which is how ONNX takes shapes, axes and positions. */
  int64s(values: readonly number[]): Value {
    return this.constant(toTensorData(values, 'int64'), { shape: [values.length], dtype: 'int64' });
  }

  /** An elementwise operator that keeps its operand's type. */
  unary(op: string, x: Value, attributes: Attributes = {}): Value {
    return this.node(op, [x], x, attributes);
  }

  /** An elementwise operator with broadcasting whose result has the operands' dtype. */
  binary(op: string, a: Value, b: Value): Value {
    return this.node(op, [a, b], this.broadcast(a, b));
  }

  /** Type of what an elementwise operator makes of operands that broadcast. */
  broadcast(a: Value, b: Value): TensorType {
    return { shape: broadcastShape(a.shape, b.shape), dtype: a.dtype };
  }

  /** A comparison or logical operator with broadcasting; the result is `bool`. */
  compare(op: string, a: Value, b: Value): Value {
    return this.node(op, [a, b], { shape: broadcastShape(a.shape, b.shape), dtype: 'bool' });
  }

  cast(x: Value, dtype: DType): Value {
    return x.dtype === dtype ? x : this.node('Cast', [x], { shape: x.shape, dtype }, { to: dtype });
  }

  where(condition: Value, a: Value, b: Value): Value {
    // onnxruntime has no Where on bool.
    if (a.dtype === 'bool') {
      return this.cast(this.where(condition, this.cast(a, 'uint8'), this.cast(b, 'uint8')), 'bool');
    }
    const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
    return this.node('Where', [condition, a, b], { shape, dtype: a.dtype });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    // A zero in the target means "copy this axis" to ONNX unless allowzero says otherwise.
    const attributes = shape.includes(0) ? { allowzero: 1 } : {};
    return this.node('Reshape', [x, this.int64s(shape)], { shape, dtype: x.dtype }, attributes);
  }

  /** Output axis `i` is input axis `permutation[i]`. */
  transpose(x: Value, permutation: readonly number[]): Value {
    if (permutation.every((axis, position) => axis === position)) return x;
    const shape = permutation.map((axis) => x.shape[axis]);
    return this.node('Transpose', [x], { shape, dtype: x.dtype }, { perm: permutation });
  }

  /** Swaps the last two axes. */
  transposeLast(x: Value): Value {
    const rank = x.shape.length;
    const permutation = [...x.shape.keys()];
    [permutation[rank - 2], permutation[rank - 1]] = [rank - 1, rank - 2];
    return this.transpose(x, permutation);
  }

  /** `NHWC → NCHW`, the layout of ONNX's convolutions and pools; likewise with more or fewer axes of space. */
  channelsFirst(x: Value): Value {
    const [batch, ...rest] = x.shape.keys();
    return this.transpose(x, [batch, rest.length, ...rest.slice(0, -1)]);
  }

  /** `NCHW → NHWC`, the layout of tfjs; likewise with more or fewer axes of space. */
  channelsLast(x: Value): Value {
    const [batch, channels, ...space] = x.shape.keys();
    return this.transpose(x, [batch, ...space, channels]);
  }

  expand(x: Value, shape: readonly number[]): Value {
    return sameShape(x.shape, shape)
      ? x
      : this.node('Expand', [x, this.int64s(shape)], { shape, dtype: x.dtype });
  }

  /** Product of two matrices with optional bias `[n]`: `op(a)·op(b) + bias`, where `op` transposes if asked. */
  gemm(
    a: Value,
    b: Value,
    options: { transposeA?: boolean; transposeB?: boolean; bias?: Value | null } = {},
  ): Value {
    const { transposeA = false, transposeB = false, bias = null } = options;
    const shape = [a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]];
    const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    return this.node('Gemm', bias === null ? [a, b] : [a, b, bias], { shape, dtype: a.dtype }, attributes);
  }

  /** Sum over axes; ONNX takes them as an input from opset 13 on. */
  reduceSum(x: Value, axes: readonly number[], keepDims: boolean): Value {
    if (axes.length === 0) return x;
    const type = { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype };
    return this.node('ReduceSum', [x, this.int64s(axes)], type, { keepdims: keepDims ? 1 : 0 });
  }

  /**
   * Every `steps`-th element from `starts` to before `ends`, along each of `axes`. Positions are non-negative, except that
   * a slice that runs backwards, with a negative step, may end before the first element, at -1.
   */
  slice(
    x: Value,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[] = axes.map(() => 1),
  ): Value {
    const shape = [...x.shape];
    axes.forEach((axis, i) => {
      shape[axis] = Math.max(0, Math.ceil((ends[i] - starts[i]) / steps[i]));
    });
    // To ONNX, -1 is the last element; what lies before the first is clamped to it.
    const bounds = ends.map((end) => (end === -1 ? -(2 ** 31) : end));
    const positions = [starts, bounds, axes, steps].map((values) => this.int64s(values));
    return this.node('Slice', [x, ...positions], { shape, dtype: x.dtype });
  }

  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0];
    const shape = [...values[0].shape];
    shape[axis] = values.reduce((total, value) => total + value.shape[axis], 0);
    return this.node('Concat', values, { shape, dtype: values[0].dtype }, { axis });
  }

  /** Constant padding: `before[i]` and `after[i]` elements along axis `i`. */
  pad(x: Value, before: readonly number[], after: readonly number[], fill = 0): Value {
    if ([...before, ...after].every((size) => size === 0)) return x;
    const shape = x.shape.map((size, axis) => before[axis] + size + after[axis]);
    const inputs = [x, this.int64s([...before, ...after]), this.scalar(fill, x.dtype)];
    return this.node('Pad', inputs, { shape, dtype: x.dtype }, { mode: 'constant' });
  }

  leakyRelu(x: Value, alpha: number): Value {
    return this.unary('LeakyRelu', x, { alpha: float(alpha) });
  }

  /** The graph made of these nodes between the given ports. */
  graph(inputs: readonly InputPort[], outputs: readonly Port[]): Graph {
    return { inputs, outputs, nodes: this.nodes, constants: this.constants };
  }
}

/** Shape after reducing `axes`, which stay as size 1 when `keepDims`. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

function keyOf(data: TensorData): string {
  // -0 and 0 print alike but are not the same constant.
  return Array.from(data as ArrayLike<number | bigint>, (x) => (Object.is(x, -0) ? '-0' : String(x))).join(
    ',',
  );
}
