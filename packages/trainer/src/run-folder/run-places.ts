import { existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import { syncFolder, unfinishedSuffix } from './atomic-file.ts';
import { manifestName } from './run-files.ts';
import type { RunLock } from './run-lock.ts';

/** The paths that matter to one run. */
export interface Places {
  /** As the user gave it, for messages. */
  readonly given: string;
  /** Name of the manifest, without which `out` is no run. */
  readonly manifest: string;
  readonly out: string;
  readonly partial: string;
  readonly lock: string;
  readonly configuration: string;
  /** How far the run is, for whoever looks on. */
  readonly progress: string;
  readonly checkpoints: string;
  readonly run: string;
  /** The old run between the two renames that replace it. */
  readonly replaced: string;
  /** What was `run` and is being deleted: a rename ends it in one step, deleting takes many. */
  readonly discarded: string;
}

const partialSuffix = '.partial';

/** What `configuration.json` holds. */
const recordSchema = z.object({
  configuration: z.record(z.string(), z.json()),
  /** The run was begun with `overwrite`, and whoever resumes it has that permission. */
  overwrite: z.boolean(),
});

/** What `configuration.json` says of a stopped run. */
export type StoppedRun = z.infer<typeof recordSchema>;

/**
 * The places of the run that is to become the folder `given`.
 *
 * @throws ExpectedError for a name that no run can have.
 */
export function placesOf(given: string, manifest: string = manifestName): Places {
  const out = resolve(given);
  const name = basename(out);
  if (name === '' || name.endsWith(partialSuffix)) {
    throw new ExpectedError(
      `Cannot make a run of "${given}": it needs a folder with a name of its own that doesn't end in ${partialSuffix}: ` +
        'choose another, such as runs/mine.',
    );
  }
  const partial = join(dirname(out), name + partialSuffix);
  return {
    given,
    manifest,
    out,
    partial,
    lock: join(partial, 'lock'),
    configuration: join(partial, 'configuration.json'),
    progress: join(partial, 'progress.json'),
    checkpoints: join(partial, 'checkpoints'),
    run: join(partial, 'run'),
    replaced: join(partial, 'replaced'),
    discarded: join(partial, 'discarded'),
  };
}

/** Refuses an `out` that is there, unless it may be overwritten and is a run or an empty folder. */
export function refuseOut({ given, out, manifest }: Places, overwrite: boolean): void {
  const stat = lstatSync(out, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    throw new ExpectedError(
      `Cannot make a run of "${given}": it must be free for a folder, and something else is there: choose another ` +
        'folder with --out.',
    );
  }
  if (!overwrite) {
    throw new ExpectedError(
      `Cannot make a run of "${given}": it must not exist yet, and it does: choose another folder with --out, or ` +
        'replace this one with --overwrite.',
    );
  }
  const entries = readdirSync(out);
  if (entries.length > 0 && !entries.includes(manifest)) {
    throw new ExpectedError(
      `Cannot replace "${given}": only a run is overwritten, which has a ${manifest}, and this folder holds ` +
        `"${entries[0]}" and no ${manifest}: choose another folder with --out.`,
    );
  }
}

/** Refuses a `.partial` that isn't ours: what is in it would be deleted in time. */
export function refuseForeignPartial(places: Places): void {
  const { given, partial } = places;
  const stat = lstatSync(partial, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const { lock, configuration, progress, checkpoints, run, replaced, discarded } = places;
  const ours = [lock, configuration, progress, checkpoints, run, replaced, discarded].map((place) =>
    basename(place),
  );
  const foreign = stat.isDirectory()
    ? readdirSync(partial).find(
        (name) => !ours.includes(name) && !name.startsWith('lock.') && !name.endsWith(unfinishedSuffix),
      )
    : basename(partial);
  if (foreign === undefined) return;
  throw new ExpectedError(
    `Cannot make a run of "${given}": a run is made in "${given}${partialSuffix}", and there is "${foreign}", which no ` +
      'run has: move it away or choose another folder with --out.',
  );
}

/** Puts the old run back where a process ended between the two renames that should have replaced it. */
export function undoHalfReplacement({ out, replaced }: Places): void {
  if (existsSync(replaced) && !existsSync(out)) renameSync(replaced, out);
}

/** What a stopped run says of itself; `undefined` when there is none, or one that was finished and not cleared up. */
export function readStopped({ given, run, configuration }: Places): StoppedRun | undefined {
  if (!existsSync(run)) return undefined;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(configuration, 'utf8')));
  } catch (error) {
    throw new ExpectedError(
      `Cannot go on with "${given}": the stopped run's configuration.json must be as it was written, and it can't be ` +
        `read: delete "${given}${partialSuffix}" and start anew.`,
      { cause: error },
    );
  }
}

/** Whether a stopped run is there that is worth resuming. */
export function hasCheckpoint({ run, checkpoints }: Places): boolean {
  return (
    existsSync(run) &&
    existsSync(checkpoints) &&
    readdirSync(checkpoints).some((name) => !name.endsWith(unfinishedSuffix))
  );
}

/** Empties `.partial` but for the lock. Wherever that is cut short, what is left is no stopped run and no loss. */
export function clearPartial(places: Places): void {
  const { partial, lock, run, discarded } = places;
  // It may hold the only copy of the old run.
  undoHalfReplacement(places);
  rmSync(discarded, { recursive: true, force: true });
  if (existsSync(run)) renameSync(run, discarded);
  for (const name of readdirSync(partial)) {
    if (name !== basename(lock)) rmSync(join(partial, name), { recursive: true });
  }
}

/** Removes `.partial`, the lock last: until then nobody else begins in it. */
export function removePartial(places: Places, lock: RunLock): void {
  clearPartial(places);
  lock.release();
  try {
    rmdirSync(places.partial);
  } catch (error) {
    // Another process was quick to begin: the folder is now its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
  }
}

/** Makes `run` the folder `out`, in whose place an old run may be, and waits until the disk has it. */
export function moveIntoPlace(places: Places): void {
  const { out, run, replaced } = places;
  if (existsSync(out)) {
    rmSync(replaced, { recursive: true, force: true });
    renameSync(out, replaced);
  }
  try {
    renameSync(run, out);
  } catch (error) {
    undoHalfReplacement(places);
    throw error;
  }
  syncFolder(dirname(out));
}
