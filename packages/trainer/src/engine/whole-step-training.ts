import { adamScales } from '@narrows/models';
import { batchInputs } from './batch-inputs.ts';
import { batchSessions } from './batch-sessions.ts';
import { compileTrainStep, portName } from './compiled-step.ts';
import type { ParameterArrays, TrainingSession, TrainingSetup } from './engine.ts';
import type { OnnxDevice, SessionTensor } from './onnx-session.ts';

type Group = 'parameters' | 'm' | 'v' | 'average';

/**
 * Training with the whole step, optimizer included, as one ONNX graph: portable to every device of onnxruntime. What a
 * step returns is fed into the next.
 */
export function trainWholeStep(
  setup: TrainingSetup,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const { model, state, optimizer } = setup;
  const averaged = state.average !== undefined;
  let carried: Record<string, SessionTensor> = {};
  for (const group of ['parameters', 'm', 'v', 'average'] as const) {
    const arrays = state[group];
    if (arrays === undefined) continue;
    for (const { name, shape } of model.parameters) {
      carried[portName(group, name)] = { data: arrays[name].slice(), shape, dtype: 'float32' };
    }
  }
  const sessions = batchSessions(
    (count) => compileTrainStep(setup, count, { optimizer, averaged }).bytes,
    settings,
  );
  const scalar = (value: number): SessionTensor => ({
    data: Float32Array.of(value),
    shape: [],
    dtype: 'float32',
  });
  const read = (group: Group): ParameterArrays =>
    Object.fromEntries(
      model.parameters.map(({ name }) => [
        name,
        (carried[portName(group, name)].data as Float32Array).slice(),
      ]),
    );

  let step = state.step;
  return {
    async step(batch, { learningRate, averageDecay }) {
      const session = await sessions.get(batch.count);
      const scales = adamScales(step + 1, learningRate, optimizer);
      const results = await session.run({
        ...carried,
        ...batchInputs(model, batch),
        stepSize: scalar(scales.stepSize),
        secondScale: scalar(scales.secondScale),
        ...(optimizer.weightDecay === 0 ? {} : { keep: scalar(scales.keep) }),
        ...(averaged ? { averageRest: scalar(1 - averageDecay) } : {}),
      });
      step++;
      carried = Object.fromEntries(
        Object.keys(carried).map((name) => [name, results[portName('next', name)]]),
      );
      return (results['loss'].data as Float32Array)[0];
    },
    state: () =>
      Promise.resolve({
        step,
        parameters: read('parameters'),
        m: read('m'),
        v: read('v'),
        ...(averaged ? { average: read('average') } : {}),
      }),
    close: () => sessions.close(),
  };
}
