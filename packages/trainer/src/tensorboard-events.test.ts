import { describe, expect, test } from 'vitest';
import { crc32c, tensorboardEventFile } from './tensorboard-events.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const range = Uint8Array.from({ length: 32 }, (_, i) => i);

describe('crc32c', () => {
  // RFC 3720, B.4, whose checksums stand there byte by byte, the lowest first.
  test.each<[string, Uint8Array, number]>([
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes of 0 to 31', range, 0x46dd794e],
    ['32 bytes of 31 to 0', range.toReversed(), 0x113fdb5c],
    [
      'an iSCSI command',
      Buffer.from(
        '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' +
          '0200000000000000',
        'hex',
      ),
      0xd9963a56,
    ],
    // The check value that catalogues of checksums give.
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s is what is published', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

/** CRC-32C bit by bit, as polynomial division is written in textbooks. */
function remainderOf(bytes: Uint8Array): number {
  let remainder = 0xffffffffn;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (remainder ^ (BigInt(byte) >> BigInt(bit))) & 1n;
      remainder = (remainder >> 1n) ^ (carry * 0x82f63b78n);
    }
  }
  return Number(remainder ^ 0xffffffffn);
}

/** Reads a file as TensorFlow's record_reader.cc does: lengths, checksums unmasked and compared, data. */
function readRecords(file: Uint8Array): Buffer[] {
  const unmask = (masked: number): number => {
    const turned = (masked - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  const bytes = Buffer.from(file);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(remainderOf(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(data.length).toBe(length);
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(remainderOf(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** The fields of a protocol buffer by number, without any schema. */
function readFields(bytes: Buffer): Map<number, (bigint | Buffer)[]> {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = Number(varint());
    const kind = key & 7;
    const value =
      kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

/** An event as `event.proto` and `summary.proto` name its fields. */
function readEvent(record: Buffer) {
  const fields = readFields(record);
  const only = (number: number): Buffer => fields.get(number)![0] as Buffer;
  const summary = fields.has(5) ? (readFields(only(5)).get(1) as Buffer[]) : [];
  return {
    wallTime: only(1).readDoubleLE(),
    step: fields.get(2)?.[0],
    fileVersion: fields.has(3) ? only(3).toString() : undefined,
    values: Object.fromEntries(
      summary.map((value) => {
        const entry = readFields(value);
        return [(entry.get(1)![0] as Buffer).toString(), (entry.get(2)![0] as Buffer).readFloatLE()];
      }),
    ),
  };
}

describe('tensorboardEventFile', () => {
  const epochs = [
    { wallTimeMs: 1_767_323_045_250, step: 1, values: { 'loss/train': 0.25, 'accuracy/validation': 0.9375 } },
    { wallTimeMs: 1_767_323_055_500, step: 300, values: { 'loss/train': 0.125 } },
  ];

  test('is the version and one event for each record', () => {
    const events = readRecords(tensorboardEventFile(epochs)).map(readEvent);
    expect(events).toEqual([
      { wallTime: 1_767_323_045.25, step: undefined, fileVersion: 'brain.Event:2', values: {} },
      {
        wallTime: 1_767_323_045.25,
        step: 1n,
        fileVersion: undefined,
        values: { 'loss/train': 0.25, 'accuracy/validation': 0.9375 },
      },
      { wallTime: 1_767_323_055.5, step: 300n, fileVersion: undefined, values: { 'loss/train': 0.125 } },
    ]);
  });

  test('without records is the version alone', () => {
    const events = readRecords(tensorboardEventFile([])).map(readEvent);
    expect(events).toEqual([{ wallTime: 0, step: undefined, fileVersion: 'brain.Event:2', values: {} }]);
  });

  test('an event has its fields where event.proto has them', () => {
    const [, event] = readRecords(tensorboardEventFile([{ wallTimeMs: 1500, step: 300, values: { é: -1 } }]));
    expect(hex(event)).toBe(
      '09' + '000000000000f83f' + '10ac02' + '2a0b' + '0a09' + '0a02c3a9' + '15000080bf',
    );
  });

  test('carries large steps, long tags, NaN and infinities', () => {
    const tag = 'x'.repeat(200);
    const values = { [tag]: NaN, up: Infinity, down: -Infinity };
    const file = tensorboardEventFile([{ wallTimeMs: 0, step: 2 ** 40 + 5, values }]);
    const [, event] = readRecords(file).map(readEvent);
    expect(event).toMatchObject({ step: 2n ** 40n + 5n, values });
  });

  test('a file of more epochs begins with the file of fewer', () => {
    const [fewer, more] = [tensorboardEventFile(epochs.slice(0, 1)), tensorboardEventFile(epochs)];
    expect(hex(more).startsWith(hex(fewer))).toBe(true);
  });

  test.each([
    [NaN, 1],
    [0, -1],
    [0, 1.5],
    [0, 2 ** 53],
  ])('refuses a time of %d ms and step %d', (wallTimeMs, step) => {
    const encode = () => tensorboardEventFile([{ wallTimeMs, step, values: {} }]);
    expect(encode).toThrow(RangeError);
    expect(encode).toThrow(`not ${wallTimeMs} ms and ${step}.`);
  });
});
