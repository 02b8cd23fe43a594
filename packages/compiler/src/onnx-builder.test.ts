import { describe, expect, it } from 'vitest';
import type { Value } from './graph.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';

function builderOf(...shapes: (readonly number[])[]): [OnnxBuilder, ...Value[]] {
  const values = valueFactory();
  const operands = shapes.map((shape) => values.value({ shape, dtype: 'float32' }));
  return [new OnnxBuilder(values), ...operands];
}

describe('constants', () => {
  it('of equal type and content are one', () => {
    const [builder] = builderOf();
    expect(builder.int64s([1, 2])).toBe(builder.int64s([1, 2]));
    expect(builder.scalar(1, 'float32')).toBe(builder.scalar(1, 'float32'));
    expect(builder.constants.size).toBe(2);
  });

  it('of another content, dtype, shape or sign of zero are others', () => {
    const [builder] = builderOf();
    const constants = [
      builder.scalar(0, 'float32'),
      builder.scalar(-0, 'float32'),
      builder.scalar(0, 'int32'),
      builder.scalar(1, 'float32'),
      builder.constant(Float32Array.of(0), { shape: [1], dtype: 'float32' }),
    ];
    expect(new Set(constants).size).toBe(constants.length);
  });

  it('have as many elements as their shape', () => {
    const [builder] = builderOf();
    expect(() => builder.constant(Float32Array.of(1, 2), { shape: [3], dtype: 'float32' })).toThrow(
      new TypeError('Cannot make a constant of float32[3]: it takes 3 elements, not 2.'),
    );
  });
});

describe('operators that would change nothing', () => {
  it('are not emitted', () => {
    const [builder, x] = builderOf([2, 3]);
    const same = [
      builder.cast(x, 'float32'),
      builder.reshape(x, [2, 3]),
      builder.transpose(x, [0, 1]),
      builder.expand(x, [2, 3]),
      builder.reduceSum(x, [], false),
      builder.concat([x], 0),
      builder.pad(x, [0, 0], [0, 0]),
    ];
    expect(new Set(same)).toEqual(new Set([x]));
    expect(builder.nodes).toEqual([]);
  });
});

describe('types', () => {
  it('of results follow from the operands', () => {
    const [builder, image, row, stack] = builderOf([2, 5, 4, 3], [3], [7, 2, 3]);
    const shapes = [
      builder.binary('Add', image, row),
      builder.channelsFirst(image),
      builder.channelsLast(image),
      builder.transposeLast(stack),
      builder.slice(image, [1, 2], [1, 0], [5, 4], [2, 3]),
      builder.slice(image, [1], [3], [2]),
      builder.concat([image, image], 3),
      builder.pad(image, [0, 1, 0, 0], [0, 2, 3, 0]),
      builder.reduceSum(image, [1, 2], true),
      builder.reduceSum(image, [1, 2], false),
      builder.gemm(builder.reshape(stack, [14, 3]), builder.reshape(image, [40, 3]), { transposeB: true }),
    ].map(({ shape }) => shape.join(' '));
    expect(shapes).toEqual([
      '2 5 4 3',
      '2 3 5 4',
      '2 4 3 5',
      '7 3 2',
      '2 2 2 3',
      '2 0 4 3',
      '2 5 4 6',
      '2 8 7 3',
      '2 1 1 3',
      '2 3',
      '14 40',
    ]);
  });

  it('of a choice between booleans are bool, by way of uint8', () => {
    const [builder, x] = builderOf([2]);
    const flags = builder.compare('Less', x, builder.scalar(0, 'float32'));
    expect(builder.where(flags, flags, flags).dtype).toBe('bool');
    expect(builder.nodes.map(({ op, outputs }) => `${op} ${outputs[0].dtype}`)).toEqual([
      'Less bool',
      'Cast uint8',
      'Cast uint8',
      'Where uint8',
      'Cast bool',
    ]);
  });
});
