import { ExpectedError } from '../expected-error.ts';
import type { Device, Engine } from './engine.ts';
import { openEngine, type EngineName } from './open-engine.ts';

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
    const outcome = await openEngine(candidate, request.threads);
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

/** What a request allows, the fastest first. */
function candidates({ engine, device }: EngineRequest): EngineName[] {
  const list: EngineName[] = [];
  const wants = (name: Device): boolean => device === name || (device === 'auto' && name !== 'webgpu');
  if (engine !== 'tfjs' && wants('cuda')) list.push('onnx cuda');
  if (engine !== 'onnx' && wants('cuda')) list.push('tfjs-node-gpu');
  if (engine !== 'tfjs' && wants('webgpu')) list.push('onnx webgpu');
  if (engine !== 'tfjs' && wants('cpu')) list.push('onnx cpu');
  if (engine === 'tfjs' && wants('cpu')) list.push('tfjs-node', 'tfjs in JavaScript');
  return list;
}

function remedy({ engine, device }: EngineRequest): string {
  const doctor = 'npx nx run trainer:doctor tells what is missing';
  switch (device) {
    case 'cuda':
      return engine === 'tfjs'
        ? `Install CUDA 11.2 with cuDNN 8.1 and run tfjs-node-gpu's own script (see the trainer's README; ${doctor}), or take --device cpu.`
        : `Install CUDA 12 with cuDNN 9 and run onnxruntime-node's own script (see the trainer's README; ${doctor}), or take --device cpu.`;
    case 'webgpu':
      return `Install a Vulkan, Metal or Direct3D 12 driver (${doctor}), or take --device cpu.`;
    case 'auto':
    case 'cpu':
      return 'Take --engine onnx --device cpu, which runs everywhere.';
  }
}
