/** Scalars at a step, such as the end of an epoch. */
export interface ScalarRecord {
  /** When they were measured, in ms since 1970. */
  readonly wallTimeMs: number;
  /** Where they stand on TensorBoard's axis, an integer of at least 0. */
  readonly step: number;
  /** float32 values by tag; a `/` in a tag groups charts. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Makes a whole event file that TensorBoard shows as scalar charts: the version of the format, then one event a record.
 * TensorBoard finds it under any name that has `tfevents` in it. The same records give the same bytes.
 *
 * A file is TFRecords, each the length of its data as 64 bits, the masked CRC-32C of that, the data and their masked
 * CRC-32C; the data are one `Event` as a protocol buffer. Sources: the format's descriptions in TensorFlow,
 * `tensorflow/core/lib/io/record_writer.h`, `tensorflow/core/util/event.proto` and
 * `tensorflow/core/framework/summary.proto`.
 *
 * @throws RangeError for a time that is not finite or a step that is no integer of at least 0.
 */
export function tensorboardEventFile(records: readonly ScalarRecord[]): Uint8Array {
  const begin = records.length === 0 ? 0 : records[0].wallTimeMs;
  return concatenated([
    frame(concatenated([doubleField(1, begin / 1000), bytesField(3, utf8('brain.Event:2'))])),
    ...records.map((record) => frame(encodeEvent(record))),
  ]);
}

/** `Event { double wall_time = 1; int64 step = 2; Summary summary = 5; }`, the time in seconds. */
function encodeEvent({ wallTimeMs, step, values }: ScalarRecord): Uint8Array {
  if (!Number.isFinite(wallTimeMs) || !Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(
      `Cannot encode an event: its time must be finite and its step an integer of at least 0, not ${wallTimeMs} ms ` +
        `and ${step}.`,
    );
  }
  // `Summary { repeated Value value = 1; }`, `Value { string tag = 1; float simple_value = 2; }`
  const summary = Object.entries(values).map(([tag, value]) =>
    bytesField(1, concatenated([bytesField(1, utf8(tag)), floatField(2, value)])),
  );
  return concatenated([
    doubleField(1, wallTimeMs / 1000),
    integerField(2, step),
    bytesField(5, concatenated(summary)),
  ]);
}

/** A TFRecord. */
function frame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}

/** Turned and shifted, so that checksums of data that hold checksums stay good ones. */
function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** What a byte does to the remainder, by the polynomial 0x1edc6f41 with its bits reversed. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  }
  return remainder;
});

/**
 * The CRC-32C (Castagnoli) checksum of bytes, as an unsigned integer.
 *
 * Source: RFC 3720, section 12.1, https://www.rfc-editor.org/rfc/rfc3720.
 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = crcTable[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

// Fields of protocol buffers (https://protobuf.dev/programming-guides/encoding): the number with the kind in the lowest
// three bits, then the value.

function integerField(number: number, value: number): Uint8Array {
  return Uint8Array.from([number << 3, ...varint(value)]);
}

function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = (number << 3) | 1;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

function bytesField(number: number, value: Uint8Array): Uint8Array {
  return concatenated([Uint8Array.from([(number << 3) | 2, ...varint(value.length)]), value]);
}

function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = (number << 3) | 5;
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
