import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { BuiltAsset } from '../contract/built-assets.ts';

const compress = promisify(brotliCompress);

/**
 * The best there is: onnxruntime's 14 MB, which every first visit waits for, take half a minute, once. Its 27 MB for GPUs,
 * which few fetch and none waits for, would take twice that; 9 makes them a fifth larger in a tenth of the time.
 */
const qualityFor = ({ sizeBytes }: BuiltAsset): number => (sizeBytes > 2 ** 24 ? 9 : 11);
/** A window of 16 MiB, the largest that browsers must know. */
const windowBits = 24;
/** Saving less isn't worth the time that unpacking takes. */
const leastSaving = 0.05;
const compressedAlready = /\.(png|gz|woff2|jpg|webp|br)$/;

/**
 * Puts `FILE.br`, compressed with brotli, beside each file that gets smaller by more than 5 %. What was compressed once is
 * kept by its SHA-256 and not compressed again.
 *
 * @param options.dist the folder of the files
 * @param options.cache where compressed content is kept
 * @returns the files, now with `brotliBytes` where there is such a form
 */
export async function compressAll(
  files: readonly BuiltAsset[],
  { dist, cache }: { dist: string; cache: string },
): Promise<readonly BuiltAsset[]> {
  await mkdir(cache, { recursive: true });
  const done = new Array<BuiltAsset>(files.length);
  // The longest first, so that no processor is left with one in the end.
  const waiting = [...files.entries()].sort(([, a], [, b]) => a.sizeBytes - b.sizeBytes);
  async function work(): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [place, file] = next;
      done[place] = compressedAlready.test(file.path) ? file : await compressOne(file, { dist, cache });
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return done;
}

async function compressOne(
  file: BuiltAsset,
  { dist, cache }: { dist: string; cache: string },
): Promise<BuiltAsset> {
  const { path, sha256, sizeBytes } = file;
  const quality = qualityFor(file);
  const kept = join(cache, `${sha256}-q${quality}-w${windowBits}.br`);
  if (!(await isThere(kept))) {
    const content = await compress(await readFile(join(dist, path)), {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: windowBits,
        [constants.BROTLI_PARAM_SIZE_HINT]: sizeBytes,
      },
    });
    // Two builds may do the same at once, or two equal files of one; each puts down the whole.
    const partial = `${kept}.${randomUUID()}`;
    await writeFile(partial, content);
    await rename(partial, kept);
  }
  const { size: brotliBytes } = await stat(kept);
  if (brotliBytes > sizeBytes * (1 - leastSaving)) return file;
  await copyFile(kept, join(dist, `${path}.br`));
  return { ...file, brotliBytes };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
