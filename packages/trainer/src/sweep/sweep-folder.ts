import { dirname } from 'node:path';
import type { SweepTrial } from '@narrows/shared';
import { ExpectedError } from '../expected-error.ts';
import { configurationDifference, type Configuration } from '../run-folder/configuration-difference.ts';
import { openWorkFolder, type WorkFolder, type WorkFolderOptions } from '../run-folder/work-folder.ts';
import { beginLedger, enterTrial, ledgerName, openLedger, type Ledger } from './ledger.ts';

/** Name of a sweep's result, without which a folder is no sweep. */
export const sweepResultName = 'sweep.json';

/** Name of the checkpoint that says no more than that the ledger has trials. */
const begunName = 'begun';

/** A sweep being made: a work folder whose ledger says what it has come to. */
export interface SweepFolder extends Pick<
  WorkFolder,
  'addFile' | 'describeFile' | 'writeCheckpoint' | 'readCheckpoint' | 'finish' | 'abandon'
> {
  /** Trials that the ledger had when the sweep was opened, in the order in which they ended. */
  readonly trials: readonly SweepTrial[];
  /** Enters a finished trial into the ledger. From the first on, a stopped sweep is worth resuming. */
  enter(trial: SweepTrial): void;
}

/**
 * Begins a sweep that is to become the folder `out`, or goes on with one that was stopped, under a lock.
 *
 * @throws ExpectedError as `openWorkFolder` does, and where the ledger is damaged or of another configuration.
 */
export function openSweepFolder(
  out: string,
  configuration: Configuration,
  options: Pick<WorkFolderOptions, 'resume' | 'overwrite'>,
): SweepFolder {
  const folder = openWorkFolder(out, configuration, { ...options, manifest: sweepResultName });
  try {
    const place = dirname(folder.path(ledgerName));
    const ledger = openLedger(place);
    if (ledger === undefined) beginLedger(folder, configuration);
    else refuseOtherLedger(out, ledger, configuration);
    let isKept = folder.readCheckpoint(begunName) !== undefined;
    return {
      ...folder,
      trials: ledger?.trials ?? [],
      enter(trial) {
        enterTrial(folder, trial);
        // A checkpoint is what keeps a stopped sweep, and with classifiers of their own trials may end before there is one.
        if (!isKept) folder.writeCheckpoint(begunName, 'The ledger has finished trials.\n');
        isKept = true;
      },
    };
  } catch (error) {
    folder.abandon();
    throw error;
  }
}

/** What was computed for other figures must not end up among these: a ledger can be copied from one folder to another. */
function refuseOtherLedger(out: string, ledger: Ledger, configuration: Configuration): void {
  const differences = configurationDifference(ledger.configuration, configuration);
  if (differences.length === 0) return;
  throw new ExpectedError(
    `Cannot resume "${out}": the configuration of its ${ledgerName} must be that of the sweep, and ` +
      `${differences.join('; ')}: put the sweep's own ledger back, or start anew with --overwrite.`,
  );
}
