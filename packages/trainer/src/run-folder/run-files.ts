import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../expected-error.ts';
import { syncFolder, unfinishedSuffix, writeFileAtomic } from './atomic-file.ts';
import { withFileErrors } from './file-error.ts';

/** A file of a run as the manifest lists it. */
export interface RunFile {
  /** Where it is in the run's folder, with `/` on every system. */
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256 of its bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Name of the manifest, without which a folder is no run. */
export const manifestName = 'run.json';

/**
 * Where a file of the run lies on the disk.
 *
 * @throws RangeError unless `relative` is one or more names of letters, digits, `.`, `_` and `-` with `/` between them.
 */
export function runFilePath(folder: string, relative: string): string {
  const names = relative.split('/');
  if (names.some((name) => !/^[\w-][\w.-]*$/.test(name)) || relative.endsWith(unfinishedSuffix)) {
    throw new RangeError(
      `Cannot name a file of a run "${relative}": names are of letters, digits, ".", "_" and "-", begin with none of ` +
        `the dots and don't end in ${unfinishedSuffix}: choose another.`,
    );
  }
  return join(folder, ...names);
}

/** Writes a file of the run, atomically, with the folders it needs, and describes it for the manifest. */
export function addRunFile(folder: string, relative: string, bytes: Uint8Array | string): RunFile {
  const path = runFilePath(folder, relative);
  withFileErrors('create', dirname(path), () => mkdirSync(dirname(path), { recursive: true }));
  writeFileAtomic(path, bytes);
  return describeBytes(relative, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
}

/** Describes a file of the run as it lies on the disk. */
export function describeRunFile(folder: string, relative: string): RunFile {
  const path = runFilePath(folder, relative);
  return describeBytes(
    relative,
    withFileErrors('read', path, () => readFileSync(path)),
  );
}

function describeBytes(path: string, bytes: Uint8Array): RunFile {
  return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Appends one line to a file of the run, creating it, and waits until the disk has it.
 *
 * @throws RangeError when the text has a line break in it.
 */
export function appendRunLine(folder: string, relative: string, text: string): void {
  if (text.includes('\n')) {
    throw new RangeError(`Cannot append to "${relative}": a line has no line break in it, this one does.`);
  }
  const path = runFilePath(folder, relative);
  withFileErrors('write', path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a');
    try {
      writeFileSync(descriptor, `${text}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFolder(dirname(path));
  });
}

/** The whole lines of a file of the run, without their line breaks; none of a file that is not there. */
export function readRunLines(folder: string, relative: string): string[] {
  const path = runFilePath(folder, relative);
  if (!existsSync(path)) return [];
  return withFileErrors('read', path, () => readFileSync(path, 'utf8'))
    .split('\n')
    .slice(0, -1);
}

/**
 * Cuts a file of lines back to its first `count`, so that a resumed run goes on where its checkpoint was taken. An
 * absent file counts as one without lines, and one that is left without any is removed, as if none had been appended.
 *
 * @throws ExpectedError when the file has fewer whole lines than that.
 */
export function truncateRunLines(folder: string, relative: string, count: number): void {
  const path = runFilePath(folder, relative);
  const bytes = existsSync(path) ? withFileErrors('read', path, () => readFileSync(path)) : Buffer.alloc(0);
  let end = 0;
  for (let line = 0; line < count; line++) {
    const lineBreak = bytes.indexOf(0x0a, end);
    if (lineBreak < 0) {
      throw new ExpectedError(
        `Cannot resume with "${path}": the checkpoint counts ${count} lines in it, and it has ${line}: start anew with ` +
          '--overwrite.',
      );
    }
    end = lineBreak + 1;
  }
  if (end === 0) {
    withFileErrors('remove', path, () => {
      rmSync(path, { force: true });
    });
  } else if (end < bytes.length) {
    writeFileAtomic(path, bytes.subarray(0, end));
  }
}

/** Removes the temporary files that a killed process left anywhere in a folder. */
export function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith(unfinishedSuffix)) rmSync(join(entry.parentPath, entry.name));
  }
}
