import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtAssetsSchema, type BuiltAsset } from '../contract/built-assets.ts';
import { builtTree, type ReadBuilt } from './built-tree.ts';
import { readDiskFile } from './read-disk-file.ts';
import { ServeError } from './serve-error.ts';
import type { FileTree } from './server-io.ts';

/** Files of the page that are asked for all the time stay in memory, so many bytes at most. */
const keptBytes = 16 * 2 ** 20;
const largestKeptBytes = 2 ** 18;

/** The page and the demos. */
interface Build {
  readonly client: FileTree;
  readonly demo: FileTree;
}

/**
 * What the build made, from disk: of the latest build, for its list is read anew when there is another. As long as there
 * is none, while a build is under way, the last one holds.
 *
 * @param dist its folder, such as `packages/viewer/dist`
 * @throws ServeError where there is no build, or one of another version.
 */
export function openBuild(dist: string): Build {
  let version = listVersion(dist);
  let build = readBuild(dist);

  function latest(): Build {
    const found = listVersion(dist);
    if (found === undefined || found === version) return build;
    version = found;
    try {
      build = readBuild(dist);
    } catch (error) {
      // Another version of Narrows made it. Of the last build, what is gone is refused.
      if (!(error instanceof ServeError)) throw error;
    }
    return build;
  }

  const tree = (part: keyof Build): FileTree => ({
    folders: () => latest()[part].folders(),
    find: (path) => latest()[part].find(path),
  });
  return { client: tree('client'), demo: tree('demo') };
}

/** Differs for each list; `undefined` where there is none. */
function listVersion(dist: string): string | undefined {
  const found = statSync(join(dist, 'assets.json'), { throwIfNoEntry: false });
  return found && `${found.size} ${found.mtimeMs} ${found.ino}`;
}

function readBuild(dist: string): Build {
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
