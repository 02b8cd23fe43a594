import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exportOnnx, type ExportOptions } from './export-onnx.ts';
import { passNames } from './simplify.ts';
import { drawValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { runModel, type HostTensor } from './testing/run-onnx.ts';
import { runInTfjs } from './testing/run-tfjs.ts';
import { graphModel, integers, placeholder, text } from './testing/small-graph-models.ts';
import { denseModel, fixedWeights, hourglassModel, twoBlockModel } from './testing/small-models.ts';
import { tolerances } from './testing/tolerances.ts';
import { UnsupportedKernelError } from './trace-backend.ts';
import type { NamedTensors, TensorFunction } from './trace.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => {
  tf.disposeVariables();
});

/** Exports, runs at some batch sizes and compares with tfjs. Gives the description of the ports. */
async function expectExport(
  model: Parameters<typeof exportOnnx>[0],
  predict: TensorFunction,
  { batches = [1, 5, 6], ...options }: ExportOptions & { batches?: readonly number[] } = {},
): Promise<string[]> {
  const before = tf.memory().numTensors;
  const { bytes, inputs, outputs } = exportOnnx(model, options);
  expect(tf.memory().numTensors).toBe(before);
  for (const batch of batches) {
    const point = Object.fromEntries(
      inputs.map(({ name, shape, dtype }, i): [string, HostTensor] => {
        const known = shape.map((size) => (typeof size === 'string' ? batch : size));
        const data = drawValues({ shape: known, dtype, range: 'positive' }, 700 + i);
        return [name, { shape: known, dtype, data }];
      }),
    );
    const actual = await runModel(bytes, point);
    const expected = runInTfjs(predict, point);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) {
      expect(findMismatch(actual[name], value, tolerances.sum), `${name} at ${batch}`).toBeUndefined();
    }
  }
  return [...inputs, ...outputs].map(({ name, shape, dtype }) => `${name} ${dtype}[${shape.join(',')}]`);
}

const onlyOne = (inputs: NamedTensors): tf.Tensor => Object.values(inputs)[0];

describe('exportOnnx of a layers model', () => {
  it('names inputs and outputs after their layers, and leaves the batch open', async () => {
    const model = twoBlockModel();
    const predict: TensorFunction = (inputs) => ({ logits: model.predict(onlyOne(inputs)) as tf.Tensor });
    expect(await expectExport(model, predict)).toEqual([
      'convolution1_input float32[N,8,8,1]',
      'logits float32[N,3]',
    ]);
    expect(await expectExport(model, predict, { batchSize: 3, batches: [3] })).toEqual([
      'convolution1_input float32[3,8,8,1]',
      'logits float32[3,3]',
    ]);
  });

  it('takes the name of the model, or another', () => {
    const model = denseModel('relu');
    const nameIn = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
    expect(nameIn(exportOnnx(model).bytes)).toContain(model.name);
    expect(nameIn(exportOnnx(model, { name: 'mine' }).bytes)).not.toContain(model.name);
  });

  it('takes many inputs and outputs, shared layers and nested models', async () => {
    const left = tf.input({ shape: [3], name: 'left' });
    const right = tf.input({ shape: [3], name: 'right' });
    const inner = denseModel('tanh');
    const encoded = [left, right].map((side) => inner.apply(side) as tf.SymbolicTensor);
    const weights = [fixedWeights([4, 2], 21), fixedWeights([2], 22)];
    const head = tf.layers.dense({ units: 2, name: 'head', weights });
    const sum = tf.layers.add({ name: 'sum' }).apply(encoded) as tf.SymbolicTensor;
    const outputs = [...encoded, sum].map((tensor) => head.apply(tensor) as tf.SymbolicTensor);
    const model = tf.model({ inputs: [left, right], outputs });
    const predict: TensorFunction = ({ left: a, right: b }) => {
      const results = model.predict([a, b]) as tf.Tensor[];
      return { head: results[0], head_1: results[1], head_2: results[2] };
    };
    expect(await expectExport(model, predict)).toEqual([
      'left float32[N,3]',
      'right float32[N,3]',
      'head float32[N,2]',
      'head_1 float32[N,2]',
      'head_2 float32[N,2]',
    ]);
  });

  it('gives an output that is an input a name of its own', async () => {
    const image = tf.input({ shape: [3], name: 'image' });
    const inner = denseModel('tanh').apply(image) as tf.SymbolicTensor;
    const model = tf.model({ inputs: image, outputs: [image, inner] });
    const predict: TensorFunction = (inputs) => {
      const results = model.predict(onlyOne(inputs)) as tf.Tensor[];
      return { image_1: results[0], [model.outputNames[1]]: results[1] };
    };
    expect(await expectExport(model, predict)).toEqual([
      'image float32[N,3]',
      'image_1 float32[N,3]',
      `${model.outputNames[1]} float32[N,4]`,
    ]);
  });

  it('takes whole numbers for an embedding', async () => {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [4], dtype: 'int32', name: 'words' }));
    model.add(
      tf.layers.embedding({
        inputDim: 9,
        outputDim: 3,
        weights: [fixedWeights([9, 3], 23)],
        name: 'vectors',
      }),
    );
    model.add(tf.layers.globalAveragePooling1d({ name: 'mean' }));
    const predict: TensorFunction = ({ words }) => ({ mean: model.predict(words) as tf.Tensor });
    expect(await expectExport(model, predict)).toEqual(['words int32[N,4]', 'mean float32[N,3]']);
  });

  it('leaves out what is for training only', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 4,
          inputShape: [3],
          name: 'dense',
          weights: [fixedWeights([3, 4], 24), fixedWeights([4], 25)],
        }),
        tf.layers.gaussianNoise({ stddev: 1 }),
        tf.layers.batchNormalization({
          weights: [26, 27, 28, 29].map((seed) => tf.abs(fixedWeights([4], seed))),
          name: 'norm',
        }),
        tf.layers.dropout({ rate: 0.5, name: 'dropout' }),
      ],
    });
    const predict: TensorFunction = (inputs) => ({ dropout: model.predict(onlyOne(inputs)) as tf.Tensor });
    expect(await expectExport(model, predict)).toHaveLength(2);
  });

  it.each(['simpleRNN', 'gru', 'lstm'] as const)('unrolls the steps of %s', async (kind) => {
    const rnn = tf.layers[kind]({
      units: 4,
      inputShape: [3, 2],
      name: 'rnn',
      returnSequences: kind === 'gru',
    });
    const model = tf.sequential({ layers: [rnn] });
    rnn.setWeights(rnn.weights.map(({ shape }, i) => fixedWeights(shape as number[], 30 + i)));
    const predict: TensorFunction = (inputs) => ({ rnn: model.predict(onlyOne(inputs)) as tf.Tensor });
    const steps = kind === 'gru' ? ',3' : '';
    expect(await expectExport(model, predict)).toEqual([
      'rnn_input float32[N,3,2]',
      `rnn float32[N${steps},4]`,
    ]);
  });

  it('takes sizes for axes that are open beyond the first', async () => {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [null, 6, 2], name: 'images' }));
    const weights = [fixedWeights([3, 3, 2, 2], 35), fixedWeights([2], 36)];
    model.add(tf.layers.conv2d({ filters: 2, kernelSize: 3, weights, name: 'filter' }));
    const predict: TensorFunction = ({ images }) => ({ filter: model.predict(images) as tf.Tensor });
    expect(() => exportOnnx(model)).toThrow(
      new RangeError(
        `Cannot export "${model.name}": of the shape of input "images" only the first size may be open, it is [?,?,6,2]; pass shapes: { 'images': […] }.`,
      ),
    );
    expect(await expectExport(model, predict, { shapes: { images: ['N', 5, 6, 2] } })).toEqual([
      'images float32[N,5,6,2]',
      'filter float32[N,3,4,2]',
    ]);
    expect(() => exportOnnx(model, { shapes: { images: [1, 'H', 6, 2] } })).toThrow(
      new RangeError(
        `Cannot export "${model.name}" with an open size, which gets into its arithmetic: pass batchSize, or shapes that are numbers. ` +
          'Cannot leave the size "H" open: Conv of layer "filter" depends on it in a way that no axis explains (a size is 3, 5 where it is 5, 7); give a number instead.',
      ),
    );
    expect(() => exportOnnx(model, { shapes: { image: [1, 5, 6, 2] } })).toThrow(
      `Cannot export "${model.name}" with a shape for "image": it has no such input; its inputs are "images".`,
    );
  });

  it('refuses options that there are none of', () => {
    expect(() => exportOnnx(hourglassModel(), { batchsize: 4 } as object)).toThrow(
      new RangeError(
        'Cannot export with option "batchsize": there is none of that name; the options are name, description, metadata, batchSize, shapes, weights, without, target.',
      ),
    );
  });

  it('passes on how weights are stored', () => {
    const model = hourglassModel();
    const wide = tf.sequential({ layers: [tf.layers.dense({ units: 64, inputShape: [64], name: 'wide' })] });
    expect(exportOnnx(wide, { weights: 'int8' }).bytes.length).toBeLessThan(
      exportOnnx(wide).bytes.length / 2,
    );
    expect(exportOnnx(model, { without: passNames }).graph.nodes.length).toBeGreaterThan(
      exportOnnx(model).graph.nodes.length,
    );
  });
});

describe('exportOnnx refuses what is no model', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [Promise.resolve(), 'of the class Promise'],
    [{}, 'of the class Object'],
    [tf.layers.dense({ units: 1 }), 'of the class Dense'],
  ])('such as %s', (model, is) => {
    expect(() => exportOnnx(model as tf.LayersModel)).toThrow(
      new TypeError(
        `Cannot export what is no model: exportOnnx takes a layers model or a graph model of tfjs, and this is ${is}; await the loading of a model, and use one copy of tfjs for both.`,
      ),
    );
  });
});

describe('exportOnnx refuses layers models', () => {
  it('that are empty', () => {
    const model = tf.sequential({ name: 'empty' });
    expect(() => exportOnnx(model)).toThrow(
      new TypeError('Cannot export model "empty": it has no layers yet; add some before.'),
    );
  });

  it('with state', () => {
    const model = tf.sequential({
      layers: [tf.layers.lstm({ units: 2, batchInputShape: [1, 3, 2], stateful: true, name: 'memory' })],
    });
    expect(() => exportOnnx(model)).toThrow(
      `Cannot export model "${model.name}": layer "memory" is stateful, which an ONNX graph cannot be;`,
    );
  });

  it('in whose arithmetic the batch size takes part', () => {
    class MeanOfBatch extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [x] = inputs as tf.Tensor[];
        return tf.div(x, x.shape[0]);
      }
      static readonly className = 'MeanOfBatch';
    }
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [3] }));
    model.add(new MeanOfBatch({ name: 'mean' }));
    expect(() => exportOnnx(model)).toThrow(RangeError);
    expect(() => exportOnnx(model)).toThrow(
      `Cannot export "${model.name}" with an open size, which gets into its arithmetic: pass batchSize, or shapes that are numbers. Cannot leave the size "N" open: `,
    );
    expect(exportOnnx(model, { batchSize: 4 }).outputs[0].shape).toEqual([4, 3]);
  });

  it.each([
    tf.layers.averagePooling2d({ poolSize: 4, inputShape: [null, 4, 1] }),
    tf.layers.conv2d({ filters: 2, kernelSize: 4, strides: 4, inputShape: [null, 4, 1] }),
  ])('that step over an open axis with a stride', (layer) => {
    const model = tf.sequential({ layers: [layer] });
    const shapes = { [`${layer.name}_input`]: [1, 'H', 4, 1] };
    expect(() => exportOnnx(model, { shapes })).toThrow(
      `Cannot export "${model.name}" with an open size, which gets into its arithmetic: pass batchSize, or shapes that are numbers. Cannot leave the size "H" open: `,
    );
  });

  it('of text', () => {
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [3], dtype: 'string', name: 'words' })],
    });
    expect(() => exportOnnx(model)).toThrow(
      new TypeError(
        `Cannot export "${model.name}": input "words" is of dtype "string", and graphs hold float32, int32 and bool; leave that part of the model out.`,
      ),
    );
  });

  it('whose layers use what ONNX has no words for', () => {
    class Distinct extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.unique((inputs as tf.Tensor[])[0]).values;
      }
      static readonly className = 'Distinct';
    }
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [3] }));
    model.add(new Distinct({ name: 'distinct' }));
    expect(() => exportOnnx(model)).toThrow(UnsupportedKernelError);
    expect(() => exportOnnx(model)).toThrow('Cannot trace kernel "Unique" in layer "distinct"');
  });
});

const float = { type: 'DT_FLOAT' } as const;

describe('exportOnnx of a graph model', () => {
  it('takes a classifier as converters write it', async () => {
    const window = { data_format: text('NHWC'), padding: text('SAME'), T: float };
    const model = graphModel({
      constants: {
        filter: [3, 3, 2, 4],
        scale: [4],
        offset: [4],
        mean: [4],
        variance: [4],
        flat: { int32: [-1, 36] },
        weights: [36, 3],
        bias: [3],
      },
      nodes: [
        placeholder('image', [-1, 6, 6, 2]),
        {
          name: 'conv',
          op: 'Conv2D',
          input: ['image', 'filter'],
          attr: { ...window, strides: integers(1, 1, 1, 1), dilations: integers(1, 1, 1, 1) },
        },
        {
          name: 'norm',
          op: 'FusedBatchNormV3',
          input: ['conv', 'scale', 'offset', 'mean', 'variance'],
          attr: { epsilon: { f: 0.001 }, data_format: text('NHWC'), is_training: { b: false }, T: float },
        },
        { name: 'relu', op: 'Relu', input: ['norm'], attr: { T: float } },
        {
          name: 'pool',
          op: 'MaxPool',
          input: ['relu'],
          attr: { ...window, ksize: integers(1, 2, 2, 1), strides: integers(1, 2, 2, 1) },
        },
        { name: 'flatten', op: 'Reshape', input: ['pool', 'flat'], attr: { T: float } },
        {
          name: 'product',
          op: 'MatMul',
          input: ['flatten', 'weights'],
          attr: { transpose_a: { b: false }, transpose_b: { b: false }, T: float },
        },
        { name: 'logits', op: 'BiasAdd', input: ['product', 'bias'], attr: { T: float } },
        { name: 'probabilities', op: 'Softmax', input: ['logits'], attr: { T: float } },
      ],
    });
    const predict: TensorFunction = ({ image }) => ({ probabilities: model.predict(image) as tf.Tensor });
    expect(await expectExport(model, predict)).toEqual([
      'image float32[N,6,6,2]',
      'probabilities float32[N,3]',
    ]);
  });

  it('takes shapes that the model computes, and the names of its signature', async () => {
    const model = graphModel({
      constants: { begin: { int32: [0] }, end: { int32: [1] }, one: { int32: [1] }, rest: { int32: [12] } },
      nodes: [
        placeholder('serving_x', [-1, 3, 4]),
        { name: 'shape', op: 'Shape', input: ['serving_x'], attr: { T: float } },
        {
          name: 'batch',
          op: 'StridedSlice',
          input: ['shape', 'begin', 'end', 'one'],
          attr: { shrink_axis_mask: { i: 1 } },
        },
        { name: 'scalar', op: 'Squeeze', input: ['rest'], attr: {} },
        { name: 'target', op: 'Pack', input: ['batch', 'scalar'], attr: { axis: { i: 0 } } },
        { name: 'Identity', op: 'Reshape', input: ['serving_x', 'target'], attr: { T: float } },
        { name: 'Identity_1', op: 'Neg', input: ['serving_x'], attr: { T: float } },
      ],
      signature: {
        inputs: { x: { name: 'serving_x:0' } },
        outputs: { flat: { name: 'Identity:0' }, negative: { name: 'Identity_1:0' } },
      },
    });
    const predict: TensorFunction = ({ x }) => {
      const [flat, negative] = model.execute({ x }, ['flat', 'negative']) as tf.Tensor[];
      return { flat, negative };
    };
    expect(await expectExport(model, predict)).toEqual([
      'x float32[N,3,4]',
      'flat float32[N,12]',
      'negative float32[N,3,4]',
    ]);
  });

  it('asks for a shape that the model does not tell', async () => {
    const model = graphModel({
      constants: {},
      nodes: [
        { name: 'x', op: 'Placeholder', attr: { dtype: float } },
        { name: 'y', op: 'Abs', input: ['x'], attr: { T: float } },
      ],
    });
    expect(() => exportOnnx(model)).toThrow(
      `Cannot export "graph-model": of the shape of input "x" only the first size may be open, it is none; pass shapes: { 'x': […] }.`,
    );
    const predict: TensorFunction = ({ x }) => ({ y: model.predict(x) as tf.Tensor });
    expect(await expectExport(model, predict, { shapes: { x: ['N', 2] } })).toEqual([
      'x float32[N,2]',
      'y float32[N,2]',
    ]);
  });

  it('refuses control flow, which tfjs runs asynchronously', () => {
    const model = graphModel({
      constants: {},
      nodes: [placeholder('x', [-1, 3]), { name: 'where', op: 'Where', input: ['x'], attr: {} }],
    });
    expect(() => exportOnnx(model)).toThrow(
      'Cannot export "graph-model": it has control flow, or shapes that depend on values, and an ONNX graph here has neither; convert it without. ' +
        "tfjs says: This execution contains the node 'where', which has the dynamic op 'Where'.",
    );
  });

  it('refuses text', () => {
    const model = graphModel({
      constants: {},
      nodes: [placeholder('x', [-1], 'string'), { name: 'y', op: 'Identity', input: ['x'], attr: {} }],
    });
    expect(() => exportOnnx(model)).toThrow('input "x" is of dtype "string"');
  });
});
