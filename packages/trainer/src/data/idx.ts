import { constants, gunzipSync } from 'node:zlib';
import { ExpectedError } from '../expected-error.ts';

/** What an IDX file of unsigned bytes holds: images in three dimensions, labels in one. */
export type IdxKind = 'images' | 'labels';

/** The content of an IDX file of images. */
export interface IdxImages {
  count: number;
  /** In pixels. */
  height: number;
  /** In pixels. */
  width: number;
  /** uint8 [count, height, width]; a view of the bytes it was read from where they were not compressed. */
  pixels: Uint8Array;
}

const rankOf = { images: 3, labels: 1 } as const;
/** The type code of unsigned bytes, the only one that MNIST and its kin use. */
const unsignedByte = 0x08;
/** More than any set of images known in this format, and what a header may make us allocate. */
const largestDataBytes = 2 ** 30;
/** Enough compressed bytes to hold the header, whatever the gzip header's optional file name. */
const gzipPrefixBytes = 65_536;

/**
 * Reads images from an IDX file, plain or gzip.
 *
 * The format: two zero bytes, a type code (0x08 for unsigned bytes), the number of dimensions, each dimension as a
 * big-endian uint32, then the values with the last dimension fastest. Source: "The IDX file format" on the page of
 * the MNIST database, http://yann.lecun.com/exdb/mnist/.
 *
 * @param bytes the whole file
 * @param name what to call the file in errors
 * @throws ExpectedError if the gzip is corrupt, the header isn't one of images, a dimension is 0, the images would
 *   take more than 1 GiB, or the file is longer or shorter than its header says
 */
export function parseIdxImages(bytes: Uint8Array, name: string): IdxImages {
  const { dimensions, values } = parseIdx(bytes, name, 'images');
  const [count, height, width] = dimensions;
  return { count, height, width, pixels: values };
}

/**
 * Reads labels from an IDX file, plain or gzip; see `parseIdxImages` for the format and the errors.
 *
 * @param bytes the whole file
 * @param name what to call the file in errors
 * @param classCount number of classes; every label must be below it
 * @returns uint8 [count]; a view of `bytes` where they are not compressed
 * @throws ExpectedError as `parseIdxImages`, and if a label isn't below `classCount`
 */
export function parseIdxLabels(bytes: Uint8Array, name: string, classCount: number): Uint8Array {
  const { values } = parseIdx(bytes, name, 'labels');
  const at = values.findIndex((label) => label >= classCount);
  if (at !== -1) {
    throw cannotRead(name, `labels must be below ${classCount}, but label ${at} is ${values[at]}`);
  }
  return values;
}

/**
 * The plain bytes of an IDX file: `bytes` itself where they are not gzip.
 *
 * It decompresses the header first and then no more than that announces, so that a small file can't fill the memory.
 *
 * @param bytes the whole file
 * @param name what to call the file in errors
 * @param kind what it should hold
 * @throws ExpectedError as `parseIdxImages`, except that nothing is checked where the bytes are not gzip
 */
export function decompressIdx(bytes: Uint8Array, name: string, kind: IdxKind): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const prefix = gunzip(bytes.subarray(0, gzipPrefixBytes), name, { finishFlush: constants.Z_SYNC_FLUSH });
  const { totalBytes } = readHeader(prefix, name, kind);
  return gunzip(bytes, name, { maxOutputLength: totalBytes });
}

function parseIdx(bytes: Uint8Array, name: string, kind: IdxKind) {
  const plain = decompressIdx(bytes, name, kind);
  const { dimensions, headerBytes, totalBytes } = readHeader(plain, name, kind);
  if (plain.length !== totalBytes) {
    const shape = dimensions.join(' × ');
    throw cannotRead(
      name,
      `${shape} ${kind === 'images' ? 'pixels' : 'labels'} after a header of ${headerBytes} bytes take ` +
        `${totalBytes} bytes, but the file has ${plain.length}`,
    );
  }
  const values = new Uint8Array(plain.buffer, plain.byteOffset + headerBytes, totalBytes - headerBytes);
  return { dimensions, values };
}

function readHeader(plain: Uint8Array, name: string, kind: IdxKind) {
  const rank = rankOf[kind];
  const headerBytes = 4 + 4 * rank;
  if (plain.length < headerBytes) {
    throw cannotRead(
      name,
      `the header of an IDX file of ${kind} takes ${headerBytes} bytes, but the file has ${plain.length}`,
    );
  }
  const view = new DataView(plain.buffer, plain.byteOffset, headerBytes);
  if (view.getUint16(0) === 0 && view.getUint8(2) !== unsignedByte) {
    throw cannotRead(name, `the values' type must be 0x08, unsigned bytes, not ${hex(view.getUint8(2), 2)}`);
  }
  const magic = unsignedByte * 256 + rank;
  if (view.getUint32(0) !== magic) {
    throw cannotRead(
      name,
      `an IDX file of ${kind} starts with ${hex(magic, 8)}, this one with ${hex(view.getUint32(0), 8)}`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const dataBytes = dimensions.reduce((a, b) => a * b);
  if (dataBytes === 0 || dataBytes > largestDataBytes) {
    throw cannotRead(
      name,
      `its ${kind} must take from 1 to ${largestDataBytes} bytes, not ${dimensions.join(' × ')}`,
    );
  }
  return { dimensions, headerBytes, totalBytes: headerBytes + dataBytes };
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function gunzip(
  bytes: Uint8Array,
  name: string,
  options: { finishFlush?: number; maxOutputLength?: number },
) {
  try {
    return gunzipSync(bytes, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw cannotRead(
      name,
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it must decompress to the ${options.maxOutputLength ?? 0} bytes that its header announces, not to more`
        : `it must be sound gzip (${message})`,
    );
  }
}

function cannotRead(name: string, rule: string): ExpectedError {
  return new ExpectedError(`Cannot read "${name}": ${rule}. Replace it by an intact copy.`);
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
