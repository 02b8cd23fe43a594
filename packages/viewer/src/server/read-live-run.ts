import { parseRunProgress, RunProgressError } from '@narrows/shared';
import { interruptedAfterMs, type LiveRun } from '../contract/api.ts';
import { sizeProblem } from './read-document.ts';
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
 * @returns `undefined` where there is no such file, or none that can be read, for then nothing is being made there that one
 *   could follow.
 */
export async function readLiveRun(
  tree: FileTree,
  folder: string,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): Promise<LiveContent | undefined> {
  const where = `${folder}/progress.json`;
  // A trainer replaces the file all the time: it may be another once it is opened, but hardly so twice.
  for (let tries = 2; tries > 0; tries--) {
    const file = await tree.find(where);
    if (file === undefined) return undefined;
    const tooLarge = sizeProblem(file, where);
    if (tooLarge !== undefined) return { kind: 'problem', message: tooLarge };
    try {
      const progress = parseRunProgress(await readText(file), where);
      const silentMs = nowMs - Date.parse(progress.updatedAt);
      const isSilent = progress.state === 'running' && silentMs >= interruptedAfterMs;
      return { kind: 'live', run: { id, progress, state: isSilent ? 'interrupted' : progress.state } };
    } catch (error) {
      if (error instanceof UnreadableFile) continue;
      if (!(error instanceof RunProgressError)) throw error;
      return { kind: 'problem', message: error.message };
    }
  }
  return undefined;
}
