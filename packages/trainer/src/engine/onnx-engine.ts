import { compile } from '@narrows/compiler';
import type { Engine, FunctionData } from './engine.ts';
import { openOnnxSession, type OnnxDevice, type SessionTensor } from './onnx-session.ts';
import { trainWithFusedAdam } from './fused-adam-training.ts';
import { trainWholeStep } from './whole-step-training.ts';

/**
 * The engine that compiles functions to ONNX and runs them on onnxruntime.
 *
 * On the cpu, the compiled graph computes loss and gradients, and Adam runs in WebAssembly on the same memory. Other
 * devices get the whole step as one graph, since the optimizer would otherwise have to leave the device.
 */
export function onnxEngine({ device, threads }: { device: OnnxDevice; threads: number }): Engine {
  const settings = { device, threads };
  return {
    name: 'onnx',
    device,
    threads: device === 'cpu' ? threads : 1,
    startTraining: (setup) =>
      Promise.resolve(
        device === 'cpu' ? trainWithFusedAdam(setup, settings) : trainWholeStep(setup, settings),
      ),
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
