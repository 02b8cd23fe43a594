import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../expected-error.ts';
import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import { configurationDifference } from './configuration-difference.ts';
import type { Configuration } from './configuration-difference.ts';
import { withFileErrors } from './file-error.ts';
import {
  addRunFile,
  appendRunLine,
  describeRunFile,
  readRunLines,
  removeUnfinished,
  runFilePath,
  truncateRunLines,
} from './run-files.ts';
import type { RunFile } from './run-files.ts';
import { acquireRunLock } from './run-lock.ts';
import type { RunLock } from './run-lock.ts';
import {
  clearPartial,
  hasCheckpoint,
  moveIntoPlace,
  placesOf,
  readStopped,
  refuseForeignPartial,
  refuseOut,
  removePartial,
  undoHalfReplacement,
} from './run-places.ts';
import type { Places } from './run-places.ts';

/** Which of the ways to begin is meant. At most one of the two. */
export interface WorkFolderOptions {
  /** Go on with a stopped run. */
  readonly resume: boolean;
  /** Start anew whatever is there: a stopped run goes now, a whole one when the new one is whole. */
  readonly overwrite: boolean;
  /** Name of the manifest that `finish` writes; `run.json` unless it is said. */
  readonly manifest?: string;
}

/**
 * A run being made. Its files lie in `OUT.partial/run`, which becomes `OUT` by one rename; beside them lie `lock`,
 * `configuration.json`, `progress.json` and `checkpoints`, which vanish then. All writing is atomic and waits for the
 * disk, but for the progress, which is old a second later.
 *
 * Methods throw an ExpectedError where the disk is full or not writable.
 */
export interface WorkFolder {
  /** Whether this goes on with a stopped run. It may have no checkpoint yet. */
  readonly resumed: boolean;
  /** Where a file of the run lies until `finish`, for other code to read. */
  path(relative: string): string;
  /** Writes a file of the run and describes it for the manifest. */
  addFile(relative: string, bytes: Uint8Array | string): RunFile;
  /** Describes a file of the run for the manifest, after lines were appended or when resumed. */
  describeFile(relative: string): RunFile;
  /** Appends a line to a file of the run. */
  appendLine(relative: string, text: string): void;
  /** The whole lines of a file of the run; none if it is not there. */
  readLines(relative: string): string[];
  /**
   * Cuts a file of lines back to its first `count`, to none by removing it: what was appended after the checkpoint will be
   * again.
   */
  truncateLines(relative: string, count: number): void;
  /** Keeps what a resumed run needs, in place of what had that name. From the first on, a stopped run is worth resuming. */
  writeCheckpoint(name: string, bytes: Uint8Array | string): void;
  /** What `writeCheckpoint` kept last, `undefined` if nothing. */
  readCheckpoint(name: string): Uint8Array | undefined;
  /** Forgets a checkpoint that is no longer needed. */
  removeCheckpoint(name: string): void;
  /** Writes how far the run is, for whoever looks on while it is made. */
  writeProgress(text: string): void;
  /** Writes the manifest, moves the run to its place and clears up. The folder can't be used after it. */
  finish(manifest: string): void;
  /**
   * Lets go of the run: `kept` when there is a checkpoint for `resume: true` to go on from, `removed` when there was
   * nothing worth keeping. The folder can't be used after it; called again, or after `finish`, it does nothing and says
   * `closed`.
   */
  abandon(): 'kept' | 'removed' | 'closed';
}

/**
 * Begins a run that is to become the folder `out`, or goes on with one that was stopped, under a lock.
 *
 * `out` itself isn't touched before `finish`, so it is absent or whole at any moment; of a run to be replaced, the old
 * one is out of place only between two renames, and put back by the next `openWorkFolder` if the process ends there.
 * What was left behind without a checkpoint is silently replaced.
 *
 * @param configuration decides the figures: a run is only resumed with the same.
 * @throws ExpectedError when `out` exists and may not be overwritten or is no run, when a stopped run is there and
 *   neither resumed nor overwritten, when there is none to resume or it has another configuration, when another process
 *   works on it, and when the folders can't be written. Nothing is left behind or lost then.
 */
export function openWorkFolder(
  out: string,
  configuration: Configuration,
  { resume, overwrite, manifest }: WorkFolderOptions,
): WorkFolder {
  const places = placesOf(out, manifest);
  if (resume && overwrite) {
    throw new ExpectedError(`Cannot begin "${out}": resume and overwrite exclude each other: choose one.`);
  }
  return withFileErrors('begin a run in', places.partial, () => {
    if (!existsSync(places.partial)) {
      // Refused before anything is created.
      if (resume) throw nothingToResume(places);
      refuseOut(places, overwrite);
    }
    refuseForeignPartial(places);
    mkdirSync(places.partial, { recursive: true });
    const lock = acquireRunLock(places.lock);
    try {
      undoHalfReplacement(places);
      const replaces = prepare(places, configuration, { resume, overwrite });
      return workFolder(places, lock, { resumed: resume, replaces });
    } catch (error) {
      if (!hasCheckpoint(places)) removePartial(places, lock);
      else lock.release();
      throw error;
    }
  });
}

/** Brings the folder into the state from which work begins, and tells whether the run will replace one. */
function prepare(
  places: Places,
  configuration: Configuration,
  { resume, overwrite }: WorkFolderOptions,
): boolean {
  if (resume) {
    const stopped = readStopped(places);
    if (stopped === undefined) throw nothingToResume(places);
    refuseOut(places, stopped.overwrite);
    refuseOtherConfiguration(places, stopped.configuration, configuration);
    removeUnfinished(places.partial);
    // A manifest makes a run: until this one is whole again it has none.
    rmSync(join(places.run, places.manifest), { force: true });
    return stopped.overwrite;
  }
  if (!overwrite && hasCheckpoint(places)) {
    throw new ExpectedError(
      `Cannot begin "${places.given}": a stopped run is there: add --resume to go on with it or --overwrite to start anew.`,
    );
  }
  refuseOut(places, overwrite);
  clearPartial(places);
  mkdirSync(places.checkpoints);
  writeFileAtomic(places.configuration, `${JSON.stringify({ configuration, overwrite }, null, 2)}\n`);
  // Last, as the sign that the rest is there.
  mkdirSync(places.run);
  syncFolder(places.partial);
  return overwrite;
}

function refuseOtherConfiguration({ given }: Places, before: Configuration, now: Configuration): void {
  const differences = configurationDifference(before, now);
  if (differences.length === 0) return;
  throw new ExpectedError(
    `Cannot resume "${given}": the configuration must be that of the stopped run, and ${differences.join('; ')}: give ` +
      'the same options, or start anew with --overwrite.',
  );
}

function nothingToResume({ given, out, manifest }: Places): ExpectedError {
  return existsSync(join(out, manifest))
    ? new ExpectedError(
        `Cannot resume "${given}": there must be a stopped run, and this one is finished: use it as it is, or start ` +
          'anew with --overwrite.',
      )
    : new ExpectedError(
        `Cannot resume "${given}": there must be a stopped run, and there is none: leave --resume out.`,
      );
}

function workFolder(
  places: Places,
  lock: RunLock,
  { resumed, replaces }: { resumed: boolean; replaces: boolean },
): WorkFolder {
  const { run, manifest: manifestName } = places;
  let isOpen = true;

  function requireLock(): void {
    if (isOpen && lock.isHeld()) return;
    throw new ExpectedError(
      `Cannot go on with "${places.given}": its lock must stay with this process, and it is gone: see whether another ` +
        'process works on it or removed it, then run again with --resume.',
    );
  }

  function checkpointPath(name: string): string {
    return runFilePath(places.checkpoints, name);
  }

  return {
    resumed,
    path: (relative) => runFilePath(run, relative),
    addFile(relative, bytes) {
      if (relative === manifestName) throw new RangeError(`Cannot add "${manifestName}": finish writes it.`);
      return addRunFile(run, relative, bytes);
    },
    describeFile: (relative) => describeRunFile(run, relative),
    appendLine(relative, text) {
      requireLock();
      appendRunLine(run, relative, text);
    },
    readLines: (relative) => readRunLines(run, relative),
    truncateLines(relative, count) {
      truncateRunLines(run, relative, count);
    },
    writeCheckpoint(name, bytes) {
      requireLock();
      writeFileAtomic(checkpointPath(name), bytes);
    },
    readCheckpoint(name) {
      const path = checkpointPath(name);
      return existsSync(path) ? withFileErrors('read', path, () => readFileSync(path)) : undefined;
    },
    removeCheckpoint(name) {
      const path = checkpointPath(name);
      withFileErrors('remove', path, () => {
        rmSync(path, { force: true });
      });
    },
    writeProgress(text) {
      requireLock();
      writeFileAtomic(places.progress, text, { waitForDisk: false });
    },
    finish(manifest) {
      requireLock();
      refuseOut(places, replaces);
      writeFileAtomic(join(run, manifestName), manifest);
      withFileErrors('finish', places.out, () => {
        moveIntoPlace(places);
      });
      isOpen = false;
      withFileErrors('remove', places.partial, () => {
        removePartial(places, lock);
      });
    },
    abandon() {
      if (!isOpen) return 'closed';
      isOpen = false;
      return withFileErrors('clear up', places.partial, () => {
        if (hasCheckpoint(places)) {
          lock.release();
          return 'kept';
        }
        removePartial(places, lock);
        return 'removed';
      });
    },
  };
}
