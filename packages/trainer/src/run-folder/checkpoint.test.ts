import fc from 'fast-check';
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

/** A file in the format with this header as it is, and this many bytes of values. */
function file(header: string, valueBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + valueBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const meta = '"__metadata__":{"narrows":"1"}';

describe('the format', () => {
  test('a file is laid out as safetensors describes it', () => {
    const bytes = encodeCheckpoint({
      meta: 1,
      tensors: [{ name: 'a', shape: [2], data: Float32Array.of(1, -1) }],
    });
    const header = '{"__metadata__":{"narrows":"1"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(88);
    expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('5800000000000000');
    expect(Buffer.from(bytes.subarray(8, 96)).toString()).toBe(padded);
    expect(Buffer.from(bytes.subarray(96)).toString('hex')).toBe('0000803f000080bf');
  });

  test('values begin at a multiple of 8 bytes', () => {
    for (let length = 1; length < 20; length++) {
      const bytes = encodeCheckpoint({ meta: 'x'.repeat(length), tensors: [] });
      expect(bytes.length % 8).toBe(0);
    }
  });
});

describe('round trip', () => {
  test('values come back bit by bit, NaNs and their payloads included', () => {
    const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xffc12345, 0x80000000, 0x7f800000, 0xff800000, 1);
    const bytes = encodeCheckpoint({
      meta: null,
      tensors: [{ name: 'n', shape: [7], data: new Float32Array(bits.buffer) }],
    });
    const { data } = decodeCheckpoint(bytes, 'c').tensors[0];
    expect(new Uint32Array(data.buffer)).toStrictEqual(bits);
  });

  test('a Buffer in the middle of another, as files are read, is decoded into copies', () => {
    const bytes = encodeCheckpoint(small);
    const pool = Buffer.alloc(bytes.length + 3, 0xff);
    pool.set(bytes, 3);
    const decoded = decodeCheckpoint(pool.subarray(3), 'c');
    pool.fill(0);
    expect(decoded).toStrictEqual(small);
  });

  test('a part of a larger array is encoded as that part', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const bytes = encodeCheckpoint({
      meta: 0,
      tensors: [{ name: 'p', shape: [2], data: whole.subarray(1, 3) }],
    });
    expect(decodeCheckpoint(bytes, 'c').tensors[0].data).toStrictEqual(Float32Array.of(2, 3));
  });

  test('any checkpoint comes back, and encodes to the same bytes again', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', '0', '10', '9', ''),
    );
    const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 });
    // As many as the largest shape takes.
    const values = fc.float32Array({ minLength: 125, maxLength: 125 });
    const tensor = fc.tuple(name, shape, values).map(([tensorName, sizes, all]) => ({
      name: tensorName,
      shape: sizes,
      data: all.slice(
        0,
        sizes.reduce((a, b) => a * b, 1),
      ),
    }));
    const tensors = fc.uniqueArray(tensor, { selector: (one) => one.name, maxLength: 6 });
    fc.assert(
      fc.property(fc.json(), tensors, (json, some) => {
        const checkpoint = { meta: JSON.parse(json) as Checkpoint['meta'], tensors: some };
        const bytes = encodeCheckpoint(checkpoint);
        const decoded = decodeCheckpoint(bytes, 'c');
        // JSON writes -0 as 0.
        const meta = JSON.parse(JSON.stringify(checkpoint.meta)) as Checkpoint['meta'];
        expect(decoded).toStrictEqual({ meta, tensors: some });
        expect(encodeCheckpoint(decoded)).toStrictEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });
});

describe('refusals', () => {
  test.each<[string, Checkpoint['tensors'], string]>([
    [
      'a name twice',
      [
        { name: 'a', shape: [1], data: new Float32Array(1) },
        { name: 'a', shape: [1], data: new Float32Array(1) },
      ],
      'Cannot encode the tensor "a": names must differ, this one is taken: choose another.',
    ],
    [
      "the format's own name",
      [{ name: '__metadata__', shape: [1], data: new Float32Array(1) }],
      'Cannot encode the tensor "__metadata__": names must differ, this one is taken: choose another.',
    ],
    [
      'too few values',
      [{ name: 'a', shape: [2, 2], data: new Float32Array(3) }],
      'Cannot encode the tensor "a": its values must fill the shape [2, 2], and there are 3.',
    ],
    [
      'a shape of negative sizes',
      [{ name: 'a', shape: [-2, -2], data: new Float32Array(4) }],
      'Cannot encode the tensor "a": its values must fill the shape [-2, -2], and there are 4.',
    ],
  ])('%s is not encoded', (_, tensors, message) => {
    expect(() => encodeCheckpoint({ meta: null, tensors })).toThrow(new RangeError(message));
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'it must begin with 8 bytes of length, and it has 0'],
    ['a lone length', new Uint8Array(8), 'its header must be a JSON object in UTF-8, and it is not'],
    [
      'a length beyond the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 1),
      'its header may have 1 bytes, and it claims 9',
    ],
    [
      'a length beyond all bounds',
      new Uint8Array(9).fill(0xff),
      'its header may have 1 bytes, and it claims 18446744073709552000',
    ],
    [
      'text that is no UTF-8',
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff),
      'its header must be a JSON object in UTF-8',
    ],
    ['a list', file('[]'), 'its header must be a JSON object in UTF-8'],
    ['a header behind a space', file(` {${meta}}`), 'its header must be a JSON object in UTF-8'],
    ['no metadata', file('{}'), 'its header must have the metadata "narrows", and it has not'],
    [
      'other metadata',
      file('{"__metadata__":{"format":"pt"}}'),
      'its header must have the metadata "narrows"',
    ],
    ['metadata that are no JSON', file('{"__metadata__":{"narrows":"{"}}'), 'its metadata must be JSON'],
    [
      'another dtype',
      file(`{${meta},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}`, 4),
      '"a" must have dtype F32, shape and data_offsets, and it has {"dtype":"F16"',
    ],
    [
      'a negative size',
      file(`{${meta},"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4),
      '"a" must have dtype F32',
    ],
    [
      'a shape that overflows',
      file(
        `{${meta},"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}`,
        4,
      ),
      '"a" must fill its shape',
    ],
    [
      'a shape that the bytes do not fill',
      file(`{${meta},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4),
      '"a" must fill its shape [2], and it has 4 bytes',
    ],
    [
      'a gap',
      file(`{${meta},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
      '"a" must begin where the values before it end, at 0, and it does at 4',
    ],
    [
      'an overlap',
      file(
        `{${meta},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
        8,
      ),
      '"b" must begin where the values before it end, at 8, and it does at 4',
    ],
    [
      'missing values',
      file(`{${meta},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 7),
      '"a" must lie within the file\'s 7 bytes of values, and it ends at 8',
    ],
    ['values of nobody', file(`{${meta}}`, 4), 'its tensors must fill it, with 0 bytes, and there are 4'],
  ])('%s is not decoded', (_, bytes, message) => {
    expect(() => decodeCheckpoint(bytes, 'last')).toThrow(ExpectedError);
    expect(() => decodeCheckpoint(bytes, 'last')).toThrow(`Cannot read the checkpoint "last": ${message}`);
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
