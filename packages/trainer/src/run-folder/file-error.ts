import { ExpectedError } from '../expected-error.ts';

/** What the system's error codes mean for somebody who wanted to write here, and what helps. */
const meanings: Readonly<Record<string, readonly [broken: string, fix: string]>> = {
  ENOSPC: ['the disk must have room, and it is full', 'free some space'],
  EDQUOT: ['your disk quota must leave room, and it is used up', 'free some space'],
  EFBIG: [
    'the file must stay below the largest size allowed here, and it would not',
    'raise the limit (ulimit -f)',
  ],
  EACCES: [
    'you must be permitted to do so, and you are not',
    'change the permissions or choose another folder',
  ],
  EPERM: [
    'you must be permitted to do so, and you are not',
    'change the permissions or choose another folder',
  ],
  EROFS: ['its file system must be writable, and it is read-only', 'choose another folder'],
  ENOTDIR: ['every part of the path but the last must be a folder, and one is a file', 'choose another path'],
  ENOENT: ['its folder must exist, and it does not', 'create it, or see who removed it'],
  EISDIR: ['it must be a file, and it is a folder', 'move the folder away'],
  ENOTEMPTY: ['it must be free, and a folder with files is there', 'move the folder away'],
  EEXIST: ['it must be free, and something is there', 'move that away'],
  ENAMETOOLONG: ['its name must be shorter', 'choose a shorter one'],
  ELOOP: ['its links must lead somewhere, and they run in a circle', 'correct the links'],
};

/**
 * Does some work on a file or folder, and puts the system's refusals into words.
 *
 * @param action what is tried, as after "Cannot": `write`.
 * @param path the file or folder that errors name.
 * @throws ExpectedError for what the user can mend: a full disk, missing permission, a read-only file system, a path
 *   that leads nowhere; other errors come through as they are.
 */
export function withFileErrors<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!Object.hasOwn(meanings, code)) throw error;
    const [broken, fix] = meanings[code];
    throw new ExpectedError(`Cannot ${action} "${path}": ${broken} (${code}): ${fix}.`, { cause: error });
  }
}
