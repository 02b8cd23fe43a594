import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import type { Engine } from './engine.ts';
import { failureReason } from './failure-reason.ts';
import { tfjsEngine } from './tfjs-engine.ts';
import { useAndClose } from './use-and-close.ts';

/** Every engine on every device that it has. The last is for checking: it takes hours for a CNN. */
export const engineNames = [
  'onnx cuda',
  'onnx webgpu',
  'onnx cpu',
  'tfjs-node-gpu',
  'tfjs-node',
  'tfjs in JavaScript',
] as const;

export type EngineName = (typeof engineNames)[number];

/** An engine that computes, and how it does in a few words. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly detail: string;
}

/**
 * Opens an engine and has it compute something small, whose answer is checked.
 *
 * @param threads threads that one operation may use on the cpu, ≥ 1.
 * @returns the engine, or in a few words why this machine can't run it.
 * @throws Error of onnxruntime where even its cpu fails.
 */
export async function openEngine(name: EngineName, threads: number): Promise<OpenedEngine | string> {
  switch (name) {
    case 'onnx cuda':
      return openOnnx('cuda', threads);
    case 'onnx webgpu':
      return openOnnx('webgpu', threads);
    case 'onnx cpu':
      return openOnnx('cpu', threads);
    case 'tfjs-node-gpu':
      return openTensorFlow('cuda');
    case 'tfjs-node':
      return openTensorFlow('cpu');
    case 'tfjs in JavaScript':
      return {
        engine: tfjsEngine({ backend: 'cpu', device: 'cpu' }),
        detail: 'plain JavaScript, for checking: hours for a CNN',
      };
  }
}

async function openOnnx(device: 'cpu' | 'cuda' | 'webgpu', threads: number): Promise<OpenedEngine | string> {
  let engine: Engine;
  try {
    // Loaded when it is opened: where its binding is missing or damaged, that is why this engine, and no other, can't run.
    const [{ onnxDevices }, { onnxEngine }] = await Promise.all([
      import('./onnx-session.ts'),
      import('./onnx-engine.ts'),
    ]);
    if (!onnxDevices().includes(device)) return `this platform's onnxruntime has no ${device}`;
    engine = onnxEngine({ device, threads });
    await probe(engine);
  } catch (error) {
    if (device === 'cpu') throw error;
    return `onnxruntime can't use ${device} here (${failureReason(error)})`;
  }
  return {
    engine,
    detail: device === 'cpu' ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'onnxruntime',
  };
}

/** tfjs's native backend comes as two packages. The one for GPUs would take a GPU also when asked for the cpu. */
const tensorFlowPackages = { cuda: 'tfjs-node-gpu', cpu: 'tfjs-node' } as const;

/** The native backend of tfjs, if its package is installed with its binary. */
async function openTensorFlow(device: 'cuda' | 'cpu'): Promise<OpenedEngine | string> {
  const name = tensorFlowPackages[device];
  try {
    createRequire(import.meta.url)(`@tensorflow/${name}`);
  } catch (error) {
    const reason = failureReason(error);
    return /^Cannot find module '@tensorflow|native addon module/.test(reason)
      ? `${name} is not installed with its binary`
      : `${name} can't be loaded (${reason})`;
  }
  const engine = tfjsEngine({ backend: 'tensorflow', device });
  try {
    await probe(engine);
  } catch (error) {
    return `${name} can't compute here (${failureReason(error)})`;
  }
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  return device === 'cuda' && !isUsingGpuDevice ? `${name} sees no GPU` : { engine, detail: name };
}

/** Computes something small and checks the answer: a driver that loads may still not work. */
async function probe(engine: Engine): Promise<void> {
  const fn = await engine.prepare(({ a }) => ({ product: tf.matMul(a, a) }), {
    a: { shape: [2, 2], dtype: 'float32' },
  });
  const { product } = await useAndClose(fn, (ready) => ready.run({ a: Float32Array.of(1, 2, 3, 4) }));
  if ([...product].join() !== '7,10,15,22')
    throw new Error(`a 2×2 product came out as ${[...product].join()}`);
}
