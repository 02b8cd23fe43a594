import { parseRunProgress, RunProgressError } from '@narrows/shared';
import { interruptedAfterMs, type LiveRun } from '../contract/api.ts';
import { readText, UnreadableFile, type FileTree } from './server-io.ts';

/** How far a run that is being made has come, or why that can't be told. */
export type LiveContent =
  { readonly kind: 'live'; readonly run: LiveRun } | { readonly kind: 'problem'; readonly message: string };

/**
 * Reads the `progress.json` in the folder of a run that is being made.
 *
 * @param folder such as `study.partial`
 * @param options.id what to call the run
 * @param options.nowMs the time, in milliseconds since 1970
 * @returns `undefined` where there is no such file, for then nothing is being made there that one could follow.
 */
export async function readLiveRun(
  tree: FileTree,
  folder: string,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): Promise<LiveContent | undefined> {
  const where = `${folder}/progress.json`;
  const file = await tree.find(where);
  if (file === undefined) return undefined;
  try {
    const progress = parseRunProgress(await readText(file), where);
    const silentMs = nowMs - Date.parse(progress.updatedAt);
    const isSilent = progress.state === 'running' && silentMs >= interruptedAfterMs;
    return { kind: 'live', run: { id, progress, state: isSilent ? 'interrupted' : progress.state } };
  } catch (error) {
    // A trainer replaces the file all the time, and takes it away when the run is finished.
    if (error instanceof UnreadableFile) return undefined;
    if (!(error instanceof RunProgressError)) throw error;
    return { kind: 'problem', message: error.message };
  }
}
