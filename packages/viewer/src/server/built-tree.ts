import type { BuiltAsset } from '../contract/built-assets.ts';
import type { FileTree, ReadOptions, StoredFile } from './server-io.ts';

/** Reads a file below `dist` that should have so many bytes, those of the compressed form if that was asked for. */
export type ReadBuilt = (
  path: string,
  sizeBytes: number,
  options: Pick<ReadOptions, 'range'>,
) => ReturnType<StoredFile['read']>;

/**
 * The files of the build in one folder below `dist`, by the list that it made of them: what is not listed isn't there.
 *
 * @param folder `client` or `demo`
 * @param options.readBuilt reads them
 * @param options.largestPlainBytes what is larger is there in its compressed form only
 */
export function builtTree(
  assets: readonly BuiltAsset[],
  folder: BuiltAsset['path'],
  { readBuilt, largestPlainBytes = Infinity }: { readBuilt: ReadBuilt; largestPlainBytes?: number },
): FileTree {
  const prefix = `${folder}/`;
  const files = new Map<string, StoredFile>();
  for (const { path, sizeBytes, sha256, brotliBytes, isImmutable } of assets) {
    if (!path.startsWith(prefix)) continue;
    files.set(path.slice(prefix.length), {
      sizeBytes,
      version: sha256,
      sha256,
      ...(brotliBytes === undefined ? {} : { brotliBytes }),
      isImmutable,
      isCompressedOnly: sizeBytes > largestPlainBytes,
      read: ({ range, coding } = {}) =>
        coding === 'br' && brotliBytes !== undefined
          ? readBuilt(`${path}.br`, brotliBytes, {})
          : readBuilt(path, sizeBytes, range === undefined ? {} : { range }),
    });
  }
  const folders = new Set(
    [...files.keys()].filter((path) => path.includes('/')).map((path) => path.split('/')[0]),
  );
  return {
    folders: () => Promise.resolve([...folders]),
    find: (path) => Promise.resolve(files.get(path)),
  };
}
