import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../expected-error.ts';
import { syncFolder, writeFileAtomic } from '../run-folder/atomic-file.ts';
import { configurationDifference, type Configuration } from '../run-folder/configuration-difference.ts';
import { withFileErrors } from '../run-folder/file-error.ts';
import {
  addRunFile,
  describeRunFile,
  removeUnfinished,
  runFilePath,
  type RunFile,
} from '../run-folder/run-files.ts';
import { acquireRunLock, type RunLock } from '../run-folder/run-lock.ts';
import {
  clearPartial,
  hasCheckpoint,
  moveIntoPlace,
  placesOf,
  readStopped,
  refuseForeignPartial,
  removePartial,
  undoHalfReplacement,
  type Places,
} from '../run-folder/run-places.ts';
import { beginLedger, enterTrial, ledgerName, openLedger } from './ledger.ts';
import type { SweepTrial } from '@narrows/shared';

/** Name of a sweep's result, without which a folder is no sweep. */
export const sweepResultName = 'sweep.json';

/**
 * A sweep being made, as `WorkFolder` is a run: in `OUT.partial` under a lock, `OUT` by one rename at the end. What it has
 * come to is its ledger.
 */
export interface SweepFolder {
  /** Trials that the ledger has, in the order in which they ended. */
  readonly trials: readonly SweepTrial[];
  /** Enters a finished trial into the ledger. */
  enter(trial: SweepTrial): void;
  /** Writes a file of the sweep and describes it. */
  addFile(relative: string, bytes: Uint8Array | string): RunFile;
  /** Describes the ledger as it lies on the disk. */
  describeLedger(): RunFile;
  /** Keeps what all trials need. From the first on, a stopped sweep is worth resuming. */
  writeCheckpoint(name: string, bytes: Uint8Array): void;
  readCheckpoint(name: string): Uint8Array | undefined;
  /** Writes `sweep.json`, moves the sweep to its place and clears up. The folder can't be used after it. */
  finish(result: string): void;
  /** Lets go of the sweep: `kept` when there is something for `--resume` to go on from. */
  abandon(): 'kept' | 'removed' | 'closed';
}

/** Which of the ways to begin is meant. At most one of the two. */
export interface SweepFolderOptions {
  readonly resume: boolean;
  readonly overwrite: boolean;
}

/**
 * Begins a sweep that is to become the folder `out`, or goes on with one that was stopped, under a lock.
 *
 * @throws ExpectedError as `openWorkFolder` does.
 */
export function openSweepFolder(
  out: string,
  configuration: Configuration,
  { resume, overwrite }: SweepFolderOptions,
): SweepFolder {
  const places = placesOf(out);
  return withFileErrors('begin a sweep in', places.partial, () => {
    if (!existsSync(places.partial)) {
      // Refused before anything is created.
      if (resume) throw nothingToResume(places);
      refuseTaken(places, overwrite);
    }
    refuseForeignPartial(places);
    mkdirSync(places.partial, { recursive: true });
    const lock = acquireRunLock(places.lock);
    try {
      undoHalfReplacement(places);
      const replaces = resume ? goOn(places, configuration) : begin(places, configuration, overwrite);
      return sweepFolder(places, lock, replaces);
    } catch (error) {
      if (!hasCheckpoint(places)) removePartial(places, lock);
      else lock.release();
      throw error;
    }
  });
}

/** Checks that the stopped sweep is the one that is meant, and tells whether it will replace one. */
function goOn(places: Places, configuration: Configuration): boolean {
  const stopped = readStopped(places);
  if (stopped === undefined) throw nothingToResume(places);
  refuseTaken(places, stopped.overwrite);
  const ledger = openLedger(places.run);
  const differences = configurationDifference(ledger?.configuration ?? stopped.configuration, configuration);
  if (differences.length > 0) {
    throw new ExpectedError(
      `Cannot resume "${places.given}": the configuration must be that of the stopped sweep, and ` +
        `${differences.join('; ')}: give the same options, or start anew with --overwrite.`,
    );
  }
  removeUnfinished(places.partial);
  // A result makes a sweep: until this one is whole again it has none.
  rmSync(join(places.run, sweepResultName), { force: true });
  if (ledger === undefined) beginLedger(places.run, configuration);
  return stopped.overwrite;
}

function begin(places: Places, configuration: Configuration, overwrite: boolean): boolean {
  if (!overwrite && hasCheckpoint(places)) {
    throw new ExpectedError(
      `Cannot begin "${places.given}": a stopped sweep is there: add --resume to go on with it or --overwrite to start anew.`,
    );
  }
  refuseTaken(places, overwrite);
  clearPartial(places);
  mkdirSync(places.checkpoints);
  writeFileAtomic(places.configuration, `${JSON.stringify({ configuration, overwrite }, null, 2)}\n`);
  // Last, as the sign that the rest is there.
  mkdirSync(places.run);
  syncFolder(places.partial);
  beginLedger(places.run, configuration);
  return overwrite;
}

/** Refuses an `out` that is there, unless it may be overwritten and is a sweep or an empty folder. */
function refuseTaken({ given, out }: Places, overwrite: boolean): void {
  const stat = lstatSync(out, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory() || !overwrite) {
    throw new ExpectedError(
      `Cannot make a sweep of "${given}": it must not exist yet, and it does: choose another folder with --out` +
        `${stat.isDirectory() ? ', or replace this one with --overwrite' : ''}.`,
    );
  }
  const entries = readdirSync(out);
  if (entries.length > 0 && !entries.includes(sweepResultName)) {
    throw new ExpectedError(
      `Cannot replace "${given}": only a sweep is overwritten, which has a ${sweepResultName}, and this folder holds ` +
        `"${entries[0]}" and no ${sweepResultName}: choose another folder with --out.`,
    );
  }
}

function nothingToResume({ given, out }: Places): ExpectedError {
  return existsSync(join(out, sweepResultName))
    ? new ExpectedError(
        `Cannot resume "${given}": there must be a stopped sweep, and this one is finished: use it as it is, or start ` +
          'anew with --overwrite.',
      )
    : new ExpectedError(
        `Cannot resume "${given}": there must be a stopped sweep, and there is none: leave --resume out.`,
      );
}

function sweepFolder(places: Places, lock: RunLock, replaces: boolean): SweepFolder {
  const { run } = places;
  let isOpen = true;

  function requireLock(): void {
    if (isOpen && lock.isHeld()) return;
    throw new ExpectedError(
      `Cannot go on with "${places.given}": its lock must stay with this process, and it is gone: see whether another ` +
        'process works on it or removed it, then run again with --resume.',
    );
  }

  return {
    trials: openLedger(run)!.trials,
    enter(trial) {
      requireLock();
      enterTrial(run, trial);
    },
    addFile: (relative, bytes) => addRunFile(run, relative, bytes),
    describeLedger: () => describeRunFile(run, ledgerName),
    writeCheckpoint(name, bytes) {
      requireLock();
      writeFileAtomic(runFilePath(places.checkpoints, name), bytes);
    },
    readCheckpoint(name) {
      const path = runFilePath(places.checkpoints, name);
      return existsSync(path) ? withFileErrors('read', path, () => readFileSync(path)) : undefined;
    },
    finish(result) {
      requireLock();
      refuseTaken(places, replaces);
      writeFileAtomic(join(run, sweepResultName), result);
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
