import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readManifest } from '../evaluate-run.ts';
import { ExpectedError } from '../expected-error.ts';
import { syntheticRun, syntheticRunFile } from '../testing/synthetic-run.ts';
import { makeReport } from './make-report.ts';
import { reportRun } from './report-run.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const shown = [
  'evaluation/per-image.safetensors',
  'evaluation/samples.safetensors',
  'latent-maps/pixels.safetensors',
  'latent-maps/basic-32.safetensors',
  'models/pca-2/components.safetensors',
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-report-'));
  for (const path of shown) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), syntheticRunFile(path));
  }
  writeFileSync(join(folder, 'run.json'), JSON.stringify(syntheticRun));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('writes both files and lists them in the manifest, which is otherwise as it was', () => {
  const { html, markdown, manifest } = reportRun(folder);
  const expected = makeReport(syntheticRun, syntheticRunFile);
  expect(html).toBe(join(folder, 'report', 'index.html'));
  expect(readFileSync(html, 'utf8')).toBe(expected.html);
  expect(readFileSync(markdown, 'utf8')).toBe(expected.markdown);
  const listed = ['report/index.html', 'report/report.md'].map((path) => {
    const bytes = readFileSync(join(folder, path));
    return { path, sizeBytes: bytes.length, sha256: sha256(bytes) };
  });
  expect(readManifest(folder)).toEqual({ ...syntheticRun, files: [...syntheticRun.files, ...listed] });
  expect(manifest).toEqual(readManifest(folder));
});

test('a second report replaces the first, in the same bytes', () => {
  reportRun(folder);
  const first = ['run.json', 'report/index.html', 'report/report.md'].map((path) =>
    readFileSync(join(folder, path), 'utf8'),
  );
  reportRun(folder);
  const second = ['run.json', 'report/index.html', 'report/report.md'].map((path) =>
    readFileSync(join(folder, path), 'utf8'),
  );
  expect(second).toEqual(first);
});

test('a manifest that knows an older report knows the new one after it', () => {
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({
      ...syntheticRun,
      files: [{ path: 'report/report.md', sizeBytes: 1, sha256: 'e'.repeat(64) }, ...syntheticRun.files],
    }),
  );
  reportRun(folder);
  const { files } = readManifest(folder);
  expect(files[0]).toMatchObject({
    path: 'report/report.md',
    sha256: sha256(readFileSync(join(folder, 'report/report.md'))),
  });
  expect(files.filter(({ path }) => path === 'report/report.md')).toHaveLength(1);
});

describe('a run that is not whole', () => {
  /** One line that its user can act on, and nothing written. */
  function expectRefusal(message: RegExp): void {
    const before = existsSync(join(folder, 'run.json'))
      ? readFileSync(join(folder, 'run.json'), 'utf8')
      : undefined;
    let error: unknown;
    try {
      reportRun(folder);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(folder)).not.toContain('report');
    if (before !== undefined) expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe(before);
  }

  test('is refused for a missing file', () => {
    rmSync(join(folder, shown[1]));
    expectRefusal(
      /every file that the report shows must be there, and "evaluation\/samples\.safetensors" is missing/,
    );
  });

  test('is refused for a file that was changed', () => {
    const bytes = Uint8Array.from(syntheticRunFile(shown[2]));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(join(folder, shown[2]), bytes);
    expectRefusal(
      /"latent-maps\/pixels\.safetensors" must have the SHA-256 [0-9a-f]{64} and has [0-9a-f]{64}/,
    );
  });

  test('is refused without a manifest', () => {
    rmSync(join(folder, 'run.json'));
    expectRefusal(/a run is a folder with a run\.json, and this one has none/);
  });
});
