import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { filterGradientByConvolution } from './filter-gradient-by-convolution.ts';

/** The gradient of a convolution by its filter. */
function gradientOf(strides: number, pad: 'same' | 'valid'): TensorFunction {
  return ({ x, filter, dy }) => {
    const gradient = tf.grad((f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad));
    return { gradient: gradient(filter, dy) };
  };
}

function specsOf(batch: number, filters: number, out: readonly [number, number]) {
  return {
    x: { shape: [batch, 6, 7, 3], dtype: 'float32' },
    filter: { shape: [3, 2, 3, filters], dtype: 'float32' },
    dy: { shape: [batch, ...out, filters], dtype: 'float32' },
  } as const;
}

describe('filterGradientByConvolution', () => {
  it.each([
    ['same', 1, [6, 7]],
    ['same', 2, [3, 4]],
    ['valid', 1, [4, 6]],
  ] as const)('gives the same gradient, pad %s, strides %i', async (pad, strides, out) => {
    const before = trace(gradientOf(strides, pad), specsOf(8, 8, out));
    const after = filterGradientByConvolution(before, { blockedChannels: 8 });
    expect(before.nodes.map(({ op }) => op)).toContain('Conv2DBackpropFilter');
    expect(after.nodes.map(({ op }) => op)).not.toContain('Conv2DBackpropFilter');
    await expectSameResults(lower(before), lower(after), { tolerance: 'gradient' });
  });

  it.each([
    ['batch', 6, 8],
    ['number of filters', 8, 6],
  ] as const)('leaves it alone where the %s does not divide into blocks', (_, batch, filters) => {
    const before = trace(gradientOf(1, 'same'), specsOf(batch, filters, [6, 7]));
    const after = filterGradientByConvolution(before, { blockedChannels: 8 });
    expect(after.nodes.map(({ op }) => op)).toContain('Conv2DBackpropFilter');
  });

  it('leaves it alone where the last windows end before the image does', () => {
    const before = trace(gradientOf(2, 'valid'), specsOf(8, 8, [2, 3]));
    const after = filterGradientByConvolution(before, { blockedChannels: 8 });
    expect(after.nodes.map(({ op }) => op)).toContain('Conv2DBackpropFilter');
  });

  it('leaves it alone in a portable graph', () => {
    const before = trace(gradientOf(1, 'same'), specsOf(8, 8, [6, 7]));
    expect(filterGradientByConvolution(before, {})).toBe(before);
  });
});
