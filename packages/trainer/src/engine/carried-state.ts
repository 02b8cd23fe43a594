import { adamScales, type AdamOptions, type TrainableModel } from '@narrows/models';
import { portName } from './compiled-step.ts';
import type { ParameterArrays, StepRates, TrainingState } from './engine.ts';
import type { SessionTensor } from './onnx-session.ts';

const groups = ['parameters', 'm', 'v', 'average'] as const;

/** A state's arrays as the inputs of a compiled step, by their names there, copied. */
export function carriedTensors(model: TrainableModel, state: TrainingState): Record<string, SessionTensor> {
  return Object.fromEntries(
    groups.flatMap((group) => {
      const arrays = state[group];
      if (arrays === undefined) return [];
      return model.parameters.map(({ name, shape }): [string, SessionTensor] => [
        portName(group, name),
        { data: arrays[name].slice(), shape, dtype: 'float32' },
      ]);
    }),
  );
}

/** The state that such tensors hold after `step` steps, copied. */
export function carriedState(
  model: TrainableModel,
  step: number,
  tensors: Readonly<Record<string, SessionTensor>>,
): TrainingState {
  const read = (group: (typeof groups)[number]): ParameterArrays =>
    Object.fromEntries(
      model.parameters.map(({ name }) => [
        name,
        (tensors[portName(group, name)].data as Float32Array).slice(),
      ]),
    );
  const averaged = model.parameters.some(({ name }) => portName('average', name) in tensors);
  return {
    step,
    parameters: read('parameters'),
    m: read('m'),
    v: read('v'),
    ...(averaged ? { average: read('average') } : {}),
  };
}

/**
 * The scalar inputs of a compiled step by name.
 *
 * @param step the one that is about to be taken, from 1.
 * @param averaged whether it keeps a moving average.
 */
export function stepScalars(
  step: number,
  { learningRate, averageDecay }: StepRates,
  { optimizer, averaged }: { optimizer: AdamOptions; averaged: boolean },
): Record<string, number> {
  const { stepSize, secondScale, keep } = adamScales(step, learningRate, optimizer);
  return {
    stepSize,
    secondScale,
    ...(optimizer.weightDecay === 0 ? {} : { keep }),
    ...(averaged ? { averageRest: 1 - averageDecay } : {}),
  };
}
