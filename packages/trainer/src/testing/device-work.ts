import { adamDefaults } from '@narrows/models';
import type { FunctionData, TrainingState } from '../engine/engine.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { openOnnxSession, type OnnxDevice } from '../engine/onnx-session.ts';
import { loadMnist } from '../data/mnist.ts';
import { exportModel } from '../export-model.ts';
import { initialProgress } from '../training/train-model.ts';
import { drawnParameters } from './drawn-parameters.ts';
import { mnistModel, takeSteps, trainableMnistModel, trainingSteps } from './training-batches.ts';

/** Something whose results must be the same on every device, as data that can be sent to another process. */
export type DeviceWork =
  | {
      readonly kind: 'train';
      readonly model: string;
      /** Images in the batch of each step. */
      readonly sizes: readonly number[];
      /** With weight decay, a limit on gradients and a moving average. */
      readonly withEverything: boolean;
      /** After this many steps the training is stopped and begun anew from its state. */
      readonly stopAfter?: number;
    }
  | { readonly kind: 'export'; readonly model: string; readonly count: number };

/** What work came to. */
export interface DeviceResult {
  /** Losses of a training, and outputs of exported files by their roles. */
  readonly values: Readonly<Record<string, FunctionData | number[]>>;
  readonly state?: TrainingState;
}

/** Does the work on a device. */
export async function workOn(device: OnnxDevice, work: DeviceWork): Promise<DeviceResult> {
  return work.kind === 'train' ? trainOn(device, work) : answerOn(device, work);
}

async function trainOn(
  device: OnnxDevice,
  { model: id, sizes, withEverything, stopAfter = sizes.length }: Extract<DeviceWork, { kind: 'train' }>,
): Promise<DeviceResult> {
  const model = trainableMnistModel(id);
  const { train } = await loadMnist();
  const steps = trainingSteps(model, train, sizes);
  const optimizer = { ...adamDefaults, ...(withEverything ? { weightDecay: 0.1, gradientClip: 1e-3 } : {}) };
  const engine = onnxEngine({ device, threads: 1 });
  let { state } = initialProgress(model, { seed: 3, averageDecay: withEverything ? 0.5 : 0 });
  const losses: number[] = [];
  for (const part of [steps.slice(0, stopAfter), steps.slice(stopAfter)]) {
    if (part.length === 0) continue;
    const session = await engine.startTraining({ model, state, optimizer });
    const [first, ...others] = part;
    losses.push(await session.step(first.batch, first.rates));
    // As at the end of an epoch: the training goes on, and its state is read again.
    await session.state();
    const taken = await takeSteps(session, others);
    losses.push(...taken.losses);
    state = taken.state;
  }
  return { values: { losses }, state };
}

async function answerOn(
  device: OnnxDevice,
  { model: id, count }: Extract<DeviceWork, { kind: 'export' }>,
): Promise<DeviceResult> {
  const model = mnistModel(id);
  const { test } = await loadMnist();
  const pixels = Float32Array.from(test.images.subarray(0, count * 784), (value) => value / 255);
  const exported = exportModel(model, drawnParameters(model, 4));
  const values: Record<string, FunctionData> = {};
  try {
    for (const { role, bytes, inputName } of exported.files) {
      const session = await openOnnxSession(bytes, { device, threads: 1 });
      const [data, shape] =
        inputName === 'images'
          ? [pixels, [count, ...model.imageShape]]
          : [values['encoder'], [count, values['encoder'].length / count]];
      const outputs = await session.run({ [inputName]: { data, shape, dtype: 'float32' } });
      // A copy: the memory of an output is its session's.
      values[role] = (Object.values(outputs)[0].data as Float32Array).slice();
      await session.close();
    }
  } finally {
    exported.dispose();
  }
  return { values };
}
