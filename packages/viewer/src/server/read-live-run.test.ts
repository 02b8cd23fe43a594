import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderTree } from './folder-tree.ts';
import { readLiveRun } from './read-live-run.ts';
import type { FileTree } from './server-io.ts';
import { temporaryFolder, writeProgress } from './testing/run-folders.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  writeProgress(folder, 'mine');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const about = { id: 'mine', nowMs: Date.now() };

test('a file that is replaced between being found and opened is read once more', async () => {
  const tree = folderTree(folder);
  let replaced = 0;
  const find: FileTree['find'] = async (path) => {
    const file = await tree.find(path);
    if (replaced++ === 0) writeProgress(folder, 'mine', { fraction: 0.625 });
    return file;
  };
  expect(await readLiveRun({ ...tree, find }, 'mine.partial', about)).toMatchObject({
    kind: 'live',
    run: { id: 'mine', progress: { task: { fraction: 0.625 } } },
  });
});

test('a file that no trainer wrote, by its size, is a problem and is not read', async () => {
  truncateSync(join(folder, 'mine.partial/progress.json'), 2 ** 26 + 1);
  expect(await readLiveRun(folderTree(folder), 'mine.partial', about)).toEqual({
    kind: 'problem',
    message:
      'Cannot read "mine.partial/progress.json": it must have at most 67108864 bytes, not 67108865. Restore the file.',
  });
});
