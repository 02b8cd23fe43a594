import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BenchError } from '../bench-error.ts';
import { parseBenchDocument, type BenchDocument } from './bench-document.ts';

/**
 * Reads a sitting from its file.
 * @throws BenchError if it can't be read or isn't one.
 */
export function readResults(path: string): BenchDocument {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw failure(
      `Cannot read "${path}"`,
      error,
      'make it by "npx nx run tools:bench -- --output=FILE", without --update',
    );
  }
  return parseBenchDocument(text, path);
}

/**
 * Makes sure that a sitting can be written to a file, before an hour is spent on it: makes its folder if there is
 * none, and leaves the file as it is.
 * @throws BenchError if it can't be written.
 */
export function checkWritable(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
    const file = replacedBy(path);
    if (file !== undefined) accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw failure(`Cannot write to "${path}"`, error, 'name another file by --output');
  }
}

/**
 * Writes a sitting to its file, in place of what is there, which stays until the new one is whole.
 * @throws BenchError if it can't be written.
 */
export function writeResults(path: string, document: BenchDocument): void {
  const text = `${JSON.stringify(document)}\n`;
  try {
    const file = replacedBy(path);
    if (file === undefined) writeFileSync(path, text);
    else replaceFile(file, text);
  } catch (error) {
    throw failure(`Cannot write to "${path}"`, error, 'make room, or name another file by --output');
  }
}

/** The file whose place results take, where a link leads if it is one; `undefined` for a device and all else that is no file. */
function replacedBy(path: string): string | undefined {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known === undefined) return path;
  return known.isFile() ? realpathSync(path) : undefined;
}

function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, text, { flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function failure(what: string, error: unknown, advice: string): BenchError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return new BenchError(`${what}: ${reasons[code] ?? code}: ${advice}.`, { exitCode: 1, cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file (ENOENT)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOTDIR: 'a part of its path is a file (ENOTDIR)',
  EEXIST: 'a part of its path is a file (EEXIST)',
  EACCES: 'its owner forbids it (EACCES)',
  EROFS: 'its disk is read-only (EROFS)',
  ENOSPC: 'its disk is full (ENOSPC)',
};
