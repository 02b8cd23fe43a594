import { compile } from '@narrows/compiler';
import { expect, test } from 'vitest';
import { batchSessions } from './batch-sessions.ts';

const cpu = { device: 'cpu', threads: 1 } as const;

/** Doubles `count` numbers; notes down which sizes were compiled. */
function doubling() {
  const compiled: number[] = [];
  const sessions = batchSessions((count) => {
    compiled.push(count);
    if (count === 13) throw new Error('no thirteen');
    if (count === 14) return Uint8Array.of(1, 2, 3);
    return compile(
      ({ x }) => ({ y: x.add(x) }),
      { x: { shape: [count], dtype: 'float32' } },
      { name: 'double' },
    ).bytes;
  }, cpu);
  return { sessions, compiled };
}

async function double(
  sessions: ReturnType<typeof doubling>['sessions'],
  ...values: number[]
): Promise<number[]> {
  const session = await sessions.get(values.length);
  const x = { data: Float32Array.from(values), shape: [values.length], dtype: 'float32' } as const;
  return [...((await session.run({ x }))['y'].data as Float32Array)];
}

test('each size of batch gets a session of its own, compiled once', async () => {
  const { sessions, compiled } = doubling();
  expect(await double(sessions, 1, 2, 3)).toEqual([2, 4, 6]);
  expect(await double(sessions, 4)).toEqual([8]);
  expect(await double(sessions, 5, 6, 7)).toEqual([10, 12, 14]);
  expect(compiled).toEqual([3, 1]);
  expect(await sessions.get(3)).not.toBe(await sessions.get(1));
  await sessions.close();
});

test('a size that is asked for twice at a time is compiled once', async () => {
  const { sessions, compiled } = doubling();
  const [first, second] = await Promise.all([sessions.get(2), sessions.get(2)]);
  expect(first).toBe(second);
  expect(compiled).toEqual([2]);
  await sessions.close();
});

test('closing frees every session', async () => {
  const { sessions } = doubling();
  const opened = [await sessions.get(1), await sessions.get(2)];
  await sessions.close();
  for (const [i, session] of opened.entries()) {
    const x = { data: new Float32Array(i + 1), shape: [i + 1], dtype: 'float32' } as const;
    await expect(session.run({ x })).rejects.toThrow('disposed');
  }
});

test('closing is nothing where nothing was opened', async () => {
  await expect(doubling().sessions.close()).resolves.toBeUndefined();
});

test('what fails to compile or to load is an error of that size alone', async () => {
  const { sessions } = doubling();
  await expect(sessions.get(13)).rejects.toThrow('no thirteen');
  await expect(sessions.get(14)).rejects.toThrow('protobuf');
  expect(await double(sessions, 1)).toEqual([2]);
  await expect(sessions.close()).resolves.toBeUndefined();
});
