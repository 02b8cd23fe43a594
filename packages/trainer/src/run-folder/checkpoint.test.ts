import fc from 'fast-check';
import { encodeSafetensors } from '@narrows/shared';
import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';

const small: Checkpoint = {
  meta: { epoch: 3, losses: [0.5, 0.25], rng: null },
  tensors: [
    { name: 'dense/kernel', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
    { name: 'dense/bias', shape: [], data: Float32Array.of(7) },
    { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
  ],
};

test('a checkpoint is a safetensors file with its plain data as one text of metadata', () => {
  const bytes = encodeCheckpoint({
    meta: { a: 1 },
    tensors: [{ name: 'a', shape: [2], data: Float32Array.of(1, -1) }],
  });
  const header =
    '{"__metadata__":{"narrows":"{\\"a\\":1}"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('6000000000000000');
  expect(Buffer.from(bytes.subarray(8, 104)).toString()).toBe(header.padEnd(96));
  expect(Buffer.from(bytes.subarray(104)).toString('hex')).toBe('0000803f000080bf');
});

test('any checkpoint comes back, tensors in their order, and encodes to the same bytes again', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '0', '10', '9', ''));
  const tensor = fc
    .tuple(name, fc.float32Array())
    .map(([tensorName, data]) => ({ name: tensorName, shape: [data.length], data }));
  const tensors = fc.uniqueArray(tensor, { selector: (one) => one.name, maxLength: 6 });
  fc.assert(
    fc.property(fc.json(), tensors, (json, some) => {
      const checkpoint = { meta: JSON.parse(json) as Checkpoint['meta'], tensors: some };
      const bytes = encodeCheckpoint(checkpoint);
      const decoded = decodeCheckpoint(bytes, 'c');
      // JSON writes -0 as 0.
      const meta = JSON.parse(JSON.stringify(checkpoint.meta)) as Checkpoint['meta'];
      expect(decoded.meta).toStrictEqual(meta);
      // An empty tensor begins where the next one does, so the file does not say which of two is first.
      const filled = ({ data }: Checkpoint['tensors'][number]) => data.length > 0;
      expect(decoded.tensors.filter(filled)).toStrictEqual(some.filter(filled));
      expect(decoded.tensors.length).toBe(some.length);
    }),
    { numRuns: 200 },
  );
});

describe('refusals', () => {
  const tensors = small.tensors;

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'it must begin with 8 bytes of length, and it has 0.'],
    [
      'a file without metadata',
      encodeSafetensors({ tensors }),
      'its metadata must be "narrows" alone, and they are not.',
    ],
    [
      'a file with other metadata',
      encodeSafetensors({ tensors, metadata: { format: 'pt' } }),
      'its metadata must be "narrows" alone, and they are not.',
    ],
    [
      'a file with more metadata',
      encodeSafetensors({ tensors, metadata: { narrows: '1', format: 'pt' } }),
      'its metadata must be "narrows" alone, and they are not.',
    ],
    [
      'metadata that are no JSON',
      encodeSafetensors({ tensors, metadata: { narrows: '{' } }),
      'its metadata must be JSON, and they are not.',
    ],
    [
      'another dtype',
      encodeSafetensors({
        tensors: [{ name: 'a', shape: [1], data: Int32Array.of(1) }],
        metadata: { narrows: '1' },
      }),
      '"a" must be of dtype F32, and it is not.',
    ],
  ])('%s is not decoded, and the error says what to do', (_, bytes, why) => {
    const message = `Cannot read the checkpoint "last": ${why} The file is damaged: start anew with --overwrite.`;
    expect(() => decodeCheckpoint(bytes, 'last')).toThrow(new ExpectedError(message));
  });

  test('no prefix of a file is decoded', () => {
    const bytes = encodeCheckpoint(small);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length), 'c')).toThrow(ExpectedError);
    }
  });

  test('damaged bytes are refused or decoded, never a crash', () => {
    const intact = encodeCheckpoint(small);
    const damage = fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Uint8Array.from(intact);
        for (const [index, value] of changes) bytes[index] = value;
        try {
          decodeCheckpoint(bytes, 'c');
        } catch (error) {
          if (!(error instanceof ExpectedError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
