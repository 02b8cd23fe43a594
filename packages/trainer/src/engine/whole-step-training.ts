import { compile, type NamedTensors } from '@narrows/compiler';
import { batchInputs } from './batch-inputs.ts';
import { batchSessions } from './batch-sessions.ts';
import { carriedState, carriedTensors, stepScalars } from './carried-state.ts';
import { compileTrainStep, portName } from './compiled-step.ts';
import type { TrainingSession, TrainingSetup } from './engine.ts';
import {
  openOnnxSession,
  type DeviceTensor,
  type OnnxDevice,
  type OnnxSession,
  type SessionTensor,
} from './onnx-session.ts';
import { closeAll, type Closable } from './use-and-close.ts';

/**
 * Training with the whole step, optimizer included, as one ONNX graph. What a step returns is fed into the next; on
 * `webgpu` it never leaves the device's memory, and only the loss is read.
 */
export function trainWholeStep(
  setup: TrainingSetup,
  settings: { device: OnnxDevice; threads: number },
): TrainingSession {
  const { model, state, optimizer } = setup;
  const averaged = state.average !== undefined;
  const start = carriedTensors(model, state);
  const names = Object.keys(start);
  const keep = settings.device === 'webgpu' ? names.map((name) => portName('next', name)) : [];
  const sessions = batchSessions((count) => compileTrainStep(setup, count, { optimizer, averaged }).bytes, {
    ...settings,
    keep,
  });

  const reader = deviceReader(start, settings);
  let carried: Record<string, SessionTensor | DeviceTensor> = start;
  let step = state.step;
  return {
    async step(batch, rates) {
      const session = await sessions.get(batch.count);
      const scalars = Object.entries(stepScalars(step + 1, rates, { optimizer, averaged }));
      const { kept, read } = await session.runOnDevice({
        ...carried,
        ...batchInputs(model, batch),
        ...Object.fromEntries(
          scalars.map(([name, value]): [string, SessionTensor] => [
            name,
            { data: Float32Array.of(value), shape: [], dtype: 'float32' },
          ]),
        ),
      });
      step++;
      freeAll(carried);
      carried = Object.fromEntries(
        names.map((name) => [name, kept[portName('next', name)] ?? read[portName('next', name)]]),
      );
      return (read['loss'].data as Float32Array)[0];
    },
    state: async () => carriedState(model, step, await reader.read(carried)),
    async close() {
      freeAll(carried);
      await closeAll([sessions, reader]);
    },
  };
}

function freeAll(tensors: Readonly<Record<string, SessionTensor | DeviceTensor>>): void {
  for (const tensor of Object.values(tensors)) if ('free' in tensor) tensor.free();
}

/** Reads tensors that may be in the device's memory. */
interface DeviceReader extends Closable {
  read(
    tensors: Readonly<Record<string, SessionTensor | DeviceTensor>>,
  ): Promise<Record<string, SessionTensor>>;
}

/**
 * Copies tensors out of the device's memory by a graph that does nothing else, compiled when it is first needed: a state is
 * read at every epoch. Tensors that are not there stay the same.
 * @param types tensors of the same names and shapes.
 */
function deviceReader(
  types: Readonly<Record<string, SessionTensor>>,
  settings: { device: OnnxDevice; threads: number },
): DeviceReader {
  const isHere = (tensor: SessionTensor | DeviceTensor): tensor is SessionTensor => 'data' in tensor;
  const copyName = (name: string): string => `copy/${name}`;
  let copies: Promise<OnnxSession> | undefined;

  const open = async (): Promise<OnnxSession> => {
    const { bytes } = compile(
      (inputs): NamedTensors =>
        Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [copyName(name), tensor])),
      Object.fromEntries(
        Object.entries(types).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]),
      ),
      { name: 'copies' },
    );
    return openOnnxSession(bytes, settings);
  };

  return {
    async read(tensors) {
      if (Object.values(tensors).every(isHere)) return tensors as Record<string, SessionTensor>;
      copies ??= open();
      const { read } = await (await copies).runOnDevice(tensors);
      return Object.fromEntries(Object.keys(tensors).map((name) => [name, read[copyName(name)]]));
    },
    async close() {
      // One that could not be opened is known to who read.
      await (await copies?.catch(() => undefined))?.close();
    },
  };
}
