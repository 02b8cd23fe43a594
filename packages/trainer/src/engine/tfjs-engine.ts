import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { NamedTensors } from '@narrows/compiler';
import {
  adamScales,
  trainStep,
  type Batch,
  type Model,
  type Parameters,
  type StepState,
  type TrainableModel,
} from '@narrows/models';
import { missingNoise } from './batch-inputs.ts';
import { frozenTensors } from './compiled-step.ts';
import type {
  Device,
  Engine,
  FunctionData,
  ParameterArrays,
  TrainingBatch,
  TrainingSession,
} from './engine.ts';

/** The engine that runs functions eagerly, op by op, on a backend of tfjs that is already registered. */
export function tfjsEngine({ backend, device }: { backend: 'cpu' | 'tensorflow'; device: Device }): Engine {
  return {
    name: 'tfjs',
    device,
    threads: 1,
    async startTraining({ model, frozen: frozenArrays, state, optimizer }) {
      await tf.setBackend(backend);
      const frozen = frozenTensors(model, frozenArrays);
      let tensors: StepState = {
        parameters: toTensors(model, state.parameters),
        moments: { m: toTensors(model, state.m), v: toTensors(model, state.v) },
        ...(state.average === undefined ? {} : { average: toTensors(model, state.average) }),
      };
      let step = state.step;
      const session: TrainingSession = {
        async step(batch, { learningRate, averageDecay }) {
          const scales = adamScales(step + 1, learningRate, optimizer);
          const old = tensors;
          const { loss, ...next } = tf.tidy(
            () =>
              trainStep(
                { model, frozen },
                old,
                batchTensors(model, batch),
                {
                  stepSize: tf.scalar(scales.stepSize),
                  secondScale: tf.scalar(scales.secondScale),
                  keep: tf.scalar(scales.keep),
                  averageRest: tf.scalar(1 - averageDecay),
                },
                optimizer,
              ) as unknown as tf.TensorContainer,
          ) as unknown as ReturnType<typeof trainStep>;
          tf.dispose(old as unknown as tf.TensorContainer);
          tensors = next;
          step++;
          // An eager step never leaves the event loop's turn by itself, and signals only come between turns.
          await setImmediate();
          const [value] = await loss.data();
          loss.dispose();
          return value;
        },
        state: async () => ({
          step,
          parameters: await toArrays(tensors.parameters),
          m: await toArrays(tensors.moments.m),
          v: await toArrays(tensors.moments.v),
          ...(tensors.average === undefined ? {} : { average: await toArrays(tensors.average) }),
        }),
        close: () => {
          tf.dispose([tensors, frozen] as unknown as tf.TensorContainer);
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

function batchTensors(model: TrainableModel, { images, labels, count, noise }: TrainingBatch): Batch {
  const batch = {
    images: tf.tensor(images, [count, ...model.imageShape], 'int32'),
    labels: tf.tensor1d(labels, 'int32'),
  };
  if (model.noiseShape === undefined) return batch;
  if (noise === undefined) throw missingNoise(model);
  return { ...batch, noise: tf.tensor(noise, [count, ...model.noiseShape]) };
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
