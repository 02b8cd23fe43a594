import * as tf from '@tensorflow/tfjs';
import type { CaseInput } from './testing/kernel-case.ts';
import type { LayerCase } from './testing/layer-case.ts';

/** A loss of a target and a prediction. */
type Two = (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor;

/** The loss that a layers model is compiled with by this name; tfjs gives it away no other way. */
function layersLoss(name: string): Two {
  const input = tf.input({ shape: [1] });
  const model = tf.model({ inputs: input, outputs: input });
  model.compile({ loss: name, optimizer: 'sgd' });
  const [loss] = model.lossFunctions as Two[];
  return loss;
}

const unit: CaseInput = { shape: [4, 3], range: 'unit' };
const signed: CaseInput = { shape: [4, 3] };
const positive: CaseInput = { shape: [4, 3], range: 'positive' };

/** Rows of probabilities. */
const probabilities = (x: tf.Tensor): tf.Tensor => tf.softmax(x);

function row(
  name: string,
  loss: Two,
  input: CaseInput,
  prepare: (x: tf.Tensor) => tf.Tensor = tf.clone,
): LayerCase {
  return {
    name,
    inputs: { target: input, prediction: input },
    of: { fn: ({ target, prediction }) => loss(prepare(target), prepare(prediction)) },
  };
}

const named = (name: string): Two => {
  let loss: Two | undefined;
  return (target, prediction) => (loss ??= layersLoss(name))(target, prediction);
};

const sparse = named('sparseCategoricalCrossentropy');

/** Losses by the names that `model.compile` takes. Each is a mean over the last axis. */
const ofLayers: readonly LayerCase[] = [
  ...['meanSquaredError', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'hinge', 'squaredHinge'].map(
    (name) => row(name, named(name), signed),
  ),
  ...['categoricalHinge', 'logcosh', 'cosineProximity'].map((name) => row(name, named(name), signed)),
  ...['meanSquaredLogarithmicError', 'poisson'].map((name) => row(name, named(name), positive)),
  ...['categoricalCrossentropy', 'kullbackLeiblerDivergence', 'binaryCrossentropy'].map((name) =>
    row(name, named(name), signed, probabilities),
  ),
  {
    name: 'sparseCategoricalCrossentropy',
    inputs: { target: { shape: [4], dtype: 'int32', range: 'positive' }, prediction: { shape: [4, 6] } },
    of: {
      fn: ({ target, prediction }) => sparse(tf.cast(target, 'float32'), probabilities(prediction)),
    },
  },
];

const weighted =
  (loss: (a: tf.Tensor, b: tf.Tensor, weights: tf.Tensor) => tf.Tensor): Two =>
  (target, prediction) =>
    loss(target, prediction, tf.tensor([[1], [0], [2], [0.5]]));

/** Losses of `tf.losses`, each with weights and their mean over those that are not zero. */
const ofCore: readonly LayerCase[] = [
  row('tf.losses.meanSquaredError', weighted(tf.losses.meanSquaredError), signed),
  row('tf.losses.absoluteDifference', weighted(tf.losses.absoluteDifference), signed),
  row('tf.losses.huberLoss', weighted(tf.losses.huberLoss), signed),
  row('tf.losses.hingeLoss', weighted(tf.losses.hingeLoss), signed),
  row('tf.losses.logLoss', weighted(tf.losses.logLoss), signed, tf.sigmoid),
  row(
    'tf.losses.cosineDistance',
    weighted((a, b, weights) => tf.losses.cosineDistance(a, b, 1, weights)),
    unit,
  ),
  row('tf.losses.sigmoidCrossEntropy', weighted(tf.losses.sigmoidCrossEntropy), signed, (x) => tf.clone(x)),
  {
    name: 'tf.losses.softmaxCrossEntropy',
    // The gradient by the target is another in tfjs, which takes it for one-hot.
    inputs: { target: { shape: [4], dtype: 'int32', range: 'positive' }, prediction: { shape: [4, 6] } },
    of: {
      fn: ({ target, prediction }) =>
        tf.losses.softmaxCrossEntropy(tf.cast(tf.oneHot(target, 6), 'float32'), prediction),
    },
  },
];

/** Every loss of tfjs. */
export const lossCases: Readonly<Record<string, readonly LayerCase[]>> = {
  'losses by name': ofLayers,
  'tf.losses': ofCore,
};
