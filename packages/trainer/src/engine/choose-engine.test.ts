import { createRequire } from 'node:module';
import { compile } from '@narrows/compiler';
import { describe, expect, test, type TestContext } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { chooseEngine, type EngineRequest } from './choose-engine.ts';
import { openOnnxSession, type OnnxDevice } from './onnx-session.ts';

/** Whether onnxruntime opens a graph on a device of this machine. */
async function works(device: OnnxDevice): Promise<boolean> {
  const x = { shape: [2], dtype: 'float32' } as const;
  const { bytes } = compile((inputs) => ({ y: inputs['x'].add(inputs['x']) }), { x }, { name: 'double' });
  try {
    await (await openOnnxSession(bytes, { device, threads: 1 })).close();
    return true;
  } catch {
    return false;
  }
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url)(name);
    return true;
  } catch {
    return false;
  }
}

const has = {
  cuda: await works('cuda'),
  webgpu: await works('webgpu'),
  'tfjs-node-gpu': isInstalled('@tensorflow/tfjs-node-gpu'),
  'tfjs-node': isInstalled('@tensorflow/tfjs-node'),
};

/** What is tested is what happens without these: where they are there, there is nothing to test. */
function without(context: TestContext, ...names: readonly (keyof typeof has)[]): void {
  const present = names.find((name) => has[name]);
  if (present !== undefined) context.skip(`this machine has ${present}, and the test is about being without`);
}

const ask = (engine: EngineRequest['engine'], device: EngineRequest['device'], threads = 1) =>
  chooseEngine({ engine, device, threads });

async function refusal(
  engine: EngineRequest['engine'],
  device: EngineRequest['device'],
): Promise<ExpectedError> {
  const error: unknown = await ask(engine, device).then(
    ({ reason }) => `no error, but ${reason}`,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  expect((error as ExpectedError).message).toMatch(/^Cannot train with \P{Cc}+\.$/u);
  // No places in somebody's source code.
  expect((error as ExpectedError).message).not.toMatch(/\.cc:\d/);
  return error as ExpectedError;
}

describe('the cpu', () => {
  test.each(['auto', 'onnx'] as const)('is onnxruntime for --engine %s', async (engine) => {
    const chosen = await ask(engine, 'cpu', 2);
    expect(chosen.engine).toMatchObject({ name: 'onnx', device: 'cpu', threads: 2 });
    expect(chosen.reason).toBe('onnx on cpu (2 threads), as asked');
    expect((await ask(engine, 'cpu')).reason).toBe('onnx on cpu (1 thread), as asked');
  });

  test('is plain JavaScript for --engine tfjs without tfjs-node, and the reason warns of it', async (context) => {
    without(context, 'tfjs-node');
    const chosen = await ask('tfjs', 'cpu');
    expect(chosen.engine).toMatchObject({ name: 'tfjs', device: 'cpu' });
    expect(chosen.reason).toBe(
      'tfjs on cpu (plain JavaScript, for checking: hours for a CNN), tfjs-node is not installed with its binary',
    );
  });
});

describe('auto', () => {
  test.each(['auto', 'onnx'] as const)(
    'falls back to the cpu, and says why, for --engine %s',
    async (engine) => {
      const { engine: chosen, reason } = await ask(engine, 'auto', 2);
      // Whatever the machine has: a device, and where it is the cpu, what was missing for more.
      expect(reason.startsWith(`${chosen.name} on ${chosen.device} (`)).toBe(true);
      if (chosen.device === 'cpu') expect(reason).toMatch(/^onnx on cpu \(2 threads\), .*onnxruntime.* cuda/);
      expect(reason).not.toMatch(/\p{Cc}/u);
    },
  );

  test('takes the cpu where there is no CUDA', async (context) => {
    without(context, 'cuda', 'tfjs-node-gpu');
    const { engine, reason } = await ask('auto', 'auto', 2);
    expect(engine).toMatchObject({ name: 'onnx', device: 'cpu', threads: 2 });
    expect(reason).toMatch(/; tfjs-node-gpu is not installed with its binary$/);
  });

  test('keeps to tfjs where that was asked for', async () => {
    const { engine, reason } = await ask('tfjs', 'auto');
    expect(engine.name).toBe('tfjs');
    expect(reason.startsWith(`tfjs on ${engine.device} (`)).toBe(true);
  });

  test('the engine that it takes computes', async () => {
    const { engine } = await ask('auto', 'auto');
    const fn = await engine.prepare(({ x }) => ({ y: x.mul(x) }), { x: { shape: [2], dtype: 'float32' } });
    expect([...(await fn.run({ x: Float32Array.of(3, -4) }))['y']]).toEqual([9, 16]);
    await fn.close();
  });
});

describe('a device that is asked for and not there', () => {
  test.for(['auto', 'onnx'] as const)('cuda, for --engine %s', async (engine, context) => {
    without(context, 'cuda', 'tfjs-node-gpu');
    const error = await refusal(engine, 'cuda');
    expect(error.exitCode).toBe(1);
    expect(error.message).toContain(`--engine ${engine} --device cuda: `);
    expect(error.message).toMatch(/onnxruntime can't use cuda here \(.+\)|onnxruntime has no cuda/);
    expect(error.message).toContain('Install CUDA 12');
    expect(error.message).toContain("run onnxruntime-node's own script (see the trainer's README; ");
  });

  test('cuda, for --engine tfjs', async (context) => {
    without(context, 'tfjs-node-gpu');
    const error = await refusal('tfjs', 'cuda');
    expect(error.exitCode).toBe(1);
    expect(error.message).toBe(
      'Cannot train with --engine tfjs --device cuda: tfjs-node-gpu is not installed with its binary. Install CUDA 11.2 ' +
        "with cuDNN 8.1 and run tfjs-node-gpu's own script (see the trainer's README; npx nx run trainer:doctor tells what " +
        'is missing), or take --device cpu.',
    );
  });

  test.for(['auto', 'onnx'] as const)('webgpu, for --engine %s', async (engine, context) => {
    without(context, 'webgpu');
    const error = await refusal(engine, 'webgpu');
    expect(error.exitCode).toBe(1);
    expect(error.message).toMatch(/onnxruntime can't use webgpu here \(.+\)|onnxruntime has no webgpu/);
    expect(error.message).toContain('Install a Vulkan, Metal or Direct3D 12 driver');
  });

  test('webgpu, for --engine tfjs, which no machine has', async () => {
    const error = await refusal('tfjs', 'webgpu');
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain('tfjs has no WebGPU in Node: take --engine onnx or another device');
  });
});
