import { adamScales, type AdamOptions, type Model } from '@narrows/models';
import { batchSessions } from './batch-sessions.ts';
import { compileTrainStep, portName } from './compiled-step.ts';
import type { ParameterArrays, TrainingSession, TrainingState } from './engine.ts';
import type { OnnxDevice, SessionTensor } from './onnx-session.ts';

/**
 * Training with the whole step, optimizer included, as one ONNX graph: portable to every device of onnxruntime. What a
 * step returns is fed into the next.
 */
export function trainWholeStep(
  model: Model,
  state: TrainingState,
  options: AdamOptions,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const groups = ['parameters', 'm', 'v'] as const;
  let carried: Record<string, SessionTensor> = {};
  for (const group of groups) {
    for (const { name, shape } of model.parameters) {
      carried[portName(group, name)] = { data: state[group][name].slice(), shape, dtype: 'float32' };
    }
  }
  const sessions = batchSessions((count) => compileTrainStep(model, count, options).bytes, settings);
  const scalar = (value: number): SessionTensor => ({
    data: Float32Array.of(value),
    shape: [],
    dtype: 'float32',
  });
  const read = (group: (typeof groups)[number]): ParameterArrays =>
    Object.fromEntries(
      model.parameters.map(({ name }) => [
        name,
        (carried[portName(group, name)].data as Float32Array).slice(),
      ]),
    );

  let step = state.step;
  return {
    async step(images, labels, count) {
      const session = await sessions.get(count);
      const scales = adamScales(step + 1, options);
      const results = await session.run({
        ...carried,
        images: { data: images, shape: [count, ...model.imageShape], dtype: 'uint8' },
        labels: { data: labels, shape: [count], dtype: 'uint8' },
        stepSize: scalar(scales.stepSize),
        secondScale: scalar(scales.secondScale),
      });
      step++;
      carried = Object.fromEntries(
        Object.keys(carried).map((name) => [name, results[portName('next', name)]]),
      );
      return (results['loss'].data as Float32Array)[0];
    },
    state: () => Promise.resolve({ step, parameters: read('parameters'), m: read('m'), v: read('v') }),
    close: () => sessions.close(),
  };
}
