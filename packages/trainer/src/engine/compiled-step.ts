import * as tf from '@tensorflow/tfjs';
import {
  compile,
  compileLoop,
  type CompiledFunction,
  type InputSpec,
  type NamedTensors,
  type PassOptions,
} from '@narrows/compiler';
import {
  lossAndGradients,
  trainStep,
  type AdamOptions,
  type Batch,
  type Model,
  type Parameters,
  type TrainableModel,
} from '@narrows/models';
import type { ParameterArrays, TrainingSetup } from './engine.ts';

type Group = 'parameters' | 'm' | 'v' | 'average' | 'gradients' | 'next';

/** What a step is compiled from. Frozen parameters become constants of the graph. */
export type CompiledTraining = Pick<TrainingSetup, 'model' | 'frozen'>;

/** Names of a step's inputs and outputs: `parameters/<name>`, `m/<name>`, `v/<name>`, `gradients/<name>`, … */
export function portName(group: Group, name: string): string {
  return `${group}/${name}`;
}

/**
 * Compiles loss and gradients of a model for batches of `count` images.
 *
 * Inputs: `images` uint8 `[count, H, W, C]`, `labels` uint8 `[count]`, `parameters/<name>`, and `noise` float32 for a
 * model that asks for it. Outputs: `loss` float32 scalar, `gradients/<name>`.
 */
export function compileGradients(
  training: CompiledTraining,
  count: number,
  passes: PassOptions = {},
): CompiledFunction {
  const { model } = training;
  return withFrozen(training, (frozen) =>
    compile(
      (inputs) => {
        const parameters = group(inputs, model, 'parameters');
        const { loss, gradients } = lossAndGradients({ model, frozen }, parameters, batchOf(inputs, model));
        return { loss, ...spread('gradients', gradients) };
      },
      { ...batchSpecs(model, count), ...parameterSpecs(model, 'parameters') },
      { name: `${model.id} gradients`, ...passes },
    ),
  );
}

/** Which optimizer a whole train step holds, and whether it keeps a moving average. */
export interface StepOptions {
  readonly optimizer: AdamOptions;
  readonly averaged: boolean;
}

/**
 * Compiles the whole train step of a model, Adam included, for batches of `count` images.
 *
 * Inputs: those of {@link compileGradients}, `m/<name>`, `v/<name>`, the scalars `stepSize`, `secondScale` and `keep`, and
 * for a step that keeps a moving average `average/<name>` and the scalar `averageRest`.
 * Outputs: `loss`, `next/parameters/<name>`, `next/m/<name>`, `next/v/<name>`, and `next/average/<name>` where kept.
 */
export function compileTrainStep(
  training: CompiledTraining,
  count: number,
  options: StepOptions,
): CompiledFunction {
  const { carried, each } = stepSpecs(training, count, options);
  return withFrozen(training, (frozen) =>
    compile(
      (inputs) => {
        const next = takeStep({ ...training, frozenTensors: frozen }, inputs, options);
        return { ...next.each, ...spread('next', next.carried) };
      },
      { ...carried, ...each },
      { name: `${training.model.id} train step` },
    ),
  );
}

/**
 * Compiles any number of whole train steps as one graph. Its ports are those of {@link compileTrainStep}, but `images`,
 * `labels`, `noise`, the scalars and `loss` have one more axis in front, with an entry for each step.
 */
export function compileTrainLoop(
  training: CompiledTraining,
  count: number,
  options: StepOptions,
): CompiledFunction {
  return withFrozen(training, (frozen) =>
    compileLoop(
      ({ carried, each }) =>
        takeStep({ ...training, frozenTensors: frozen }, { ...carried, ...each }, options),
      stepSpecs(training, count, options),
      { name: `${training.model.id} train steps` },
    ),
  );
}

/** The train step of a model between tensors by the names of ports. */
function takeStep(
  { model, frozenTensors: frozen }: CompiledTraining & { readonly frozenTensors: Parameters },
  inputs: NamedTensors,
  { optimizer, averaged }: StepOptions,
): { carried: NamedTensors; each: NamedTensors } {
  const state = {
    parameters: group(inputs, model, 'parameters'),
    moments: { m: group(inputs, model, 'm'), v: group(inputs, model, 'v') },
    ...(averaged ? { average: group(inputs, model, 'average') } : {}),
  };
  const scales = {
    stepSize: inputs['stepSize'],
    secondScale: inputs['secondScale'],
    keep: inputs['keep'],
    averageRest: inputs['averageRest'],
  };
  const next = trainStep({ model, frozen }, state, batchOf(inputs, model), scales, optimizer);
  return {
    carried: {
      ...spread('parameters', next.parameters),
      ...spread('m', next.moments.m),
      ...spread('v', next.moments.v),
      ...(next.average === undefined ? {} : spread('average', next.average)),
    },
    each: { loss: next.loss },
  };
}

/** What a train step hands on to the next, and what it has of its own. */
function stepSpecs(
  { model }: CompiledTraining,
  count: number,
  { optimizer, averaged }: StepOptions,
): { carried: Record<string, InputSpec>; each: Record<string, InputSpec> } {
  const scalar = { shape: [], dtype: 'float32' } as const;
  return {
    carried: {
      ...parameterSpecs(model, 'parameters'),
      ...parameterSpecs(model, 'm'),
      ...parameterSpecs(model, 'v'),
      ...(averaged ? parameterSpecs(model, 'average') : {}),
    },
    each: {
      ...batchSpecs(model, count),
      stepSize: scalar,
      secondScale: scalar,
      ...(optimizer.weightDecay === 0 ? {} : { keep: scalar }),
      ...(averaged ? { averageRest: scalar } : {}),
    },
  };
}

/** Compiles with the frozen parameters as tensors, which are freed after. */
function withFrozen(
  { model, frozen }: CompiledTraining,
  compileWith: (frozen: Parameters) => CompiledFunction,
): CompiledFunction {
  const tensors = frozenTensors(model, frozen);
  try {
    return compileWith(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

/**
 * Parameters of the classifier that a model is trained through, as tensors of the current backend; none without one.
 * @throws TypeError if the model has such a classifier and its parameters are missing.
 */
export function frozenTensors(model: TrainableModel, arrays: ParameterArrays | undefined): Parameters {
  if (model.frozen === undefined) return {};
  if (arrays === undefined) {
    throw new TypeError(
      `Cannot train "${model.id}": it is trained through "${model.frozen.id}", whose parameters are missing.`,
    );
  }
  return Object.fromEntries(
    model.frozen.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape], 'float32')]),
  );
}

function batchSpecs(model: TrainableModel, count: number): Record<string, InputSpec> {
  return {
    images: { shape: [count, ...model.imageShape], dtype: 'uint8' },
    labels: { shape: [count], dtype: 'uint8' },
    ...(model.noiseShape === undefined
      ? {}
      : { noise: { shape: [count, ...model.noiseShape], dtype: 'float32' } }),
  };
}

function parameterSpecs(model: Model, name: 'parameters' | 'm' | 'v' | 'average'): Record<string, InputSpec> {
  return Object.fromEntries(
    model.parameters.map((spec) => [portName(name, spec.name), { shape: spec.shape, dtype: 'float32' }]),
  );
}

function batchOf(inputs: NamedTensors, { noiseShape }: TrainableModel): Batch {
  const batch = { images: inputs['images'], labels: inputs['labels'] };
  return noiseShape === undefined ? batch : { ...batch, noise: inputs['noise'] };
}

function group(inputs: NamedTensors, model: Model, name: 'parameters' | 'm' | 'v' | 'average'): Parameters {
  return Object.fromEntries(model.parameters.map((spec) => [spec.name, inputs[portName(name, spec.name)]]));
}

function spread(prefix: Group, tensors: Parameters): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [portName(prefix, name), tensor]),
  );
}
