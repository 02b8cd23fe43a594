import { readFileSync } from 'node:fs';

/** What is to be said of the usual ways in which a file can't be read. */
const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder, not a file',
  EACCES: 'this user may not read it',
};

/**
 * Reads a file of which nothing is known: whether it is there, is a file, and may be read.
 * @returns its text, or the problem in a few words.
 */
export function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** What an error of the file system says, in a few words. */
export function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return problems[code ?? ''] ?? message;
}
