import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { findBlockedChannels } from '../find-blocked-channels.ts';
import { printGraph, type Graph } from '../graph.ts';
import { lowerWithPasses } from '../lower-with-passes.ts';
import { runModel } from '../testing/run-onnx.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { blockedDomain } from './blocked-layout.ts';

/** Size of block on this machine; 16 where there is none, for the tests that only look at graphs. */
const found = await findBlockedChannels(runModel);
const block = found ?? 16;

type Tensors = Record<string, tf.Tensor4D>;

/** A function on images `[N, H, W, C]`, and the shapes of its inputs. */
interface Sample {
  readonly fn: (inputs: Tensors) => tf.NamedTensorMap;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** How many blocked convolutions its graph has. */
  readonly blocked: number;
}

function graphOf({ fn, shapes }: Sample, blockedChannels?: number): Graph {
  const specs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, InputSpec] => [name, { shape, dtype: 'float32' }]),
  );
  return lowerWithPasses(trace(fn as TensorFunction, specs), { target: { blockedChannels } });
}

const countBlocked = ({ nodes }: Graph): number =>
  nodes.filter(({ op, domain }) => op === 'Conv' && domain === blockedDomain).length;

/** A convolution with bias and ReLU. */
const layer = (x: tf.Tensor4D, w: tf.Tensor4D, b: tf.Tensor): tf.Tensor4D =>
  tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, w, 1, 'same'), b));

const samples: Readonly<Record<string, Sample>> = {
  'two layers, the first of one channel': {
    fn: ({ x, v, w, a, b }) => ({ y: layer(layer(x, v, a), w, b) }),
    shapes: { x: [2, 5, 4, 1], v: [3, 3, 1, block], a: [block], w: [3, 3, block, 2 * block], b: [2 * block] },
    blocked: 2,
  },
  'batch 1, a stride that does not divide, no padding': {
    fn: ({ x, w }) => ({ y: tf.conv2d(x, w, 2, 'valid') }),
    shapes: { x: [1, 7, 8, block], w: [3, 2, block, block] },
    blocked: 1,
  },
  dilation: {
    fn: ({ x, w }) => ({ y: tf.conv2d(x, w, 1, 'same', 'NHWC', 2) }),
    shapes: { x: [2, 7, 6, block], w: [3, 3, block, block] },
    blocked: 1,
  },
  'images in NCHW': {
    fn: ({ x, w }) => ({ y: tf.relu(tf.conv2d(x, w, 1, 'valid', 'NCHW')) }),
    shapes: { x: [2, block, 4, 5], w: [1, 1, block, block] },
    blocked: 1,
  },
  'odd channels between two that divide': {
    fn: ({ x, v, w, z }) => ({
      y: tf.conv2d(tf.conv2d(tf.conv2d(x, v, 1, 'same'), w, 1, 'same'), z, 1, 'same'),
    }),
    shapes: { x: [2, 4, 4, 3], v: [3, 3, 3, block], w: [3, 3, block, 7], z: [3, 3, 7, 2 * block] },
    blocked: 2,
  },
  'channels that are more than a block and none of its multiples': {
    fn: ({ x, w }) => ({ y: tf.conv2d(x, w, 1, 'same') }),
    shapes: { x: [2, 4, 4, block + 4], w: [3, 3, block + 4, block] },
    blocked: 0,
  },
  'a product for each channel': {
    fn: ({ x, w, z }) => ({ y: tf.conv2d(tf.depthwiseConv2d(x, w, 1, 'same'), z, 1, 'same') }),
    shapes: { x: [2, 4, 4, block], w: [3, 3, block, 1], z: [1, 1, block, block] },
    blocked: 1,
  },
  'a sum with an image that is not blocked, a mask by pixel, and a number': {
    fn: ({ x, w, other, mask }) => {
      const y = tf.add(tf.conv2d(x, w, 1, 'same'), other);
      return { y: tf.mul(tf.mul(y, 3), mask), z: tf.sub(other, y), greater: tf.greater(other, y) };
    },
    shapes: { x: [2, 4, 4, 2], w: [3, 3, 2, block], other: [2, 4, 4, block], mask: [4, 4, 1] },
    blocked: 1,
  },
  'an activation that is read beside its ReLU': {
    fn: ({ x, w }) => {
      const y = tf.conv2d(x, w, 1, 'same');
      return { y, activation: tf.relu(y), leaky: tf.leakyRelu(y, 0.1) };
    },
    shapes: { x: [2, 3, 3, block], w: [3, 3, block, block] },
    blocked: 1,
  },
  'pools, sums and channels side by side': {
    fn: ({ x, w }) => {
      const y = tf.conv2d(x, w, 1, 'same');
      return {
        most: tf.maxPool(tf.neg(y), 3, 2, 'same'),
        mean: tf.avgPool(y, 2, 2, 'valid'),
        byChannel: tf.sum(y, [0, 1, 2]),
        byPixel: tf.sum(y, [3]),
        byImage: tf.sum(y, [1, 2]),
        both: tf.concat([y, tf.relu(y)], 3),
      };
    },
    shapes: { x: [3, 5, 4, 3], w: [3, 3, 3, block] },
    blocked: 1,
  },
  'channels that become pixels': {
    fn: ({ x, w }) => ({ y: tf.depthToSpace(tf.conv2d(x, w, 1, 'same'), 2, 'NHWC') }),
    shapes: { x: [2, 3, 4, 3], w: [3, 3, 3, 4 * block] },
    blocked: 1,
  },
  'weights that are computed, and used twice': {
    fn: ({ x, w }) => {
      const filter = tf.mul(w, 2);
      return {
        y: tf.conv2d(tf.conv2d(x, filter as tf.Tensor4D, 1, 'same'), filter as tf.Tensor4D, 1, 'same'),
        filter,
      };
    },
    shapes: { x: [2, 4, 4, block], w: [3, 3, block, block] },
    blocked: 2,
  },
};

/** A block of a classifier with its gradients, as `poolByPhases` and `filterGradientByConvolution` prepare it. */
function gradients(batch: number, image: readonly number[], filters: number): Sample {
  return {
    fn: ({ x, w, b }) => {
      const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const [image, filter, bias] = tensors as [tf.Tensor4D, tf.Tensor4D, tf.Tensor];
        return tf.sum(tf.square(tf.maxPool(layer(image, filter, bias), 2, 2, 'valid')));
      })([x, w, b]);
      return { loss: value, dx: grads[0], dw: grads[1], db: grads[2] };
    },
    shapes: { x: [batch, ...image], w: [3, 3, image[2], filters], b: [filters] },
    blocked: 0,
  };
}

const trained: readonly [string, Sample][] = [
  ['a batch of whole blocks', gradients(block, [4, 6, block], block)],
  ['two blocks of images, more filters than channels', gradients(2 * block, [6, 4, block], 2 * block)],
  ['one channel', gradients(block, [4, 4, 1], block)],
  ['a batch of odd size', gradients(3, [4, 4, block], block)],
  ['batch 1', gradients(1, [4, 4, 2], block)],
  ['odd channels', gradients(block, [4, 4, 5], 6)],
];

describe('blockChannels', () => {
  it.each(Object.entries(samples))('runs what it can on blocks: %s', (_, sample) => {
    expect(countBlocked(graphOf(sample, block))).toBe(sample.blocked);
  });

  it.skipIf(found === undefined).each(Object.entries(samples))('changes no result: %s', async (_, sample) => {
    await expectSameResults(graphOf(sample), graphOf(sample, block), { tolerance: 'sum' });
  });

  it.skipIf(found === undefined).each(trained)('changes no gradient: %s', async (_, sample) => {
    await expectSameResults(graphOf(sample), graphOf(sample, block), { tolerance: 'gradient' });
  });

  it('stays on blocks from one layer to the next, and gives their bias and ReLU to the convolution', () => {
    const sample: Sample = {
      fn: ({ x, v, w, a, b }) => ({ y: layer(layer(x, v, a), w, b) }),
      shapes: { x: [2, 5, 4, 1], v: [3, 3, 1, 16], a: [16], w: [3, 3, 16, 32], b: [32] },
      blocked: 2,
    };
    expect(printGraph(graphOf(sample, 16))).toMatchSnapshot();
  });

  it('does nothing unless it is told the size', () => {
    for (const sample of Object.values(samples)) {
      expect(graphOf(sample).nodes.filter(({ domain }) => domain === blockedDomain)).toEqual([]);
    }
  });
});
