import { signal } from '@preact/signals';
import { addOwnModel, ownModels, removeOwnModel } from '../../state/models.ts';
import type { OpenRun } from '../../state/run.ts';
import type { LabModel } from '../../worker/lab-api.ts';
import { ownModelMessages } from './own-model-messages.ts';

/** A file that was not taken in, and why. */
export interface RefusedFile {
  readonly name: string;
  readonly message: string;
}

/** Name of the file that is being tried. */
export const tryingFile = signal<string | undefined>(undefined);
/** Files that were not taken in, until they are or are dismissed. */
export const refusedFiles = signal<readonly RefusedFile[]>([]);
/** What came last, for those who listen. */
export const lastTaken = signal<{ readonly model: LabModel; readonly isReplacement: boolean } | undefined>(
  undefined,
);

/**
 * Takes in files one after the other. One whose name an earlier one had takes that one's place once it is known to be fit.
 * What is wrong with a file is in `refusedFiles`.
 */
export async function takeFiles(files: readonly File[], run: OpenRun): Promise<void> {
  for (const file of files) {
    tryingFile.value = file.name;
    dismissRefused(file.name);
    try {
      await takeFile(file, run);
    } catch (error) {
      const { message } = error as Error;
      refusedFiles.value = [...refusedFiles.value, { name: file.name, message }];
    }
  }
  tryingFile.value = undefined;
}

async function takeFile(file: File, run: OpenRun): Promise<void> {
  const earlier = ownModels.peek().filter(({ id }) => id === file.name);
  // A folder that is dropped looks like a file until it is read.
  await file
    .slice(0, 1)
    .arrayBuffer()
    .catch((error: unknown) => {
      throw new Error(ownModelMessages().unreadable(file.name, (error as Error).message), { cause: error });
    });
  const model = await addOwnModel(file, run);
  for (const { key } of earlier) await removeOwnModel(key);
  lastTaken.value = { model, isReplacement: earlier.length > 0 };
}

export function dismissRefused(name: string): void {
  refusedFiles.value = refusedFiles.value.filter((refused) => refused.name !== name);
}
