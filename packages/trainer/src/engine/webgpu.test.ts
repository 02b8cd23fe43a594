import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workOn, type DeviceResult, type DeviceWork } from '../testing/device-work.ts';
import { noSoftwareVulkan, softwareVulkan } from '../testing/software-vulkan.ts';
import { stateBytes } from '../testing/training-batches.ts';

/** Devices sum in other orders than the cpu: relative to the largest of what is compared. */
const tolerance = { value: 1e-4, moment: 1e-4, moved: 1e-2 };
/** In software, compiling the shaders of one training takes seconds. */
const slow = 240_000;

let child: ChildProcess;
beforeAll(() => {
  if (noSoftwareVulkan !== undefined) return;
  child = fork(fileURLToPath(new URL('../testing/webgpu-process.ts', import.meta.url)), [], {
    // Vitest reads TypeScript by itself, the child by tsx.
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...softwareVulkan() },
    serialization: 'advanced',
    // onnxruntime and tfjs have words for the terminal.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
});
afterAll(() => {
  if (noSoftwareVulkan === undefined) child.kill();
});

async function ask<T>(work: DeviceWork | 'choose'): Promise<T> {
  child.send(work);
  // So that it listens no longer for what didn't come.
  const waiting = new AbortController();
  const { signal } = waiting;
  const answer = await Promise.race([
    once(child, 'message', { signal }).then(([message]) => message as { result?: T; error?: string }),
    once(child, 'exit', { signal }).then(([code, ended]) => ({
      result: undefined,
      error: `the process ended with ${String(code ?? ended)}`,
    })),
  ]);
  waiting.abort();
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.result as T;
}

const title =
  noSoftwareVulkan === undefined ? 'WebGPU in software' : `WebGPU in software (skipped: ${noSoftwareVulkan})`;

describe.skipIf(noSoftwareVulkan !== undefined)(title, () => {
  test('is taken when it is asked for', async () => {
    expect(await ask('choose')).toBe('onnx on webgpu (onnxruntime), as asked');
  });

  // The last batch is smaller, as that of an epoch is.
  const trainings: readonly (readonly [string, Extract<DeviceWork, { kind: 'train' }>])[] = [
    ['basic-4, with everything', train('basic-4', [16, 16, 7], true)],
    ['denoising-4, with noise and everything', train('denoising-4', [8, 8, 3], true)],
    ['conv-4, with convolutions there and back', train('conv-4', [2, 2, 1], false)],
    ['cnn, with pools', train('cnn', [2, 2, 1], false)],
  ];

  test.each(trainings)(
    'trains %s as the cpu does',
    async (_, work) => {
      const expected = await workOn('cpu', work);
      const actual = await ask<DeviceResult>(work);
      expect(apart(actual.values['losses'], expected.values['losses'])).toBeLessThan(tolerance.value);
      const start = (await workOn('cpu', { ...work, sizes: [] })).state!;
      const [state, wanted] = [actual.state!, expected.state!];
      expect(state.step).toBe(3);
      for (const group of ['m', 'v', 'average'] as const) {
        expect(Object.keys(state[group] ?? {})).toEqual(Object.keys(wanted[group] ?? {}));
        if (group === 'average') continue;
        for (const [name, values] of Object.entries(wanted[group])) {
          expect(apart(state[group][name], values), `${group}/${name}`).toBeLessThan(tolerance.moment);
        }
      }
      for (const group of ['parameters', 'average'] as const) {
        for (const [name, values] of Object.entries(wanted[group] ?? {})) {
          const moved = distance(values, start.parameters[name]);
          expect(moved).toBeGreaterThan(0);
          expect(distance(state[group]![name], values) / moved, `${group}/${name}`).toBeLessThan(
            tolerance.moved,
          );
        }
      }
    },
    slow,
  );

  test(
    'trains to the same bytes when it is stopped and goes on',
    async () => {
      const work = train('basic-4', [16, 16, 7], true);
      const [whole, parts] = [
        await ask<DeviceResult>(work),
        await ask<DeviceResult>({ ...work, stopAfter: 1 }),
      ];
      expect(parts.values['losses']).toEqual(whole.values['losses']);
      expect(stateBytes(parts.state!).equals(stateBytes(whole.state!))).toBe(true);
    },
    slow,
  );

  test.each(['deeper-4', 'conv-4', 'cnn'])(
    'gives the answers of the cpu to exported files of %s',
    async (model) => {
      const work = { kind: 'export', model, count: 3 } as const;
      const expected = await workOn('cpu', work);
      const actual = await ask<DeviceResult>(work);
      expect(Object.keys(actual.values)).toEqual(Object.keys(expected.values));
      for (const [role, values] of Object.entries(expected.values)) {
        expect(apart(actual.values[role], values), role).toBeLessThan(tolerance.value);
      }
    },
    slow,
  );
});

function train(
  model: string,
  sizes: readonly number[],
  withEverything: boolean,
): Extract<DeviceWork, { kind: 'train' }> {
  return { kind: 'train', model, sizes, withEverything };
}

/** Largest difference, relative to the largest of the expected values. */
function apart(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference / largest;
}

/** Euclidean distance. */
function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
}
