import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withFileErrors } from './file-error.ts';

/** How the names of files end that `writeFileAtomic` hasn't finished. A killed process may leave some. */
export const unfinishedSuffix = '.tmp';

/**
 * Writes a file so that its path holds either what it held before or all of `content`, whenever the process is killed or
 * the power fails: a temporary file in the same folder, flushed to the disk, takes the path's place by a rename. Waits
 * for the disk.
 *
 * @param options `waitForDisk: false` neither flushes nor waits: then whoever reads still finds all of it, but a power
 *   failure may leave it torn.
 * @throws ExpectedError when the disk is full, the folder isn't writable or doesn't exist; nothing is left behind then.
 */
export function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  { waitForDisk = true }: { readonly waitForDisk?: boolean } = {},
): void {
  // Not made from the file's own name, which may be as long as names get.
  const temporary = join(
    dirname(path),
    `.${process.pid}-${randomBytes(6).toString('hex')}${unfinishedSuffix}`,
  );
  withFileErrors('write', path, () => {
    const descriptor = openSync(temporary, 'wx');
    try {
      try {
        writeFileSync(descriptor, content);
        if (waitForDisk) fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    if (waitForDisk) syncFolder(dirname(path));
  });
}

/** Flushes a folder's entries to the disk: without it a power failure can undo a rename in it. */
export function syncFolder(path: string): void {
  // Windows can't open a folder as a file, and writes its entries through anyway.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
