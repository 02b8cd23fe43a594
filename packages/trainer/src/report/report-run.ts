import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunManifest } from '@narrows/shared';
import { readManifest } from '../evaluate-run.ts';
import { ExpectedError } from '../expected-error.ts';
import { writeFileAtomic } from '../run-folder/atomic-file.ts';
import { withFileErrors } from '../run-folder/file-error.ts';
import { addRunFile, manifestName, runFilePath } from '../run-folder/run-files.ts';
import { makeReport } from './make-report.ts';

/** Where the report of a run is within its folder. */
export const reportFiles = { html: 'report/index.html', markdown: 'report/report.md' } as const;

/** A report that was written. */
export interface WrittenReport {
  /** The run's folder. */
  readonly folder: string;
  /** Paths of the two files, beginning with the folder's. */
  readonly html: string;
  readonly markdown: string;
  /** The run's manifest, which lists them now. */
  readonly manifest: RunManifest;
}

/**
 * Makes the report of a finished run anew, from its files, and lists it in `run.json`, which is written last. Each file
 * is replaced at once, so that a process that is killed leaves a run that is whole, at most with a newer report than its
 * manifest knows, which the next report mends.
 *
 * @throws ExpectedError when the folder is not a run, a file that the report shows is missing or was changed, or the
 *   folder can't be written
 */
export function reportRun(folder: string): WrittenReport {
  const manifest = readManifest(folder);
  const report = makeReport(manifest, verifiedReader(folder, manifest));
  const written = [
    addRunFile(folder, reportFiles.html, report.html),
    addRunFile(folder, reportFiles.markdown, report.markdown),
  ];
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  for (const file of written) listed.set(file.path, file);
  const updated = { ...manifest, files: [...listed.values()] };
  writeFileAtomic(runFilePath(folder, manifestName), `${JSON.stringify(updated, null, 2)}\n`);
  return {
    folder,
    html: join(folder, reportFiles.html),
    markdown: join(folder, reportFiles.markdown),
    manifest: updated,
  };
}

/** Reads files of a run that are as its manifest lists them. */
function verifiedReader(folder: string, { files }: RunManifest): (path: string) => Uint8Array {
  const listed = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return (path) => {
    const expected = listed.get(path);
    if (expected === undefined) {
      throw new ExpectedError(
        `Cannot report on "${folder}": its run.json must list "${path}" among its files, and it does not: train it again.`,
      );
    }
    const file = runFilePath(folder, path);
    if (!existsSync(file)) {
      throw new ExpectedError(
        `Cannot report on "${folder}": every file that the report shows must be there, and "${path}" is missing: train it again.`,
      );
    }
    const bytes = withFileErrors('read', file, () => readFileSync(file));
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== expected) {
      throw new ExpectedError(
        `Cannot report on "${folder}": "${path}" must have the SHA-256 ${expected} and has ${actual}: it was changed since; train it again.`,
      );
    }
    return bytes;
  };
}
