import { compile, type CompiledFunction, type NamedTensors, type OpenInputSpec } from '@narrows/compiler';
import { lossAndGradients, trainStep, type AdamOptions, type Model, type Parameters } from '@narrows/models';

type Group = 'parameters' | 'm' | 'v' | 'gradients' | 'next';

/** Names of a step's inputs and outputs: `parameters/<name>`, `m/<name>`, `v/<name>`, `gradients/<name>`, … */
export function portName(group: Group, name: string): string {
  return `${group}/${name}`;
}

/**
 * Compiles loss and gradients of a model for batches of `count` images.
 *
 * Inputs: `images` uint8 `[count, H, W, C]`, `labels` uint8 `[count]`, `parameters/<name>`.
 * Outputs: `loss` float32 scalar, `gradients/<name>`.
 */
export function compileGradients(model: Model, count: number): CompiledFunction {
  return compile(
    (inputs) => {
      const { loss, gradients } = lossAndGradients(
        model,
        group(inputs, model, 'parameters'),
        batchOf(inputs),
      );
      return { loss, ...spread('gradients', gradients) };
    },
    { ...batchSpecs(model, count), ...parameterSpecs(model, 'parameters') },
    { name: `${model.id} gradients` },
  );
}

/**
 * Compiles the whole train step of a model, Adam included, for batches of `count` images.
 *
 * Inputs: those of {@link compileGradients}, `m/<name>`, `v/<name>`, and the scalars `stepSize` and `secondScale`.
 * Outputs: `loss`, `next/parameters/<name>`, `next/m/<name>`, `next/v/<name>`.
 */
export function compileTrainStep(model: Model, count: number, options: AdamOptions): CompiledFunction {
  return compile(
    (inputs) => {
      const moments = { m: group(inputs, model, 'm'), v: group(inputs, model, 'v') };
      const scales = { stepSize: inputs['stepSize'], secondScale: inputs['secondScale'] };
      const parameters = group(inputs, model, 'parameters');
      const next = trainStep(model, parameters, moments, batchOf(inputs), scales, options);
      return {
        loss: next.loss,
        ...spread('next', spread('parameters', next.parameters)),
        ...spread('next', spread('m', next.moments.m)),
        ...spread('next', spread('v', next.moments.v)),
      };
    },
    {
      ...batchSpecs(model, count),
      ...parameterSpecs(model, 'parameters'),
      ...parameterSpecs(model, 'm'),
      ...parameterSpecs(model, 'v'),
      stepSize: { shape: [], dtype: 'float32' },
      secondScale: { shape: [], dtype: 'float32' },
    },
    { name: `${model.id} train step` },
  );
}

function batchSpecs(model: Model, count: number): Record<string, OpenInputSpec> {
  return {
    images: { shape: [count, ...model.imageShape], dtype: 'uint8' },
    labels: { shape: [count], dtype: 'uint8' },
  };
}

function parameterSpecs(model: Model, name: 'parameters' | 'm' | 'v'): Record<string, OpenInputSpec> {
  return Object.fromEntries(
    model.parameters.map((spec) => [portName(name, spec.name), { shape: spec.shape, dtype: 'float32' }]),
  );
}

function batchOf(inputs: NamedTensors) {
  return { images: inputs['images'], labels: inputs['labels'] };
}

function group(inputs: NamedTensors, model: Model, name: 'parameters' | 'm' | 'v'): Parameters {
  return Object.fromEntries(model.parameters.map((spec) => [spec.name, inputs[portName(name, spec.name)]]));
}

function spread(prefix: Group, tensors: Parameters): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [portName(prefix, name), tensor]),
  );
}
