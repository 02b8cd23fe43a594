import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { ExpectedError } from '../expected-error.ts';
import type { Device, Engine } from './engine.ts';
import { onnxEngine } from './onnx-engine.ts';
import { onnxDevices, type OnnxDevice } from './onnx-session.ts';
import { tfjsEngine } from './tfjs-engine.ts';

/** What the user asked for. */
export interface EngineRequest {
  readonly engine: 'auto' | 'onnx' | 'tfjs';
  readonly device: 'auto' | Device;
  /** Threads that one operation may use on the cpu, ≥ 1. */
  readonly threads: number;
}

/** An engine with the reason why it was taken, in one line for people. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: string;
}

/**
 * Takes the fastest engine that the machine has and the request allows, each tried with a real computation first:
 * CUDA by onnxruntime, CUDA by tfjs-node-gpu, then onnxruntime on the cpu. WebGPU is taken when it is asked for.
 *
 * @throws ExpectedError when a device was asked for by name and doesn't work; it says what to install. With exit code 2
 *   for what no machine can do.
 */
export async function chooseEngine(request: EngineRequest): Promise<ChosenEngine> {
  if (request.engine === 'tfjs' && request.device === 'webgpu') {
    throw new ExpectedError(
      'Cannot train with --engine tfjs --device webgpu: tfjs has no WebGPU in Node: take --engine onnx or another device.',
      { exitCode: 2 },
    );
  }
  const found: string[] = [];
  for (const candidate of candidates(request)) {
    const outcome = await candidate.open(request.threads);
    if (typeof outcome !== 'string') {
      const { engine, detail } = outcome;
      const why = found.length === 0 ? (request.device === 'auto' ? '' : 'as asked') : found.join('; ');
      const on = `${engine.name} on ${engine.device} (${detail})`;
      return { engine, reason: why === '' ? on : `${on}, ${why}` };
    }
    found.push(outcome);
  }
  throw new ExpectedError(
    `Cannot train with --engine ${request.engine} --device ${request.device}: ${found.join('; ')}. ${remedy(request)}`,
  );
}

interface Candidate {
  /** Opens an engine, or says in a few words why it can't. */
  open(threads: number): Promise<{ engine: Engine; detail: string } | string>;
}

function candidates({ engine, device }: EngineRequest): Candidate[] {
  const onnx = (name: OnnxDevice): Candidate => ({ open: (threads) => openOnnx(name, threads) });
  const list: Candidate[] = [];
  const wants = (name: Device): boolean => device === name || (device === 'auto' && name !== 'webgpu');
  if (engine !== 'tfjs' && wants('cuda')) list.push(onnx('cuda'));
  if (engine !== 'onnx' && wants('cuda')) list.push({ open: () => openTensorFlow('cuda') });
  if (engine !== 'tfjs' && wants('webgpu')) list.push(onnx('webgpu'));
  if (engine !== 'tfjs' && wants('cpu')) list.push(onnx('cpu'));
  if (engine === 'tfjs' && wants('cpu')) {
    list.push(
      { open: () => openTensorFlow('cpu') },
      {
        open: () =>
          Promise.resolve({
            engine: tfjsEngine({ backend: 'cpu', device: 'cpu' }),
            detail: 'plain JavaScript, for checking: hours for a CNN',
          }),
      },
    );
  }
  return list;
}

async function openOnnx(
  device: OnnxDevice,
  threads: number,
): Promise<{ engine: Engine; detail: string } | string> {
  if (!onnxDevices().includes(device)) return `this platform's onnxruntime has no ${device}`;
  const engine = onnxEngine({ device, threads });
  try {
    await probe(engine);
  } catch (error) {
    if (device === 'cpu') throw error;
    return `onnxruntime can't use ${device} here (${firstLine(error)})`;
  }
  return {
    engine,
    detail: device === 'cpu' ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'onnxruntime',
  };
}

/** tfjs's native backend comes as two packages. The one for GPUs would take a GPU also when asked for the cpu. */
const tensorFlowPackages = { cuda: 'tfjs-node-gpu', cpu: 'tfjs-node' } as const;

/** The native backend of tfjs, if its package is installed with its binary. */
async function openTensorFlow(device: 'cuda' | 'cpu'): Promise<{ engine: Engine; detail: string } | string> {
  const name = tensorFlowPackages[device];
  try {
    createRequire(import.meta.url)(`@tensorflow/${name}`);
  } catch {
    return `${name} is not installed with its binary`;
  }
  const engine = tfjsEngine({ backend: 'tensorflow', device });
  try {
    await probe(engine);
  } catch (error) {
    return `${name} can't compute here (${firstLine(error)})`;
  }
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  return device === 'cuda' && !isUsingGpuDevice ? `${name} sees no GPU` : { engine, detail: name };
}

/** Computes something small and checks the answer: a driver that loads may still not work. */
async function probe(engine: Engine): Promise<void> {
  const fn = await engine.prepare(({ a }) => ({ product: tf.matMul(a, a) }), {
    a: { shape: [2, 2], dtype: 'float32' },
  });
  const { product } = await fn.run({ a: Float32Array.of(1, 2, 3, 4) });
  await fn.close();
  if ([...product].join() !== '7,10,15,22')
    throw new Error(`a 2×2 product came out as ${[...product].join()}`);
}

function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  // onnxruntime puts a place in its source and a condition of C++ in front of what happened.
  const reason = line.replace(/^.* was false\. /, '');
  return reason.length > 120 ? `${reason.slice(0, 117)}...` : reason;
}

function remedy({ engine, device }: EngineRequest): string {
  switch (device) {
    case 'cuda':
      return engine === 'tfjs'
        ? "Install CUDA 11.2 with cuDNN 8.1 and run tfjs-node-gpu's own script (see the trainer's README), or take --device cpu."
        : "Install CUDA 12 with cuDNN 9 and run onnxruntime-node's own script (see the trainer's README), or take --device cpu.";
    case 'webgpu':
      return 'Install a Vulkan, Metal or Direct3D 12 driver, or take --device cpu.';
    case 'auto':
    case 'cpu':
      return 'Take --engine onnx --device cpu, which runs everywhere.';
  }
}
