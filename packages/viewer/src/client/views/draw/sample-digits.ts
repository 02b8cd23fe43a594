import { apiPaths } from '../../../contract/api.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import type { OpenRun } from '../../state/run.ts';

/** A test image to begin with. */
export interface SampleDigit {
  /** Within the test set. */
  readonly index: number;
  readonly label: number;
  /** `[H, W, C]` */
  readonly pixels: Uint8Array;
}

/** At most so many are shown. */
const shown = 10;
/** Enough for the file's header and so many images; the header takes less than 4 kB. */
const headerBytes = 8192;

/**
 * The first of the run's sample images, of which there is one for each class. Only the beginning of their file is asked
 * for, some 16 kB for MNIST, so that a first visit stays small.
 *
 * @returns none where the server gives no part of a file or the samples are stored in another order
 */
export async function fetchSampleDigits(run: OpenRun): Promise<SampleDigit[]> {
  const { id, manifest } = run;
  const path = manifest.evaluation.files.samples;
  const file = manifest.files.find((candidate) => candidate.path === path);
  if (file === undefined) return [];
  const imageBytes = valuesPerImage(run);
  const end = Math.min(file.sizeBytes, headerBytes + shown * imageBytes) - 1;
  const response = await fetch(apiPaths.file(id, path, file.sha256), {
    headers: { range: `bytes=0-${end}` },
  });
  if (response.status !== 206) {
    await response.body?.cancel();
    return [];
  }
  return readSamples(new Uint8Array(await response.arrayBuffer()), imageBytes);
}

/**
 * Reads what there is of `samples` from the beginning of its safetensors file, which `decodeSafetensors` could not: it
 * wants the whole.
 * @param bytes from the file's first on
 * @param imageBytes of one image
 */
export function readSamples(bytes: Uint8Array, imageBytes: number): SampleDigit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const valuesAt = 8 + headerLength;
  if (valuesAt > bytes.length) return [];
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, valuesAt))) as Record<
    string,
    { data_offsets: readonly [number, number] } | undefined
  >;
  const begins = (name: string): number | undefined => {
    const offset = header[name]?.data_offsets[0];
    return offset === undefined ? undefined : valuesAt + offset;
  };
  const indices = begins('indices');
  const labels = begins('labels');
  const originals = begins('originals');
  if (indices === undefined || labels === undefined || originals === undefined) return [];
  const samples: SampleDigit[] = [];
  const count = Math.min(shown, (header['labels']!.data_offsets[1] - header['labels']!.data_offsets[0]) | 0);
  for (let i = 0; i < count; i++) {
    const at = originals + i * imageBytes;
    if (at + imageBytes > bytes.length) break;
    samples.push({
      index: view.getInt32(indices + 4 * i, true),
      label: bytes[labels + i],
      pixels: bytes.slice(at, at + imageBytes),
    });
  }
  return samples;
}
