import { compile } from '@narrows/compiler';
import { beforeAll, describe, expect, test } from 'vitest';
import { onnxDevices, openOnnxSession, type OnnxSession, type SessionTensor } from './onnx-session.ts';

const cpu = { device: 'cpu', threads: 1 } as const;
const two = { shape: [2], dtype: 'float32' } as const;
const { bytes } = compile(
  ({ a, b }) => ({ sum: a.add(b), product: a.mul(b) }),
  { a: two, b: two },
  { name: 'two' },
);
const floats = (...values: number[]): SessionTensor => ({
  data: Float32Array.from(values),
  shape: [values.length],
  dtype: 'float32',
});

let session: OnnxSession;
beforeAll(async () => {
  session = await openOnnxSession(bytes, cpu);
});

test('a session knows the names of the model and computes its outputs', async () => {
  expect(session.inputNames).toEqual(['a', 'b']);
  expect(session.outputNames).toEqual(['sum', 'product']);
  const results = await session.run({ a: floats(1, 2), b: floats(3, 5) });
  expect(results).toEqual({
    sum: { data: Float32Array.of(4, 7), shape: [2], dtype: 'float32' },
    product: { data: Float32Array.of(3, 10), shape: [2], dtype: 'float32' },
  });
});

test('an output is written where it is told to, also into the middle of another array', async () => {
  const target = new Float32Array(4).fill(9);
  const into = { sum: { data: target.subarray(1, 3), shape: [2], dtype: 'float32' } } as const;
  const results = await session.run({ a: floats(1, 2), b: floats(3, 5) }, into);
  expect([...target]).toEqual([9, 4, 7, 9]);
  expect([...(results['product'].data as Float32Array)]).toEqual([3, 10]);
});

test('inputs are read where they lie, without a copy from an earlier run', async () => {
  const a = floats(1, 2);
  await session.run({ a, b: floats(0, 0) });
  (a.data as Float32Array).set([10, 20]);
  const { sum } = await session.run({ a, b: floats(0, 0) });
  expect([...(sum.data as Float32Array)]).toEqual([10, 20]);
});

describe('refused are', () => {
  test.each([
    ['a missing input', { a: floats(1, 2) }, "input 'b' is missing in 'feeds'"],
    [
      'an input that the model does not have',
      { a: floats(1, 2), b: floats(1, 2), c: floats(1, 2) },
      'Cannot run the model: it has no input "c"; its inputs are a, b.',
    ],
    ['an input of another shape', { a: floats(1, 2), b: floats(1, 2, 3) }, 'invalid dimensions for input: b'],
    [
      'an input of another dtype',
      { a: floats(1, 2), b: { data: Int32Array.of(1, 2), shape: [2], dtype: 'int32' } as const },
      'Unexpected input data type',
    ],
    [
      'data that does not fill its shape',
      { a: floats(1, 2), b: { data: Float32Array.of(1), shape: [2], dtype: 'float32' } as const },
      "Tensor's size(2) does not match data length(1)",
    ],
  ])('%s', async (_, inputs, complaint) => {
    await expect(session.run(inputs as Record<string, SessionTensor>)).rejects.toThrow(complaint);
  });

  test('an output that the model does not have', async () => {
    await expect(
      session.run({ a: floats(1, 2), b: floats(1, 2) }, { quotient: floats(0, 0) }),
    ).rejects.toThrow(
      new TypeError('Cannot run the model: it has no output "quotient"; its outputs are sum, product.'),
    );
  });

  test('a target of another shape', async () => {
    await expect(session.run({ a: floats(1, 2), b: floats(1, 2) }, { sum: floats(0, 0, 0) })).rejects.toThrow(
      'invalid dimensions for output: sum',
    );
  });

  test.each([
    ['no bytes', new Uint8Array()],
    ['other bytes', Uint8Array.of(1, 2, 3)],
    ['a model cut short', bytes.subarray(0, bytes.length - 5)],
  ])('%s', async (_, bad) => {
    await expect(openOnnxSession(bad, cpu)).rejects.toThrow(Error);
  });

  test('runs after the end', async () => {
    const ended = await openOnnxSession(bytes, cpu);
    await ended.close();
    await expect(ended.run({ a: floats(1, 2), b: floats(1, 2) })).rejects.toThrow('disposed');
  });
});

test('the cpu is among the devices of every build', () => {
  expect(onnxDevices()).toContain('cpu');
});
