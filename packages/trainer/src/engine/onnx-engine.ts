import { compile } from '@narrows/compiler';
import type { Engine, FunctionData } from './engine.ts';
import { openOnnxSession, type OnnxDevice, type SessionTensor } from './onnx-session.ts';
import { trainWithFusedAdam } from './fused-adam-training.ts';
import { trainInLoops } from './looped-training.ts';
import { trainWholeStep } from './whole-step-training.ts';

/**
 * How each device trains. On the cpu, the compiled graph computes loss and gradients, and Adam runs in WebAssembly on the
 * same memory. Other devices get the whole step as one graph, since state would otherwise leave the device at every step:
 * WebGPU keeps outputs in its memory, CUDA takes many steps in one call, as the binding can't keep its outputs.
 */
const trainings = { cpu: trainWithFusedAdam, webgpu: trainWholeStep, cuda: trainInLoops } as const;

/** The engine that compiles functions to ONNX and runs them on onnxruntime. */
export function onnxEngine({ device, threads }: { device: OnnxDevice; threads: number }): Engine {
  const settings = { device, threads };
  return {
    name: 'onnx',
    device,
    threads: device === 'cpu' ? threads : 1,
    startTraining: (setup) => Promise.resolve(trainings[device](setup, settings)),
    async prepare(fn, specs) {
      const { bytes, inputs } = compile(fn, specs, { name: 'function' });
      const session = await openOnnxSession(bytes, settings);
      return {
        async run(values) {
          const feeds = Object.fromEntries(
            inputs.map(({ name, shape, dtype }): [string, SessionTensor] => [
              name,
              { data: values[name], shape: shape as number[], dtype },
            ]),
          );
          const results = await session.run(feeds);
          return Object.fromEntries(
            Object.entries(results).map(([name, { data }]) => [name, data as FunctionData]),
          );
        },
        close: () => session.close(),
      };
    },
  };
}
