import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readResults, writeResults } from './results-file.ts';
import { sittingOf, stepsOf } from './testing/made-up-sitting.ts';

const folder = mkdtempSync(join(tmpdir(), 'narrows-results-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('leaves what was measured before where the new results cannot be written', () => {
  const path = join(folder, 'results.json');
  const earlier = sittingOf(stepsOf('narrows', 1));
  writeResults(path, earlier);
  expect(readResults(path)).toEqual(earlier);
  const text = readFileSync(path, 'utf8');
  // In the place of a disk that is full.
  mkdirSync(`${path}.new`);
  expect(() => {
    writeResults(path, sittingOf(stepsOf('narrows', 1), stepsOf('narrows', 2)));
  }).toThrow(
    `Cannot write to "${path}": it is a folder (EISDIR): make room, or name another file by --output.`,
  );
  expect(readFileSync(path, 'utf8')).toBe(text);
});
