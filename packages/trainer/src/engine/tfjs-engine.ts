import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { NamedTensors } from '@narrows/compiler';
import { adamScales, trainStep, type AdamMoments, type Model, type Parameters } from '@narrows/models';
import type { Device, Engine, FunctionData, ParameterArrays, TrainingSession } from './engine.ts';

/** The engine that runs functions eagerly, op by op, on a backend of tfjs that is already registered. */
export function tfjsEngine({ backend, device }: { backend: 'cpu' | 'tensorflow'; device: Device }): Engine {
  return {
    name: 'tfjs',
    device,
    threads: 1,
    async startTraining(model, state, options) {
      await tf.setBackend(backend);
      let parameters = toTensors(model, state.parameters);
      let moments: AdamMoments = { m: toTensors(model, state.m), v: toTensors(model, state.v) };
      let step = state.step;
      const session: TrainingSession = {
        async step(images, labels, count) {
          const scales = adamScales(step + 1, options);
          const old = [parameters, moments.m, moments.v];
          const next = tf.tidy(
            () =>
              trainStep(
                model,
                parameters,
                moments,
                {
                  images: tf.tensor(images, [count, ...model.imageShape], 'int32'),
                  labels: tf.tensor1d(labels, 'int32'),
                },
                { stepSize: tf.scalar(scales.stepSize), secondScale: tf.scalar(scales.secondScale) },
                options,
              ) as unknown as tf.TensorContainer,
          ) as unknown as ReturnType<typeof trainStep>;
          tf.dispose(old);
          ({ parameters, moments } = next);
          step++;
          // An eager step never leaves the event loop's turn by itself, and signals only come between turns.
          await setImmediate();
          const [loss] = await next.loss.data();
          next.loss.dispose();
          return loss;
        },
        state: async () => ({
          step,
          parameters: await toArrays(parameters),
          m: await toArrays(moments.m),
          v: await toArrays(moments.v),
        }),
        close: () => {
          tf.dispose([parameters, moments.m, moments.v] as tf.TensorContainer);
          return Promise.resolve();
        },
      };
      return session;
    },
    async prepare(fn, specs) {
      await tf.setBackend(backend);
      return {
        async run(values) {
          const outputs = tf.tidy(() => {
            const inputs: NamedTensors = {};
            for (const [name, { shape, dtype }] of Object.entries(specs)) {
              // As in a trace: tfjs has no uint8 and sees such pixels as int32.
              inputs[name] = tf.tensor(values[name], [...shape], dtype === 'uint8' ? 'int32' : dtype);
            }
            return fn(inputs);
          });
          const results = await Promise.all(
            Object.entries(outputs).map(async ([name, tensor]) => [name, await tensor.data()]),
          );
          tf.dispose(outputs);
          return Object.fromEntries(results) as Record<string, FunctionData>;
        },
        close: () => Promise.resolve(),
      };
    },
  };
}

function toTensors(model: Model, arrays: ParameterArrays): Parameters {
  return Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name].slice(), [...shape], 'float32')]),
  );
}

async function toArrays(parameters: Parameters): Promise<ParameterArrays> {
  const entries = Object.entries(parameters).map(
    async ([name, tensor]) => [name, ((await tensor.data()) as Float32Array).slice()] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
