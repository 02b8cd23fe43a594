/** A dtype that is written and read here; the format has more. */
export type SafetensorsDtype = 'F32' | 'I32' | 'U8';

/** Arrays by dtype. */
interface ArrayTypes {
  F32: Float32Array;
  I32: Int32Array;
  U8: Uint8Array;
}

/** A named array of numbers. Its dtype is that of `data`: F32, I32 or U8. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The values, the last dimension running fastest. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** Texts by name; `{}` is the same as none. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly SafetensorsTensor[];
}

/** Bytes before the header: its length as an unsigned 64-bit number. */
const prefixBytes = 8;
/** Longest header that the format allows. */
const largestHeaderBytes = 100_000_000;
const metadataName = '__metadata__';
const bytesPerValue: Readonly<Record<SafetensorsDtype, number>> = { F32: 4, I32: 4, U8: 1 };

/**
 * Encodes tensors as a safetensors file (https://github.com/huggingface/safetensors#format): the length of a JSON
 * header as 8 bytes, little-endian; the header with each tensor's dtype, shape and place; the values. The header is
 * padded with spaces so that the values begin at a multiple of 8 bytes, and tensors of 4-byte values come before those
 * of bytes, so that every value lies where a typed array could view it. Otherwise tensors keep their order. The same
 * tensors and metadata give the same bytes.
 *
 * @param contents values are kept bit by bit.
 * @throws RangeError for a name that is used twice or kept for the format, and for values that don't fill their shape.
 */
export function encodeSafetensors({
  tensors,
  metadata = {},
}: Pick<Safetensors, 'tensors'> & Partial<Safetensors>): Uint8Array {
  const names = new Set<string>([metadataName]);
  // Put together as text: an object would move names that look like numbers to the front.
  const entries =
    Object.keys(metadata).length === 0 ? [] : [`${JSON.stringify(metadataName)}:${JSON.stringify(metadata)}`];
  const placed = tensors.toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  for (const { name, shape, data } of placed) {
    if (names.has(name)) {
      throw new RangeError(
        `Cannot encode the tensor "${name}": names must differ, this one is taken: choose another.`,
      );
    }
    if (sizeOf(shape) !== data.length || !isShape(shape)) {
      throw new RangeError(
        `Cannot encode the tensor "${name}": its values must fill the shape [${shape.join(', ')}], and there are ` +
          `${data.length}.`,
      );
    }
    names.add(name);
    const begin = end;
    end += data.byteLength;
    const entry = { dtype: dtypeOf(data), shape, data_offsets: [begin, end] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }

  const header = new TextEncoder().encode(`{${entries.join(',')}}`);
  const valuesAt = prefixBytes + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(valuesAt + end).fill(0x20, prefixBytes, valuesAt);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(valuesAt - prefixBytes), true);
  bytes.set(header, prefixBytes);
  let offset = valuesAt;
  for (const { data } of placed) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a safetensors file. The values are copies, the tensors in the order of their values. Strict: any byte that
 * belongs to no tensor or to two is refused, and so are dtypes other than F32, I32 and U8.
 *
 * @param subject what errors call the file, such as `the file "samples.safetensors"`.
 * @throws RangeError, in one line, for bytes that are no such file.
 */
export function decodeSafetensors(bytes: Uint8Array, subject: string): Safetensors {
  const refuse = (rule: string, found: string): RangeError =>
    new RangeError(`Cannot read ${subject}: ${rule}, and ${found}.`);
  const { sizeBytes, content } = readHeader(bytes, refuse);
  const values = bytes.subarray(prefixBytes + sizeBytes);
  const { [metadataName]: metadata = {}, ...entries } = content;
  if (!isMetadata(metadata)) {
    throw refuse('its metadata must be texts by name', `they are ${excerpt(metadata)}`);
  }

  const places = Object.entries(entries).map(([name, entry]) => {
    const label = excerpt(name);
    if (!isEntry(entry)) {
      throw refuse(
        `${label} must have a dtype of F32, I32 or U8, a shape and data_offsets`,
        `it has ${excerpt(entry)}`,
      );
    }
    const { dtype, shape } = entry;
    const [begin, end] = entry.data_offsets;
    if (end - begin !== sizeOf(shape) * bytesPerValue[dtype]) {
      throw refuse(
        `${label} must fill its shape [${shape.join(', ')}] of ${dtype}`,
        `it has ${end - begin} bytes`,
      );
    }
    return { name, label, dtype, shape, begin, end };
  });
  // In the file's order, which JSON.parse changes for names that look like numbers. An empty tensor begins where the
  // next one does.
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);

  let end = 0;
  const tensors = places.map((place) => {
    if (place.begin !== end) {
      throw refuse(
        `${place.label} must begin where the values before it end, at ${end}`,
        `it does at ${place.begin}`,
      );
    }
    end = place.end;
    if (end > values.length) {
      throw refuse(
        `${place.label} must lie within the file's ${values.length} bytes of values`,
        `it ends at ${end}`,
      );
    }
    // Not slice: a Buffer's would share memory, and lie at any offset in it.
    const { buffer } = new Uint8Array(values.subarray(place.begin, place.end));
    return { name: place.name, shape: place.shape, data: arrayOn(buffer, place.dtype) };
  });
  if (end !== values.length) {
    throw refuse(`its tensors must fill it, with ${end} bytes`, `there are ${values.length}`);
  }
  return { metadata, tensors };
}

/**
 * Finds a tensor of a file.
 *
 * @param where what the file was read from, for the error, as for `decodeSafetensors`
 * @throws RangeError if the file has none of this name and dtype; it says what it has.
 */
export function tensorOf<D extends SafetensorsDtype>(
  { tensors }: Pick<Safetensors, 'tensors'>,
  name: string,
  { dtype, where = 'a file' }: { dtype: D; where?: string },
): { readonly shape: readonly number[]; readonly data: ArrayTypes[D] } {
  const tensor = tensors.find((one) => one.name === name);
  if (tensor === undefined || dtypeOf(tensor.data) !== dtype) {
    const found = tensor === undefined ? `has ${listed(tensors)}` : `is ${dtypeOf(tensor.data)} there`;
    throw new RangeError(`Cannot find the ${dtype} tensor "${name}" in ${where}: it ${found}.`);
  }
  return { shape: tensor.shape, data: tensor.data as ArrayTypes[D] };
}

function listed(tensors: readonly SafetensorsTensor[]): string {
  if (tensors.length === 0) return 'no tensors';
  const names = tensors.slice(0, 10).map(({ name }) => `"${name}"`);
  return `${names.join(', ')}${tensors.length > 10 ? ` and ${tensors.length - 10} more` : ''}`;
}

function readHeader(
  bytes: Uint8Array,
  refuse: (rule: string, found: string) => RangeError,
): { readonly sizeBytes: number; readonly content: Readonly<Record<string, unknown>> } {
  if (bytes.length < prefixBytes) {
    throw refuse(`it must begin with ${prefixBytes} bytes of length`, `it has ${bytes.length}`);
  }
  const sizeBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const largest = Math.min(largestHeaderBytes, bytes.length - prefixBytes);
  if (sizeBytes > largest) throw refuse(`its header may have ${largest} bytes`, `it claims ${sizeBytes}`);
  let content: unknown;
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(prefixBytes, prefixBytes + sizeBytes),
    );
    content = JSON.parse(text);
  } catch {
    // Refused below, as what is not an object.
  }
  // The format wants the brace first; spaces are for the end.
  if (content === undefined || !text.startsWith('{')) {
    throw refuse('its header must be a JSON object in UTF-8', 'it is not');
  }
  return { sizeBytes, content: content as Readonly<Record<string, unknown>> };
}

function isMetadata(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

interface Entry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value) || Object.keys(value).length !== 3) return false;
  const { dtype, shape, data_offsets: offsets } = value as Readonly<Record<keyof Entry, unknown>>;
  return (
    typeof dtype === 'string' &&
    Object.hasOwn(bytesPerValue, dtype) &&
    isShape(shape) &&
    isShape(offsets) &&
    offsets.length === 2
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

/** Number of values of a shape; not finite or not exact for absurd ones, which then equals no length. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function dtypeOf(data: SafetensorsTensor['data']): SafetensorsDtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

function arrayOn(buffer: ArrayBuffer, dtype: SafetensorsDtype): SafetensorsTensor['data'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
  }
}

/** The beginning of a value of the header, on one line. */
function excerpt(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 80);
  } catch {
    return 'nested too deeply';
  }
}
