import type { LatentMap } from '@narrows/shared';
import type { OpenRun } from '../../state/run.ts';
import type { LoadedMap } from './load-map.ts';

/** What the trainer measured of a map and of the space that it maps; `undefined` where it did not. */
export function trustOf(
  { manifest }: OpenRun,
  { of, method }: LoadedMap,
): { space: LatentMap['space'] | undefined; figures: LatentMap['maps'][number] | undefined } {
  const mapped = manifest.latentMaps.find((map) => map.of === of);
  return { space: mapped?.space, figures: mapped?.maps.find((map) => map.method === method) };
}
