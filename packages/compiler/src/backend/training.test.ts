import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  drawTensor,
  batchSize,
  compiledModel,
  disposeOf,
  fitAndUse,
  lessons,
  weightsOf,
} from '../testing/lessons.ts';
import { expectSameOnBoth, takeNumbers } from '../testing/on-both-backends.ts';
import './node.ts';

describe.each(Object.keys(lessons))('%s', (name) => {
  it('train, evaluate and predict as on tfjs cpu', async () => {
    const { loss } = await expectSameOnBoth(() => fitAndUse(lessons[name]));
    expect(loss).toHaveLength(3);
    expect(loss[2]).toBeLessThan(loss[0]);
  });
});

describe('other ways to train', () => {
  const lesson = lessons['dense layers'];

  it('trainOnBatch', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
      const losses: number[] = [];
      for (let step = 0; step < 5; step++) losses.push(...((await model.trainOnBatch(x, y)) as number[]));
      const weights = await weightsOf(model);
      disposeOf(model);
      tf.dispose([x, y]);
      return { losses, weights };
    });
  });

  it('fitDataset and evaluateDataset', async () => {
    await expectSameOnBoth(async () => {
      const model = compiledModel(lesson);
      const [xs, ys] = [lesson.x(), lesson.y()];
      const examples = await Promise.all([xs.array(), ys.array()]);
      tf.dispose([xs, ys]);
      const dataset = tf.data
        .zip({ xs: tf.data.array(examples[0] as number[][]), ys: tf.data.array(examples[1] as number[][]) })
        .batch(batchSize) as unknown as Parameters<typeof model.fitDataset>[0];
      const { history } = await model.fitDataset(dataset, { epochs: 2 });
      const evaluation = await takeNumbers(
        await model.evaluateDataset(dataset as Parameters<typeof model.evaluateDataset>[0], {}),
      );
      const weights = await weightsOf(model);
      disposeOf(model);
      return { ...(history as Record<string, number[]>), evaluation, weights };
    });
  });

  it('a model that was saved goes on as if it had not been', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
      await model.trainOnBatch(x, y);
      let saved: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler((artifacts) => {
          saved = artifacts;
          return Promise.resolve({
            modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
          });
        }),
      );
      const before = await takeNumbers(model.predict(x));
      disposeOf(model);
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
      const after = await takeNumbers(loaded.predict(x));
      expect(after).toEqual(before);
      loaded.compile({ optimizer: 'sgd', loss: lesson.loss });
      const loss = (await loaded.trainOnBatch(x, y)) as number;
      const weights = await weightsOf(loaded);
      loaded.dispose();
      tf.dispose([x, y]);
      return { after, loss: [loss], weights };
    });
  });

  it('a loop of variableGrads and applyGradients', async () => {
    await expectSameOnBoth(async () => {
      const [x, y] = [lesson.x(), lesson.y()];
      const w = tf.variable(drawTensor([30, 3], 9));
      const optimizer = tf.train.adam(0.05);
      const losses: number[] = [];
      for (let step = 0; step < 6; step++) {
        const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(y, tf.matMul(x, w)));
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        tf.dispose(grads);
        losses.push((await value.data())[0]);
        value.dispose();
      }
      const numbers = { losses, w: [...(await w.data())] };
      optimizer.dispose();
      tf.dispose([x, y, w]);
      return numbers;
    });
  });
});

describe('dropout without a seed', () => {
  it('drops another share of about its rate at every step', async () => {
    await tf.setBackend('onnx');
    const layer = tf.layers.dropout({ rate: 0.3 });
    const x = tf.ones([100, 100]);
    const masks: number[][] = [];
    for (let step = 0; step < 3; step++)
      masks.push(await takeNumbers(layer.apply(x, { training: true }) as tf.Tensor));
    for (const mask of masks) {
      const dropped = mask.filter((element) => element === 0).length / mask.length;
      // Five standard deviations of 10,000 draws.
      expect(Math.abs(dropped - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 10_000));
      expect(new Set(mask.map((element) => element.toFixed(5)))).toEqual(
        new Set(['0.00000', (1 / 0.7).toFixed(5)]),
      );
    }
    expect(masks[1]).not.toEqual(masks[0]);
    expect(masks[2]).not.toEqual(masks[1]);
    x.dispose();
  });
});
