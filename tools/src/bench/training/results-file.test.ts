import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readResults, writeResults } from './results-file.ts';
import { sittingOf, stepsOf } from './testing/made-up-sitting.ts';

const earlier = sittingOf(stepsOf('narrows', 1));
const later = sittingOf(stepsOf('narrows', 1), stepsOf('narrows', 2));

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-results-'));
  path = join(folder, 'results.json');
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

it('takes the place of what was measured before', () => {
  writeResults(path, earlier);
  expect(readResults(path)).toEqual(earlier);
  writeResults(path, later);
  expect(readResults(path)).toEqual(later);
  expect(readdirSync(folder)).toEqual(['results.json']);
});

it('leaves what was measured before where the new results cannot be written', () => {
  writeResults(path, earlier);
  const text = readFileSync(path, 'utf8');
  chmodSync(folder, 0o555);
  // Root may write anywhere.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    expect(() => {
      writeResults(path, later);
    }).toThrow(
      `Cannot write to "${path}": its owner forbids it (EACCES): make room, or name another file by --output.`,
    );
  } finally {
    if (isRoot) process.seteuid!(0);
  }
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('writes where a link leads, which stays one', () => {
  writeFileSync(path, '');
  const link = join(folder, 'link');
  symlinkSync(path, link);
  writeResults(link, earlier);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readResults(path)).toEqual(earlier);
});

it('puts nothing in the place of what is no file', () => {
  mkdirSync(path);
  expect(() => {
    writeResults(path, later);
  }).toThrow(
    `Cannot write to "${path}": it is a folder (EISDIR): make room, or name another file by --output.`,
  );
  expect(lstatSync(path).isDirectory()).toBe(true);
});
