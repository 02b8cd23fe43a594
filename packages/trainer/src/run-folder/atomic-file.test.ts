import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { withFileErrors } from './file-error.ts';
import { withoutRoot } from './testing/without-root.ts';

const writer = fileURLToPath(new URL('testing/file-writer.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-file-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The one line that a user sees when a file can't be written. */
function complaint(write: () => void): string {
  try {
    write();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    expect(error.exitCode).toBe(1);
    return error.message;
  }
  throw new Error('The file was written.');
}

test('texts and bytes are written, and replace what was there', () => {
  const path = join(folder, 'file');
  writeFileAtomic(path, 'first, longer text');
  writeFileAtomic(path, 'zwölf');
  expect(readFileSync(path, 'utf8')).toBe('zwölf');
  writeFileAtomic(path, Uint8Array.of(0, 255, 10));
  expect([...readFileSync(path)]).toStrictEqual([0, 255, 10]);
  expect(readdirSync(folder)).toStrictEqual(['file']);
});

test('a name of 255 characters, the longest there is, will do', () => {
  writeFileAtomic(join(folder, 'x'.repeat(255)), 'y');
  expect(readdirSync(folder)).toStrictEqual(['x'.repeat(255)]);
});

test('a reader sees one version or the other, never a part', async () => {
  const path = join(folder, 'file');
  const child = spawn(process.execPath, ['--import', 'tsx', writer, path, '50'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const versions = new Set<string>();
  while (child.exitCode === null) {
    for (let reading = 0; reading < 20; reading++) {
      const bytes = readFileSync(path);
      versions.add(
        `${bytes.length} bytes, first ${bytes[0]}, others ${bytes.some((byte) => byte !== bytes[0])}`,
      );
    }
    await new Promise(setImmediate);
  }
  expect(await ended).toStrictEqual([0, null]);
  expect([...versions].sort()).toStrictEqual([
    '1000000 bytes, first 97, others false',
    '2000000 bytes, first 98, others false',
  ]);
});

test('a folder that is none, or is not there, is refused', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(
    complaint(() => {
      writeFileAtomic(join(file, 'x'), '');
    }),
  ).toBe(
    `Cannot write "${join(file, 'x')}": every part of the path but the last must be a folder, and one is a file ` +
      '(ENOTDIR): choose another path.',
  );
  const absent = join(folder, 'absent', 'x');
  expect(
    complaint(() => {
      writeFileAtomic(absent, '');
    }),
  ).toBe(
    `Cannot write "${absent}": its folder must exist, and it does not (ENOENT): create it, or see who removed it.`,
  );
});

test('a folder without permission is refused', () => {
  const path = join(folder, 'closed', 'x');
  mkdirSync(join(folder, 'closed'));
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'closed'), 0o555);
  withoutRoot(() => {
    expect(
      complaint(() => {
        writeFileAtomic(path, '');
      }),
    ).toBe(
      `Cannot write "${path}": you must be permitted to do so, and you are not (EACCES): change the permissions or ` +
        'choose another folder.',
    );
  });
});

test('a rename that fails leaves no temporary file', () => {
  const path = join(folder, 'taken');
  mkdirSync(path);
  expect(
    complaint(() => {
      writeFileAtomic(path, 'text');
    }),
  ).toBe(`Cannot write "${path}": it must be a file, and it is a folder (EISDIR): move the folder away.`);
  expect(readdirSync(folder)).toStrictEqual(['taken']);
});

test.runIf(process.platform === 'linux')(
  'a write that breaks off half-way leaves the old file and no temporary one',
  async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    // The shell allows files of 64 blocks of 512 or 1,024 bytes: the first megabyte breaks off after them.
    const child = spawn(
      'sh',
      ['-c', 'ulimit -f 64 && exec "$0" "$@"', process.execPath, '--import', 'tsx', writer, path, '1'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        // The loader's own cache may not be written half either.
        env: { ...process.env, TSX_DISABLE_CACHE: '1' },
      },
    );
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    expect(await once(child, 'close')).toStrictEqual([1, null]);
    expect(errors).toContain(
      `Cannot write "${path}": the file must stay below the largest size allowed here`,
    );
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toStrictEqual(['file']);
  },
);

test.runIf(process.platform === 'linux')('a full disk is named', () => {
  const full = openSync('/dev/full', 'w');
  expect(
    complaint(() => {
      withFileErrors('write', 'runs/x', () => writeSync(full, 'text'));
    }),
  ).toBe('Cannot write "runs/x": the disk must have room, and it is full (ENOSPC): free some space.');
});

test('errors that the user cannot mend come through as they are', () => {
  const defect = new TypeError('a defect');
  expect(() =>
    withFileErrors('write', 'x', () => {
      throw defect;
    }),
  ).toThrow(defect);
});
