import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  tensorOf,
  type Safetensors,
  type SafetensorsTensor,
} from './safetensors.ts';

const small: Safetensors = {
  metadata: { made: 'by hand' },
  tensors: [
    { name: 'dense/kernel', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
    { name: 'scalar', shape: [], data: Int32Array.of(-7) },
    { name: 'empty', shape: [0, 4], data: new Uint8Array(0) },
    { name: 'bytes', shape: [3], data: Uint8Array.of(0, 128, 255) },
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

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe('the format', () => {
  test('a file is laid out as safetensors describes it', () => {
    const bytes = encodeSafetensors({
      metadata: { m: '1' },
      tensors: [
        { name: 'u', shape: [1, 3], data: Uint8Array.of(1, 2, 255) },
        { name: 'f', shape: [2], data: Float32Array.of(1, -1) },
        { name: 'i', shape: [1], data: Int32Array.of(-2) },
      ],
    });
    const header =
      '{"__metadata__":{"m":"1"},"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"i":{"dtype":"I32","shape":[1],"data_offsets":[8,12]},' +
      '"u":{"dtype":"U8","shape":[1,3],"data_offsets":[12,15]}}';
    const padded = header.padEnd(8 * Math.ceil(header.length / 8));
    expect(hex(bytes.subarray(0, 8))).toBe(`${padded.length.toString(16)}00000000000000`);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded.length))).toBe(padded);
    expect(hex(bytes.subarray(8 + padded.length))).toBe('0000803f000080bffeffffff0102ff');
  });

  test('values begin at a multiple of 8 bytes, each where a typed array could view it', () => {
    for (let length = 1; length < 20; length++) {
      const bytes = encodeSafetensors({
        tensors: [
          { name: 'x'.repeat(length), shape: [length], data: new Uint8Array(length) },
          { name: '4', shape: [1], data: Float32Array.of(length) },
        ],
      });
      const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(headerBytes % 8).toBe(0);
      expect(new Float32Array(bytes.buffer, 8 + headerBytes, 1)[0]).toBe(length);
    }
  });

  test('without metadata there is no entry for it', () => {
    const bytes = encodeSafetensors({ tensors: [] });
    expect(new TextDecoder().decode(bytes.subarray(8)).trimEnd()).toBe('{}');
    expect(decodeSafetensors(bytes, 'it')).toStrictEqual({ metadata: {}, tensors: [] });
  });
});

describe('round trip', () => {
  test('values come back bit by bit, NaNs and their payloads included', () => {
    const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xffc12345, 0x80000000, 0x7f800000, 0xff800000, 1);
    const bytes = encodeSafetensors({
      tensors: [{ name: 'n', shape: [7], data: new Float32Array(bits.buffer) }],
    });
    const { data } = decodeSafetensors(bytes, 'it').tensors[0];
    expect(new Uint32Array(data.buffer)).toStrictEqual(bits);
  });

  test('a Buffer in the middle of another, as files are read, is decoded into copies', () => {
    const bytes = encodeSafetensors(small);
    const pool = Buffer.alloc(bytes.length + 3, 0xff);
    pool.set(bytes, 3);
    const decoded = decodeSafetensors(pool.subarray(3), 'it');
    pool.fill(0);
    expect(decoded).toStrictEqual(small);
  });

  test('a part of a larger array is encoded as that part', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const bytes = encodeSafetensors({ tensors: [{ name: 'p', shape: [2], data: whole.subarray(1, 3) }] });
    expect(decodeSafetensors(bytes, 'it').tensors[0].data).toStrictEqual(Float32Array.of(2, 3));
  });

  test('any file comes back, tensors of 4-byte values first, and encodes to the same bytes again', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', '0', '10', '9', ''),
    );
    const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 });
    // As many as the largest shape takes.
    const length = { minLength: 125, maxLength: 125 };
    const values = fc.oneof(fc.float32Array(length), fc.int32Array(length), fc.uint8Array(length));
    const tensor = fc.tuple(name, shape, values).map(([tensorName, sizes, all]): SafetensorsTensor => ({
      name: tensorName,
      shape: sizes,
      data: all.slice(
        0,
        sizes.reduce((a, b) => a * b, 1),
      ),
    }));
    const tensors = fc.uniqueArray(tensor, { selector: (one) => one.name, maxLength: 6 });
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { noNullPrototype: true }), tensors, (metadata, some) => {
        const bytes = encodeSafetensors({ metadata, tensors: some });
        const decoded = decodeSafetensors(bytes, 'it');
        const wide = some.filter(({ data }) => data.BYTES_PER_ELEMENT === 4);
        const narrow = some.filter(({ data }) => data.BYTES_PER_ELEMENT === 1);
        expect(decoded.tensors).toStrictEqual([...wide, ...narrow]);
        expect(Object.entries(decoded.metadata)).toStrictEqual(Object.entries(metadata));
        expect(encodeSafetensors(decoded)).toStrictEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });
});

describe('tensorOf', () => {
  test('finds a tensor by name and dtype', () => {
    const { shape, data } = tensorOf(small, 'bytes', { dtype: 'U8' });
    expect(shape).toEqual([3]);
    expect(data[1]).toBe(128);
  });

  test('says what the file has instead', () => {
    expect(() => tensorOf(small, 'byte', { dtype: 'U8' })).toThrow(
      new RangeError(
        'Cannot find the U8 tensor "byte" in a file: it has "dense/kernel", "scalar", "empty", "bytes".',
      ),
    );
    expect(() => tensorOf(small, 'bytes', { dtype: 'F32' })).toThrow(
      new RangeError('Cannot find the F32 tensor "bytes" in a file: it is U8 there.'),
    );
    expect(() => tensorOf({ tensors: [] }, 'a', { dtype: 'I32', where: 'the file "b"' })).toThrow(
      new RangeError('Cannot find the I32 tensor "a" in the file "b": it has no tensors.'),
    );
  });
});

describe('refusals', () => {
  test.each<[string, SafetensorsTensor[], string]>([
    [
      'a name twice',
      [
        { name: 'a', shape: [1], data: new Float32Array(1) },
        { name: 'a', shape: [1], data: new Uint8Array(1) },
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
    expect(() => encodeSafetensors({ tensors })).toThrow(new RangeError(message));
  });

  const entry = (name: string, dtype: string, shape: string, offsets: string): string =>
    `"${name}":{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${offsets}]}`;

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
    ['a header behind a space', file(' {}'), 'its header must be a JSON object in UTF-8'],
    ['metadata that are no texts', file('{"__metadata__":{"a":1}}'), 'its metadata must be texts by name'],
    ['metadata that are a list', file('{"__metadata__":["a"]}'), 'its metadata must be texts by name'],
    [
      'another dtype',
      file(`{${entry('a', 'F16', '2', '0,4')}}`, 4),
      '"a" must have a dtype of F32, I32 or U8, a shape and data_offsets, and it has {"dtype":"F16"',
    ],
    [
      'a dtype that all objects have',
      file(`{${entry('a', 'toString', '2', '0,4')}}`, 4),
      '"a" must have a dtype',
    ],
    ['a negative size', file(`{${entry('a', 'F32', '-1', '0,4')}}`, 4), '"a" must have a dtype'],
    ['a third offset', file(`{${entry('a', 'F32', '1', '0,4,4')}}`, 4), '"a" must have a dtype'],
    ['a half offset', file(`{${entry('a', 'U8', '1', '0.5,1.5')}}`, 2), '"a" must have a dtype'],
    ['no entry', file('{"a":null}'), '"a" must have a dtype'],
    [
      'an entry of more',
      file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"b":1}}'),
      '"a" must have a dtype',
    ],
    [
      'a shape that overflows',
      file(`{${entry('a', 'F32', '9007199254740991,9007199254740991', '0,4')}}`, 4),
      '"a" must fill its shape',
    ],
    [
      'a shape that the bytes do not fill',
      file(`{${entry('a', 'F32', '2', '0,4')}}`, 4),
      '"a" must fill its shape [2] of F32, and it has 4 bytes',
    ],
    [
      'bytes taken for floats',
      file(`{${entry('a', 'U8', '1', '0,4')}}`, 4),
      '"a" must fill its shape [1] of U8, and it has 4 bytes',
    ],
    [
      'a gap',
      file(`{${entry('a', 'F32', '1', '4,8')}}`, 8),
      '"a" must begin where the values before it end, at 0, and it does at 4',
    ],
    [
      'an overlap',
      file(`{${entry('a', 'F32', '2', '0,8')},${entry('b', 'I32', '1', '4,8')}}`, 8),
      '"b" must begin where the values before it end, at 8, and it does at 4',
    ],
    [
      'missing values',
      file(`{${entry('a', 'F32', '2', '0,8')}}`, 7),
      '"a" must lie within the file\'s 7 bytes of values, and it ends at 8',
    ],
    ['values of nobody', file('{}', 4), 'its tensors must fill it, with 0 bytes, and there are 4'],
  ])('%s is not decoded', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'the file "x"')).toThrow(RangeError);
    expect(() => decodeSafetensors(bytes, 'the file "x"')).toThrow(`Cannot read the file "x": ${message}`);
  });

  test('no prefix of a file is decoded', () => {
    const bytes = encodeSafetensors(small);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'it')).toThrow(RangeError);
    }
  });

  test('damaged bytes are refused or decoded, never a crash', () => {
    const intact = encodeSafetensors(small);
    const damage = fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Uint8Array.from(intact);
        for (const [index, value] of changes) bytes[index] = value;
        try {
          decodeSafetensors(bytes, 'it');
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          expect(error.message).not.toMatch(/[\n\r]/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
