import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readDiskFile } from './read-disk-file.ts';
import type { FileTree } from './server-io.ts';

/**
 * A folder on disk with folders of files, such as `runs`. It need not be there yet.
 *
 * Links are followed only as far as they stay within the folder of the run; a run whose folder is itself a link isn't
 * there.
 */
export function folderTree(root: string): FileTree {
  return {
    async folders() {
      const entries = await unlessAbsent(readdir(root, { withFileTypes: true }));
      return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    },
    async find(path) {
      const [folder, ...rest] = path.split('/');
      const [place, home] = await Promise.all([
        unlessAbsent(realpath(join(root, folder, ...rest))),
        unlessAbsent(realpath(root)),
      ]);
      if (place === undefined || home === undefined || !place.startsWith(join(home, folder) + sep))
        return undefined;
      const found = await unlessAbsent(stat(place));
      if (found?.isFile() !== true) return undefined;
      const { size: sizeBytes, mtimeMs: changedMs, ino } = found;
      return {
        sizeBytes,
        version: `${sizeBytes} ${changedMs} ${ino}`,
        read: ({ range } = {}) => readDiskFile(place, { name: path, sizeBytes, changedMs, range }),
      };
    },
  };
}

/** Of a file system's answer, what there is. Names that no file can have are absent, too. */
async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const absent = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];
    if (absent.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
