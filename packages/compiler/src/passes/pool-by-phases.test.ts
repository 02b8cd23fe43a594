import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph, type Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import { removeDead } from '../rewrite.ts';
import { repeatValues } from '../testing/draw-values.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { poolByPhases } from './pool-by-phases.ts';
import { slopeOfOutput } from './slope-of-output.ts';

interface Block {
  readonly image?: readonly [batch: number, height: number, width: number, channels: number];
  /** Height and width of the filter. */
  readonly window?: number;
  readonly filters?: number;
  readonly strides?: number;
  readonly pad?: 'same' | 'valid';
  readonly pool?: number;
  readonly activation?: (x: tf.Tensor) => tf.Tensor;
}

/** A block of convolution, bias, ReLU and pool with its gradients, and the types of its inputs. */
function block({
  image = [2, 6, 8, 3],
  window = 3,
  filters = 4,
  strides = 1,
  pad = 'same',
  pool = 2,
  activation = tf.relu,
}: Block = {}): [TensorFunction, Record<string, InputSpec>] {
  const forward = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => {
    const convolved = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
    return tf.maxPool(activation(tf.add(convolved, b)) as tf.Tensor4D, pool, pool, 'valid');
  };
  const fn: TensorFunction = ({ x, w, b, scale }) => {
    const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
      tf.sum(tf.mul(scale, tf.square(forward(tensors[0], tensors[1], tensors[2]))));
    const { value, grads } = tf.valueAndGrads(loss)([x, w, b]);
    return { loss: value, dx: grads[0], dw: grads[1], db: grads[2] };
  };
  const specs: Record<string, InputSpec> = {
    x: { shape: image, dtype: 'float32' },
    w: { shape: [window, window, image[3], filters], dtype: 'float32' },
    b: { shape: [filters], dtype: 'float32' },
    scale: { shape: [filters], dtype: 'float32' },
  };
  return [fn, specs];
}

/** The graph on which the pass runs, which is one of kernels. */
function recorded(fn: TensorFunction, specs: Record<string, InputSpec>): Graph {
  return slopeOfOutput(removeDead(trace(fn, specs)));
}

const rewritten: readonly [string, Block][] = [
  ['a small filter', {}],
  ['a large filter', { image: [2, 4, 6, 32], window: 3 }],
  ['batch 1 and one channel', { image: [1, 4, 4, 1], filters: 1 }],
  ['a window of 5', { image: [2, 8, 6, 2], window: 5 }],
];

describe('poolByPhases', () => {
  it.each(rewritten)('keeps values and gradients of a block with %s', async (_, options) => {
    const [fn, specs] = block(options);
    const before = recorded(fn, specs);
    const after = poolByPhases(before);
    expect(after.nodes.map(({ op }) => op)).not.toContain('MaxPoolGrad');
    const [plain, phased] = [lower(before), lower(after)];
    await expectSameResults(plain, phased, { tolerance: 'gradient' });
    // Nothing but ties: an empty image, on which no ReLU or every one is at work.
    for (const bias of [-1, 1]) {
      const x = { ...specs['x'], data: repeatValues([0], specs['x']) };
      const b = { ...specs['b'], data: repeatValues([bias], specs['b']) };
      await expectSameResults(plain, phased, { tolerance: 'gradient', inputs: { x, b } });
    }
  });

  it('leaves no activation at full resolution where the filter is small', () => {
    const graph = poolByPhases(recorded(...block()));
    expect(graph.nodes.filter(({ outputs }) => outputs[0].shape.join() === '2,6,8,4')).toEqual([]);
    // The image's gradient is that of four convolutions of stride 2.
    expect(graph.nodes.filter(({ op }) => op === 'Conv2DBackpropInput')).toHaveLength(4);
  });

  it('interleaves the phases for the gradient by the image where the filter is large', () => {
    const graph = poolByPhases(recorded(...block({ image: [2, 4, 6, 32] })));
    const [interleaved] = graph.nodes.filter(({ op }) => op === 'DepthToSpace');
    expect(interleaved.outputs[0].shape).toEqual([2, 4, 6, 4]);
    expect(graph.nodes.filter(({ op }) => op === 'Conv2DBackpropInput')).toHaveLength(1);
  });

  it.each<[string, string, (inputs: Record<string, tf.Tensor>) => tf.NamedTensorMap, object]>([
    ['the filter gradient by another image', 'Conv2DBackpropFilter', ({ other }) => ({ x: other }), {}],
    [
      'the gradient by a filter of another size',
      'Conv2DBackpropFilter',
      ({ x }) => ({ x }),
      { filterShape: [1, 1, 3, 4] },
    ],
    [
      'the filter gradient with windows elsewhere',
      'Conv2DBackpropFilter',
      ({ x }) => ({ x }),
      {
        pad: [
          [0, 0],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      },
    ],
    ['the image gradient through another filter', 'Conv2DBackpropInput', ({ v }) => ({ filter: v }), {}],
    [
      'the gradient by an image of another size',
      'Conv2DBackpropInput',
      ({ w }) => ({ filter: w }),
      { inputShape: [2, 8, 10, 3], pad: 'valid' },
    ],
  ])("keeps %s, which is not the block's own", async (_, kernel, operands, attributes) => {
    const [, specs] = block();
    const fn: TensorFunction = (inputs) => {
      const convolved = tf.conv2d(inputs['x'] as tf.Tensor4D, inputs['w'] as tf.Tensor4D, 1, 'same');
      const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
        tf.sum(tf.square(tf.maxPool(tf.relu(tf.add(tensors[0], tensors[1])) as tf.Tensor4D, 2, 2, 'valid')));
      const { grads } = tf.valueAndGrads(loss)([convolved, inputs['b']]);
      const own = {
        strides: 1,
        pad: 'same',
        dataFormat: 'NHWC',
        filterShape: [3, 3, 3, 4],
        inputShape: [2, 6, 8, 3],
      };
      const tensors = { ...operands(inputs), dy: grads[0] };
      return { gradient: tf.engine().runKernel<tf.Tensor>(kernel, tensors, { ...own, ...attributes }) };
    };
    const others = { other: specs['x'], v: specs['w'] };
    const before = recorded(fn, { ...specs, ...others });
    const after = poolByPhases(before);
    const ops = after.nodes.map(({ op }) => op);
    expect(ops).not.toContain('MaxPoolGrad');
    expect(ops.filter((op) => op === kernel)).toHaveLength(1);
    await expectSameResults(lower(before), lower(after), { tolerance: 'gradient' });
  });

  it('computes what it should on kernels alone', () => {
    const [fn, specs] = block({ image: [1, 4, 4, 1], filters: 2 });
    const noImageGradient: TensorFunction = (inputs) => {
      const { dw, db } = fn(inputs);
      return { dw, db };
    };
    expect(printGraph(poolByPhases(recorded(noImageGradient, specs)))).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[1,4,4,1]
      %1 = input "w" : float32[3,3,1,2]
      %2 = input "b" : float32[2]
      %3 = input "scale" : float32[2]
      %4 = constant [1] : float32[]
      %5 = constant [1, 1, 1, 1, 1, 1, …] : float32[1,2,2,2]
      %6 = constant [2] : float32[]
      %7 = constant [0] : float32[]
      %8 = Conv2D(%0, %1) {strides: 2, pad: [[0,0],[1,0],[1,0],[0,0]], dataFormat: "NHWC", dilations: [1,1]} : float32[1,2,2,2]
      %9 = Add(%8, %2) : float32[1,2,2,2]
      %10 = Relu(%9) : float32[1,2,2,2]
      %11 = Conv2D(%0, %1) {strides: 2, pad: [[0,0],[1,0],[0,1],[0,0]], dataFormat: "NHWC", dilations: [1,1]} : float32[1,2,2,2]
      %12 = Add(%11, %2) : float32[1,2,2,2]
      %13 = Relu(%12) : float32[1,2,2,2]
      %14 = Conv2D(%0, %1) {strides: 2, pad: [[0,0],[0,1],[1,0],[0,0]], dataFormat: "NHWC", dilations: [1,1]} : float32[1,2,2,2]
      %15 = Add(%14, %2) : float32[1,2,2,2]
      %16 = Relu(%15) : float32[1,2,2,2]
      %17 = Conv2D(%0, %1) {strides: 2, pad: [[0,0],[0,1],[0,1],[0,0]], dataFormat: "NHWC", dilations: [1,1]} : float32[1,2,2,2]
      %18 = Add(%17, %2) : float32[1,2,2,2]
      %19 = Relu(%18) : float32[1,2,2,2]
      %20 = Maximum(%10, %13) : float32[1,2,2,2]
      %21 = Maximum(%20, %16) : float32[1,2,2,2]
      %22 = Maximum(%21, %19) : float32[1,2,2,2]
      %23 = Reshape(%4) {shape: [1,1,1,1]} : float32[1,1,1,1]
      %24 = Multiply(%23, %5) : float32[1,2,2,2]
      %25 = Cast(%3) {dtype: "float32"} : float32[2]
      %26 = Multiply(%24, %25) : float32[1,2,2,2]
      %27 = Cast(%22) {dtype: "float32"} : float32[1,2,2,2]
      %28 = Multiply(%27, %6) : float32[1,2,2,2]
      %29 = Multiply(%26, %28) : float32[1,2,2,2]
      %30 = Greater(%22, %7) : bool[1,2,2,2]
      %31 = Cast(%30) {dtype: "float32"} : float32[1,2,2,2]
      %32 = Multiply(%29, %31) : float32[1,2,2,2]
      %33 = Less(%10, %22) : bool[1,2,2,2]
      %34 = Cast(%33) {dtype: "float32"} : float32[1,2,2,2]
      %35 = Multiply(%32, %34) : float32[1,2,2,2]
      %36 = Sub(%32, %35) : float32[1,2,2,2]
      %37 = Less(%13, %22) : bool[1,2,2,2]
      %38 = Cast(%37) {dtype: "float32"} : float32[1,2,2,2]
      %39 = Multiply(%35, %38) : float32[1,2,2,2]
      %40 = Sub(%35, %39) : float32[1,2,2,2]
      %41 = Less(%16, %22) : bool[1,2,2,2]
      %42 = Cast(%41) {dtype: "float32"} : float32[1,2,2,2]
      %43 = Multiply(%39, %42) : float32[1,2,2,2]
      %44 = Sub(%39, %43) : float32[1,2,2,2]
      %45 = Sum(%32) {axis: [0,1,2], keepDims: false} : float32[2]
      %46 = Reshape(%45) {shape: [2]} : float32[2]
      %47 = Conv2DBackpropFilter(%0, %36) {strides: 2, pad: [[0,0],[1,0],[1,0],[0,0]], dataFormat: "NHWC", filterShape: [3,3,1,2]} : float32[3,3,1,2]
      %48 = Conv2DBackpropFilter(%0, %40) {strides: 2, pad: [[0,0],[1,0],[0,1],[0,0]], dataFormat: "NHWC", filterShape: [3,3,1,2]} : float32[3,3,1,2]
      %49 = Conv2DBackpropFilter(%0, %44) {strides: 2, pad: [[0,0],[0,1],[1,0],[0,0]], dataFormat: "NHWC", filterShape: [3,3,1,2]} : float32[3,3,1,2]
      %50 = Conv2DBackpropFilter(%0, %43) {strides: 2, pad: [[0,0],[0,1],[0,1],[0,0]], dataFormat: "NHWC", filterShape: [3,3,1,2]} : float32[3,3,1,2]
      %51 = Add(%47, %48) : float32[3,3,1,2]
      %52 = Add(%51, %49) : float32[3,3,1,2]
      %53 = Add(%52, %50) : float32[3,3,1,2]
      output "dw" = %53
      output "db" = %46"
    `);
  });

  it.each<[string, Block]>([
    ['a pool of odd sizes', { image: [2, 5, 6, 3] }],
    ['a pool of 3×3', { image: [2, 6, 9, 3], pool: 3 }],
    ['a convolution with strides', { image: [2, 8, 8, 3], strides: 2 }],
    ['another activation', { activation: tf.tanh }],
    ['a convolution without padding, whose phases begin inside of the image', { pad: 'valid' }],
    ['a filter of even size, padded by one side only', { window: 2 }],
    ['a filter of 1×1', { window: 1 }],
  ])('leaves %s alone', (_, options) => {
    const before = recorded(...block(options));
    expect(printGraph(poolByPhases(before))).toBe(printGraph(before));
  });

  /** Loss and gradient by the filter of what a function makes of a convolution's activation. */
  const learn =
    (rest: (activation: tf.Tensor4D) => { loss: tf.Tensor; extra?: tf.Tensor }): TensorFunction =>
    ({ x, w, b }) => {
      let extra = {};
      const { value, grad } = tf.valueAndGrad((filter: tf.Tensor): tf.Scalar => {
        const convolved = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
        const made = rest(tf.relu(tf.add<tf.Tensor4D>(convolved, b)));
        if (made.extra !== undefined) extra = { extra: tf.keep(made.extra) };
        return tf.sum(tf.square(made.loss));
      })(w);
      return { loss: value, dw: grad, ...extra };
    };
  /** The tensor itself, whose gradient is multiplied by where the tensor is above a bound. */
  const passAbove = (bound: number): ((x: tf.Tensor) => tf.Tensor4D) =>
    tf.customGrad<tf.Tensor4D>((x, save) => {
      (save as (saved: tf.Tensor[]) => void)([x as tf.Tensor4D]);
      return {
        value: tf.clone(x as tf.Tensor4D),
        gradFunc: (dy, [saved]) => tf.mul(dy, tf.cast(tf.greater(saved, bound), 'float32')),
      };
    });
  let gradientOfPool: tf.Tensor;
  const capture = tf.customGrad<tf.Tensor4D>((x) => ({
    value: tf.clone(x as tf.Tensor4D),
    gradFunc: (dy) => (gradientOfPool = tf.keep(tf.clone(dy))),
  }));

  it.each<[string, TensorFunction, Block?]>([
    [
      'an activation that another pool has the gradient of',
      learn((a) => ({ loss: tf.maxPool(a, 3, 1, 'same'), extra: tf.maxPool(a, 2, 2, 'valid') })),
    ],
    [
      'an activation that a pool of the same windows in smaller steps has the gradient of',
      learn((a) => ({ loss: tf.maxPool(a, 2, 1, 'same'), extra: tf.maxPool(a, 2, 2, 'valid') })),
    ],
    [
      'a pool with padding by one side, whose windows are not those of the image',
      learn((a) => ({
        loss: tf.maxPool(a, 2, 2, [
          [0, 0],
          [1, 0],
          [1, 0],
          [0, 0],
        ]),
      })),
    ],
    [
      "a block whose pool's gradient is a result of its own",
      (inputs) => {
        const results = learn((a) => ({ loss: tf.maxPool(capture(a), 2, 2, 'valid') }))(inputs);
        return { ...results, gradientOfPool };
      },
    ],
    [
      'a gradient that is masked by more than the slope',
      learn((a) => ({ loss: tf.maxPool(passAbove(0.5)(a), 2, 2, 'valid') })),
    ],
    [
      'a bias that broadcasts a single filter',
      learn((a) => ({ loss: tf.maxPool(a, 2, 2, 'valid') })),
      { filters: 1 },
    ],
  ])('leaves %s alone', (_, fn, options) => {
    const [, specs] = block(options);
    const before = recorded(fn, { ...specs, b: { shape: [4], dtype: 'float32' } });
    expect(before.nodes.map(({ op }) => op)).toContain('MaxPoolGrad');
    expect(printGraph(poolByPhases(before))).toBe(printGraph(before));
  });

  it('leaves a block without a gradient alone', () => {
    const [, specs] = block();
    const fn: TensorFunction = ({ x, w, b }) => ({
      y: tf.maxPool(
        tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'), b)) as tf.Tensor4D,
        2,
        2,
        'valid',
      ),
    });
    const before = recorded(fn, specs);
    expect(printGraph(poolByPhases(before))).toBe(printGraph(before));
  });
});
