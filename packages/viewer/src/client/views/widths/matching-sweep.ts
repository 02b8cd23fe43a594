import { parseSweepResult, type SweepResult } from '@narrows/shared';
import * as z from 'zod';
import { apiPaths, type SweepListing } from '../../../contract/api.ts';
import { askServer } from '../../state/ask-server.ts';
import { catalogue } from '../../state/catalogue.ts';
import type { OpenRun } from '../../state/run.ts';
import { useAnswer, type Answer } from '../../state/use-answer.ts';

// As in the worker: the page's policy of content forbids what zod would compile.
z.config({ jitless: true });

/** The first sweep of the catalogue on the images of this run: same name of the dataset, same shape. */
export function useMatchingSweep(run: OpenRun): Answer<SweepResult | undefined> {
  const sweeps = catalogue.value?.sweeps ?? [];
  return useAnswer(
    () => firstMatch(sweeps, run),
    [sweeps.map(({ id, finishedAt }) => `${id} ${finishedAt}`).join(), run.id],
  );
}

async function firstMatch(
  sweeps: readonly SweepListing[],
  { manifest, imageShape }: OpenRun,
): Promise<SweepResult | undefined> {
  for (const { id } of sweeps) {
    const address = apiPaths.sweep(id);
    const sweep = parseSweepResult(JSON.stringify(await askServer<unknown>(address)), address);
    const { name, height, width, channels } = sweep.dataset;
    if (name === manifest.dataset.name && [height, width, channels].join() === imageShape.join())
      return sweep;
  }
  return undefined;
}
