import { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import type { JsonValue } from './json-value.ts';

/** A named array of 32-bit floats. */
export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The values, the last dimension running fastest. */
  readonly data: Float32Array;
}

/** What a training needs to go on: parameters and optimizer state as tensors, and all the rest as plain data. */
export interface Checkpoint {
  readonly meta: JsonValue;
  readonly tensors: readonly CheckpointTensor[];
}

/** Bytes before the header: its length as an unsigned 64-bit number. */
const prefixBytes = 8;
/** Longest header that is read. The format allows 100 MB; ours, with metrics of thousands of epochs, stay below one. */
const largestHeaderBytes = 16 * 2 ** 20;
const bytesPerValue = 4;
const metadataName = '__metadata__';
const metaKey = 'narrows';

/** What the header holds, as far as we write it: our data as one text of metadata, all tensors 32-bit floats. */
const metadataSchema = z.strictObject({ [metaKey]: z.string() });
const entrySchema = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Encodes a checkpoint as a safetensors file (https://github.com/huggingface/safetensors#format): the length of a JSON
 * header as 8 bytes, little-endian; the header with each tensor's dtype, shape and place; the values. The header is
 * padded with spaces so that the values begin at a multiple of 8 bytes. The same checkpoint gives the same bytes.
 *
 * @param checkpoint `meta` is kept as JSON, which has neither `undefined` nor NaN; values of tensors are kept bit by bit.
 * @throws RangeError for a name that is used twice or kept for the format, and for values that don't fill their shape.
 */
export function encodeCheckpoint({ meta, tensors }: Checkpoint): Uint8Array {
  const names = new Set<string>([metadataName]);
  // Put together as text: an object would move names that look like numbers to the front.
  const entries = [`${JSON.stringify(metadataName)}:${JSON.stringify({ [metaKey]: JSON.stringify(meta) })}`];
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) {
      throw new RangeError(
        `Cannot encode the tensor "${name}": names must differ, this one is taken: choose another.`,
      );
    }
    if (sizeOf(shape) !== data.length || shape.some((size) => !Number.isInteger(size) || size < 0)) {
      throw new RangeError(
        `Cannot encode the tensor "${name}": its values must fill the shape [${shape.join(', ')}], and there are ` +
          `${data.length}.`,
      );
    }
    names.add(name);
    const begin = end;
    end += data.byteLength;
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] })}`,
    );
  }

  const header = new TextEncoder().encode(`{${entries.join(',')}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + headerBytes + end).fill(
    0x20,
    prefixBytes,
    prefixBytes + headerBytes,
  );
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(header, prefixBytes);
  let offset = prefixBytes + headerBytes;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes what `encodeCheckpoint` wrote. The values are copies. Strict: other dtypes, other metadata, and any byte that
 * belongs to no tensor or to two are refused.
 *
 * @param name what errors call the file.
 * @throws ExpectedError for bytes that are no such file.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const header = readHeader(bytes, name);
  const values = bytes.subarray(prefixBytes + header.sizeBytes);

  const { [metadataName]: metadata, ...entries } = header.content;
  const metaText = metadataSchema.safeParse(metadata).data?.[metaKey];
  if (metaText === undefined)
    throw refusal(name, `its header must have the metadata "${metaKey}"`, 'it has not');
  const meta = parseJson(metaText, () =>
    refusal(name, 'its metadata must be JSON', 'they are not'),
  ) as JsonValue;

  const places = Object.entries(entries).map(([tensorName, value]) => {
    const entry = entrySchema.safeParse(value).data;
    if (entry === undefined) {
      const found = JSON.stringify(value).slice(0, 80);
      throw refusal(name, `"${tensorName}" must have dtype F32, shape and data_offsets`, `it has ${found}`);
    }
    const [begin, end] = entry.data_offsets;
    if (end - begin !== sizeOf(entry.shape) * bytesPerValue) {
      throw refusal(
        name,
        `"${tensorName}" must fill its shape [${entry.shape.join(', ')}]`,
        `it has ${end - begin} bytes`,
      );
    }
    return { name: tensorName, shape: entry.shape, begin, end };
  });
  // In the file's order, which JSON.parse changes for names that look like numbers. An empty tensor begins where the
  // next one does.
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);

  let end = 0;
  const tensors = places.map((place) => {
    if (place.begin !== end) {
      throw refusal(
        name,
        `"${place.name}" must begin where the values before it end, at ${end}`,
        `it does at ${place.begin}`,
      );
    }
    end = place.end;
    if (end > values.length) {
      throw refusal(
        name,
        `"${place.name}" must lie within the file's ${values.length} bytes of values`,
        `it ends at ${end}`,
      );
    }
    // Not slice: a Buffer's would share memory, and lie at any offset in it.
    const { buffer } = new Uint8Array(values.subarray(place.begin, place.end));
    return { name: place.name, shape: place.shape, data: new Float32Array(buffer) };
  });
  if (end !== values.length) {
    throw refusal(name, `its tensors must fill it, with ${end} bytes`, `there are ${values.length}`);
  }
  return { meta, tensors };
}

function readHeader(
  bytes: Uint8Array,
  name: string,
): { readonly sizeBytes: number; readonly content: Readonly<Record<string, unknown>> } {
  if (bytes.length < prefixBytes) {
    throw refusal(name, `it must begin with ${prefixBytes} bytes of length`, `it has ${bytes.length}`);
  }
  const sizeBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const largest = Math.min(largestHeaderBytes, bytes.length - prefixBytes);
  if (sizeBytes > largest) {
    throw refusal(name, `its header may have ${largest} bytes`, `it claims ${sizeBytes}`);
  }
  const broken = (): Error => refusal(name, 'its header must be a JSON object in UTF-8', 'it is not');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(prefixBytes, prefixBytes + sizeBytes),
    );
  } catch {
    throw broken();
  }
  const content = parseJson(text, broken);
  // The format wants the brace first; spaces are for the end.
  if (!text.startsWith('{')) throw broken();
  return { sizeBytes, content: content as Readonly<Record<string, unknown>> };
}

function parseJson(text: string, refuse: () => Error): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse();
  }
}

/** Number of values of a shape; not finite or not exact for absurd ones, which then equals no length. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function refusal(name: string, rule: string, found: string): ExpectedError {
  return new ExpectedError(
    `Cannot read the checkpoint "${name}": ${rule}, and ${found}: the file is damaged, start anew with --overwrite.`,
  );
}
