import { lab } from '../../lab.ts';
import type { OpenRun } from '../../state/run.ts';
import type { MapMethod } from './latent-params.ts';
import { findClassAnchors, type ClassAnchor } from './map/class-anchors.ts';
import { boundsOf, type Bounds } from './map/map-view.ts';

/** A map as it is drawn. */
export interface LoadedMap {
  readonly of: string;
  readonly method: MapMethod;
  /** float32 `[points, 2]` */
  readonly coordinates: Float32Array;
  readonly points: number;
  /** Of the whole test set, whose first `points` images are mapped. */
  readonly labels: Uint8Array;
  readonly bounds: Bounds;
  readonly anchors: readonly ClassAnchor[];
}

/** Gets a map and what is needed to draw it. */
export async function loadMap(
  run: OpenRun,
  { of, method }: Pick<LoadedMap, 'of' | 'method'>,
): Promise<LoadedMap> {
  const [coordinates, { labels }] = await Promise.all([
    lab.latentMap(run.id, of, method),
    lab.testSet(run.id),
  ]);
  const bounds = boundsOf(coordinates);
  const anchors = findClassAnchors(coordinates, { labels, classCount: run.classNames.length, bounds });
  return { of, method, coordinates, points: coordinates.length / 2, labels, bounds, anchors };
}
