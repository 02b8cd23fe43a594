import type { AdamOptions, Model } from '@narrows/models';
import { batchSessions } from './batch-sessions.ts';
import { compileGradients, portName } from './compiled-step.ts';
import type { TrainingSession, TrainingState } from './engine.ts';
import type { OnnxDevice, SessionTensor } from './onnx-session.ts';
import { parameterMemory } from './parameter-memory.ts';
import { createFusedAdam } from './wasm/fused-adam.ts';

/**
 * Training on the cpu: onnxruntime reads the parameters from a WebAssembly memory and writes loss and gradients back into
 * it; a fused WebAssembly kernel then updates parameters and moments in place. Nothing is copied and nothing is allocated
 * from step to step.
 */
export function trainWithFusedAdam(
  model: Model,
  state: TrainingState,
  options: AdamOptions,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const memory = parameterMemory(model.parameters);
  const update = createFusedAdam(memory.memory);
  const arrays = {
    params: memory.offset('parameters'),
    m: memory.offset('m'),
    v: memory.offset('v'),
    grads: memory.offset('gradients'),
    count: memory.floats,
  };
  const inputs: Record<string, SessionTensor> = {};
  const outputs: Record<string, SessionTensor> = {};
  for (const { name, shape } of model.parameters) {
    memory.view('parameters', name).set(state.parameters[name]);
    memory.view('m', name).set(state.m[name]);
    memory.view('v', name).set(state.v[name]);
    inputs[portName('parameters', name)] = { data: memory.view('parameters', name), shape, dtype: 'float32' };
    outputs[portName('gradients', name)] = { data: memory.view('gradients', name), shape, dtype: 'float32' };
  }
  const loss = new Float32Array(1);
  outputs['loss'] = { data: loss, shape: [], dtype: 'float32' };

  const sessions = batchSessions((count) => compileGradients(model, count).bytes, settings);

  let step = state.step;
  return {
    async step(images, labels, count) {
      const session = await sessions.get(count);
      const batch: Record<string, SessionTensor> = {
        images: { data: images, shape: [count, ...model.imageShape], dtype: 'uint8' },
        labels: { data: labels, shape: [count], dtype: 'uint8' },
      };
      await session.run({ ...inputs, ...batch }, outputs);
      step++;
      update(arrays, { ...options, step });
      return loss[0];
    },
    state: () =>
      Promise.resolve({
        step,
        parameters: memory.copy('parameters'),
        m: memory.copy('m'),
        v: memory.copy('v'),
      }),
    close: () => sessions.close(),
  };
}
