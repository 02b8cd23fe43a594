import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtAssetsSchema, type BuiltAsset } from '../contract/built-assets.ts';
import { builtTree, type ReadBuilt } from './built-tree.ts';
import { readDiskFile } from './read-disk-file.ts';
import { ServeError } from './serve-error.ts';
import type { FileTree } from './server-io.ts';

/** Files of the page that are asked for all the time stay in memory, so many bytes at most. */
const keptBytes = 16 * 2 ** 20;
const largestKeptBytes = 2 ** 18;

/**
 * What the build made, from disk.
 *
 * @param dist its folder, such as `packages/viewer/dist`
 * @throws ServeError where there is no build, or one of another version.
 */
export function openBuild(dist: string): { readonly client: FileTree; readonly demo: FileTree } {
  const assets = readAssets(dist);
  const readBuilt = keepShort((path, sizeBytes, { range }) =>
    readDiskFile(join(dist, ...path.split('/')), { name: path, sizeBytes, range }),
  );
  return {
    client: builtTree(assets, 'client', { readBuilt }),
    demo: builtTree(assets, 'demo', { readBuilt }),
  };
}

function readAssets(dist: string): readonly BuiltAsset[] {
  const path = join(dist, 'assets.json');
  let why: string;
  try {
    const outcome = builtAssetsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (outcome.success) return outcome.data.assets;
    why = 'another version of Narrows made it';
  } catch (error) {
    why = (error as Error).message;
  }
  throw new ServeError(
    `Cannot serve the page: its list of files "${path}" can't be read (${why}): run npx nx run viewer:build.`,
  );
}

/** Keeps what is short in memory; when it is full, what was kept first goes. */
function keepShort(read: ReadBuilt): ReadBuilt {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let total = 0;
  return async (path, sizeBytes, options) => {
    if (options.range !== undefined || sizeBytes > largestKeptBytes) return read(path, sizeBytes, options);
    const known = kept.get(path);
    if (known !== undefined) return known;
    const content = await read(path, sizeBytes, options);
    if (!(content instanceof Uint8Array) || kept.has(path)) return content;
    kept.set(path, content);
    total += content.length;
    for (const [first, bytes] of kept) {
      if (total <= keptBytes) break;
      kept.delete(first);
      total -= bytes.length;
    }
    return content;
  };
}
