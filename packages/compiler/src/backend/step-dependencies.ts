import * as tf from '@tensorflow/tfjs';

/** tfjs's own layers, by class name, that do the same at every step of a training. Those that draw numbers come after. */
const steadyLayers = [
  ...[
    'InputLayer',
    'Dense',
    'Activation',
    'Reshape',
    'RepeatVector',
    'Permute',
    'Flatten',
    'Embedding',
    'Masking',
  ],
  ...[
    'Conv1D',
    'Conv2D',
    'Conv3D',
    'Conv2DTranspose',
    'Conv3DTranspose',
    'SeparableConv2D',
    'DepthwiseConv2D',
  ],
  ...['Cropping2D', 'UpSampling2D', 'ZeroPadding2D'],
  ...[
    'AveragePooling1D',
    'AveragePooling2D',
    'AveragePooling3D',
    'MaxPooling1D',
    'MaxPooling2D',
    'MaxPooling3D',
  ],
  ...['GlobalAveragePooling1D', 'GlobalAveragePooling2D', 'GlobalMaxPooling1D', 'GlobalMaxPooling2D'],
  ...['BatchNormalization', 'LayerNormalization'],
  ...['Add', 'Average', 'Concatenate', 'Dot', 'Maximum', 'Minimum', 'Multiply'],
  ...['ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax'],
  ...['RNN', 'SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D', 'Bidirectional', 'TimeDistributed'],
  ...['SimpleRNNCell', 'GRUCell', 'LSTMCell', 'ConvLSTM2DCell', 'StackedRNNCells'],
  ...['Rescaling', 'Resizing', 'CenterCrop'],
];
/** Layers that draw numbers in training alone, and do the same at every other step. */
const drawingLayers = ['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'];
const steadyActivations = [
  ...['elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh'],
  ...['softmax', 'logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish'],
];
const steadyOptimizers = ['SGD', 'Momentum', 'RMSProp', 'Adam', 'Adamax', 'Adagrad', 'Adadelta'];

/** The classes as tfjs registers them, so that a subclass, or another class of the same name, isn't taken for one. */
function classesOf(names: readonly string[]): ReadonlySet<unknown> {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return new Set(names.flatMap((name) => (name in classNameMap ? [classNameMap[name][0]] : [])));
}

const layerClasses = classesOf(steadyLayers);
const drawingClasses = classesOf(drawingLayers);
const activationClasses = classesOf(steadyActivations);
const regularizerClasses = classesOf(['L1L2']);
const optimizerClasses = classesOf(steadyOptimizers);
const pureFunctions: ReadonlySet<unknown> = new Set([
  ...Object.values(tf.losses),
  ...Object.values(tf.metrics),
]);

type Properties = Readonly<Record<string, unknown>>;

/** What tfjs's train and test functions read of a model besides its layers. */
interface CompiledModel {
  readonly inputs: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly layers: readonly tf.layers.Layer[];
  readonly loss: unknown;
  readonly lossFunctions: readonly unknown[];
  readonly metrics: unknown;
  readonly metricsTensors: readonly unknown[];
  readonly collectedTrainableWeights: readonly unknown[];
  readonly optimizer_: object;
}

/**
 * Everything but elements of tensors that a step of a model's training, or of its evaluation, depends on: properties of its
 * layers, weights and optimizer, by value or identity. As long as they are the same the step computes the same function of
 * its batch and of the variables.
 *
 * @returns `undefined` for a model that has parts which may do something else at each step: layers, losses, metrics,
 *   optimizers, activations and regularizers that are not tfjs's own, and layers that draw numbers or are stateful.
 */
export function stepDependencies(model: tf.LayersModel, isTraining: boolean): unknown[] | undefined {
  const { loss, lossFunctions, metrics, metricsTensors, collectedTrainableWeights, optimizer_ } =
    model as unknown as CompiledModel;
  if (!isNamedOrPure(loss) || !isNamedOrPure(metrics)) return undefined;
  const found: unknown[] = [loss, ...lossFunctions, ...metricsTensors];
  if (isTraining) {
    if (!optimizerClasses.has(optimizer_.constructor)) return undefined;
    found.push(...collectedTrainableWeights);
    if (!addProperties(found, optimizer_, ['iterations_'])) return undefined;
  }
  return addContainer(found, model, isTraining) ? found : undefined;
}

/** Whether losses or metrics are names, or functions of tfjs, or lists or dictionaries of them. */
function isNamedOrPure(given: unknown): boolean {
  if (typeof given === 'object' && given !== null) return Object.values(given).every(isNamedOrPure);
  return typeof given !== 'function' || pureFunctions.has(given);
}

function addContainer(found: unknown[], model: tf.LayersModel, isTraining: boolean): boolean {
  if (model.constructor !== tf.LayersModel && model.constructor !== tf.Sequential) return false;
  const { inputs, outputs, layers } = model as unknown as CompiledModel;
  found.push(...inputs, ...outputs);
  return layers.every((layer) => addLayer(found, layer, isTraining));
}

/** Whether a program has put a function of its own in the place of what applies a model. */
function isPatched(model: tf.LayersModel): boolean {
  return ['apply', 'call', '_callHook'].some(
    (name) => typeof (model as unknown as Properties)[name] === 'function' && Object.hasOwn(model, name),
  );
}

/** Properties in which tfjs's layers keep layers: cells, and what wrappers wrap. */
const innerLayers = ['cell', 'cells', 'layer', 'forwardLayer', 'backwardLayer'];

function addLayer(found: unknown[], layer: tf.layers.Layer, isTraining: boolean): boolean {
  found.push(layer);
  if (layer instanceof tf.LayersModel) return !isPatched(layer) && addContainer(found, layer, isTraining);
  const isDrawing = drawingClasses.has(layer.constructor);
  if (isDrawing ? isTraining : !layerClasses.has(layer.constructor)) return false;
  const properties = layer as unknown as Properties;
  let regularizers = 0;
  for (const name of Object.keys(properties)) {
    const value = properties[name];
    if (value === null || value === undefined) continue;
    if (name === 'activation' || name === 'recurrentActivation') {
      if (!activationClasses.has(value.constructor)) return false;
    } else if (name.endsWith('egularizer')) {
      if (!regularizerClasses.has(value.constructor) || !addProperties(found, value)) return false;
      regularizers++;
    } else if (name === '_callHook') return false;
  }
  const { stateful, dropout, recurrentDropout, _losses, _trainableWeights, _nonTrainableWeights } =
    properties as Properties & Record<'_losses' | '_trainableWeights' | '_nonTrainableWeights', object[]>;
  if (stateful === true || dropout || recurrentDropout) return false;
  // Other losses than the regularizers' are the program's own. The layer that Bidirectional was given is never built.
  if (_losses.length !== (layer.built ? regularizers : 0)) return false;
  for (const weight of [..._trainableWeights, ..._nonTrainableWeights])
    if (!addProperties(found, weight)) return false;
  const inner = innerLayers.flatMap((name) => properties[name]);
  if (!inner.every((one) => !(one instanceof tf.layers.Layer) || addLayer(found, one, isTraining)))
    return false;
  // Made anew whenever a recurrent layer is given its first state, for its next building alone.
  return addProperties(found, layer, ['stateSpec']);
}

/** Adds all properties of an object, and the elements of lists; `false` if one is a function, which may do anything. */
function addProperties(found: unknown[], owner: object, without: readonly string[] = []): boolean {
  for (const [name, value] of Object.entries(owner)) {
    if (typeof value === 'function') return false;
    if (without.includes(name)) continue;
    found.push(value);
    if (Array.isArray(value)) found.push(...(value as unknown[]));
  }
  return true;
}

/** Whether two lists of dependencies are the same. */
export function sameDependencies(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
