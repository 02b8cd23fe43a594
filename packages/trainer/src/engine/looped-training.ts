import { batchInputs } from './batch-inputs.ts';
import { batchSessions } from './batch-sessions.ts';
import { carriedState, carriedTensors, stepScalars } from './carried-state.ts';
import { compileTrainLoop, portName } from './compiled-step.ts';
import type { StepRates, TrainingBatch, TrainingSession, TrainingSetup } from './engine.ts';
import type { OnnxDevice, SessionTensor } from './onnx-session.ts';

/** Steps in one call at most: enough that copying the state in and out costs little, few enough to stop soon. */
const mostSteps = 32;
/** Bytes of batches in one call at most. */
const mostBatchBytes = 64 * 2 ** 20;

/**
 * Training with several whole steps in one run of a graph: for devices whose memory the binding can't leave tensors in, as
 * on `cuda`. State goes in and out once a call and stays on the device between the steps of it. The steps come out the same
 * however they are divided among calls, as far as the device repeats itself.
 */
export function trainInLoops(
  setup: TrainingSetup,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const { model, state, optimizer } = setup;
  const averaged = state.average !== undefined;
  let carried = carriedTensors(model, state);
  const names = Object.keys(carried);
  const imageBytes =
    sizeOf(model.imageShape) + 4 * (model.noiseShape === undefined ? 0 : sizeOf(model.noiseShape));
  const sessions = batchSessions(
    (count) => compileTrainLoop(setup, count, { optimizer, averaged }).bytes,
    settings,
  );
  let step = state.step;

  const steps = async (
    batches: readonly TrainingBatch[],
    rates: readonly StepRates[],
  ): Promise<readonly number[]> => {
    const session = await sessions.get(batches[0].count);
    const scalars = rates.map((each, i) => stepScalars(step + 1 + i, each, { optimizer, averaged }));
    const results = await session.run({
      ...carried,
      ...stacked(batches.map((batch) => batchInputs(model, batch))),
      ...Object.fromEntries(
        Object.keys(scalars[0]).map((name): [string, SessionTensor] => [
          name,
          {
            data: Float32Array.from(scalars, (each) => each[name]),
            shape: [scalars.length],
            dtype: 'float32',
          },
        ]),
      ),
    });
    step += batches.length;
    carried = Object.fromEntries(names.map((name) => [name, results[portName('next', name)]]));
    return [...(results['loss'].data as Float32Array)];
  };
  return {
    async step(batch, rates) {
      const [loss] = await steps([batch], [rates]);
      return loss;
    },
    several: {
      most: (count) => Math.min(mostSteps, Math.max(1, Math.floor(mostBatchBytes / (count * imageBytes)))),
      steps,
    },
    state: () => Promise.resolve(carriedState(model, step, carried)),
    close: () => sessions.close(),
  };
}

/** The same inputs of several steps, one after the other along a new first axis. */
function stacked(steps: readonly Readonly<Record<string, SessionTensor>>[]): Record<string, SessionTensor> {
  return Object.fromEntries(
    Object.entries(steps[0]).map(([name, { data, shape, dtype }]): [string, SessionTensor] => {
      const length = data.length * steps.length;
      const stack = dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
      steps.forEach((step, i) => {
        stack.set(step[name].data as Uint8Array | Float32Array, i * data.length);
      });
      return [name, { data: stack, shape: [steps.length, ...shape], dtype }];
    }),
  );
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
