/** Largest file that is taken in: a browser's memory holds it several times over while a session opens. */
const largestBytes = 200_000_000;

/** How files begin that people take for ONNX ones. */
const otherFormats: readonly {
  readonly at: number;
  readonly starts: readonly number[];
  readonly is: string;
}[] = [
  { at: 0, starts: [0x50, 0x4b, 0x03, 0x04], is: 'a ZIP archive, such as PyTorch or Keras 3 save' },
  { at: 0, starts: [0x89, 0x48, 0x44, 0x46], is: 'an HDF5 file, as Keras 2 saves' },
  { at: 0, starts: [0x80, 0x02], is: "Python's pickle" },
  { at: 4, starts: [0x54, 0x46, 0x4c, 0x33], is: 'a TensorFlow Lite model' },
  { at: 4, starts: [0x4f, 0x52, 0x54, 0x4d], is: "onnxruntime's own format (.ort)" },
  { at: 0, starts: [0x89, 0x50, 0x4e, 0x47], is: 'a PNG picture' },
  { at: 0, starts: [0xff, 0xd8, 0xff], is: 'a JPEG picture' },
  { at: 0, starts: [0x1f, 0x8b], is: 'compressed with gzip' },
  { at: 0, starts: [0x7b], is: 'JSON' },
  { at: 8, starts: [0x7b], is: 'a safetensors file, which holds weights and no graph' },
];

/**
 * Refuses a file that is too large to be taken in.
 *
 * @param name of the file, for the error
 * @throws Error, in one line
 */
export function requireTakableSize(name: string, bytes: number): void {
  if (bytes <= largestBytes) return;
  throw new Error(
    `Cannot use "${name}": a model may have ${largestBytes / 1e6} MB, and this has ${Math.ceil(bytes / 1e6)}: ` +
      'export a smaller one.',
  );
}

/**
 * Refuses what can't be an ONNX file before onnxruntime, which would only say that parsing failed, is given it.
 *
 * @param name of the file, for the error
 * @throws Error, in one line
 */
export function requireOnnx(name: string, bytes: Uint8Array): void {
  requireTakableSize(name, bytes.length);
  // Protobuf has no magic number. But a model begins with its first field, the IR version, as every exporter writes it.
  if (bytes[0] === 0x08) return;
  const other = otherFormats.find(({ at, starts }) => starts.every((byte, i) => bytes[at + i] === byte));
  const found = bytes.length === 0 ? 'empty' : (other?.is ?? 'something else');
  throw new Error(
    `Cannot use "${name}": it must be an ONNX model, and it is ${found}: export the model to ONNX and drop that.`,
  );
}
