import { batchInputs } from './batch-inputs.ts';
import { batchSessions } from './batch-sessions.ts';
import { compileForMachine } from './compile-for-machine.ts';
import { portName } from './compiled-step.ts';
import type { TrainingSession, TrainingSetup } from './engine.ts';
import type { OnnxDevice, SessionTensor } from './onnx-session.ts';
import { parameterMemory } from './parameter-memory.ts';
import { createFusedAdam } from './wasm/fused-adam.ts';

/**
 * Training on the cpu: onnxruntime reads the parameters from a WebAssembly memory and writes loss and gradients back into
 * it; a fused WebAssembly kernel then updates parameters and moments in place. Nothing is copied and nothing is allocated
 * from step to step.
 */
export function trainWithFusedAdam(
  setup: TrainingSetup,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const { model, state, optimizer } = setup;
  const memory = parameterMemory(model.parameters);
  const adam = createFusedAdam(memory.memory);
  const arrays = {
    params: memory.offset('parameters'),
    m: memory.offset('m'),
    v: memory.offset('v'),
    grads: memory.offset('gradients'),
    count: memory.floats,
  };
  const average =
    state.average === undefined
      ? undefined
      : { average: memory.offset('average'), params: arrays.params, count: memory.floats };
  const inputs: Record<string, SessionTensor> = {};
  const outputs: Record<string, SessionTensor> = {};
  for (const { name, shape } of model.parameters) {
    memory.view('parameters', name).set(state.parameters[name]);
    memory.view('m', name).set(state.m[name]);
    memory.view('v', name).set(state.v[name]);
    if (state.average !== undefined) memory.view('average', name).set(state.average[name]);
    inputs[portName('parameters', name)] = { data: memory.view('parameters', name), shape, dtype: 'float32' };
    outputs[portName('gradients', name)] = { data: memory.view('gradients', name), shape, dtype: 'float32' };
  }
  const loss = new Float32Array(1);
  outputs['loss'] = { data: loss, shape: [], dtype: 'float32' };

  const sessions = batchSessions((count) => compileForMachine(setup, count), settings);

  let step = state.step;
  return {
    async step(batch, { learningRate, averageDecay }) {
      const session = await sessions.get(batch.count);
      await session.run({ ...inputs, ...batchInputs(model, batch) }, outputs);
      step++;
      adam.update(arrays, { ...optimizer, learningRate, step });
      if (average !== undefined) adam.average(average, averageDecay);
      return loss[0];
    },
    state: () =>
      Promise.resolve({
        step,
        parameters: memory.copy('parameters'),
        m: memory.copy('m'),
        v: memory.copy('v'),
        ...(average === undefined ? {} : { average: memory.copy('average') }),
      }),
    close: () => sessions.close(),
  };
}
