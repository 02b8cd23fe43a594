import { parseSweepResult, type SweepResult } from '@narrows/shared';
import { apiPaths, type SweepListing } from '../../../contract/api.ts';
import { askServer } from '../../state/ask-server.ts';
import type { OpenRun } from '../../state/run.ts';

/**
 * The first sweep on the images of a run: same name of the dataset, same shape.
 * @param sweeps as the catalogue lists them
 * @returns `undefined` where there is none
 * @throws Error of one line where one can't be fetched or read
 */
export async function matchingSweep(
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
