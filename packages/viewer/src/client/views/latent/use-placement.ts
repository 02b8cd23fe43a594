import { lab } from '../../lab.ts';
import type { OpenRun } from '../../state/run.ts';
import type { Placement } from '../../worker/lab-api.ts';
import type { LoadedMap } from './load-map.ts';
import type { Picture } from './pictures.ts';
import { useAnswer, type Answer } from '../../state/use-answer.ts';

/** Where a picture lies on a map, with its neighbours' images. */
export interface PlacedPicture extends Placement {
  readonly picture: Picture;
  /** The map that it was placed on. */
  readonly map: LoadedMap;
  /** Pixels of the neighbours, `[neighbours, H, W, C]`. */
  readonly bytes: Uint8Array;
}

/** Finds the place of a picture on the map at hand, and finds it again when either changes. */
export function usePlacement(
  run: OpenRun,
  { map, picture }: { map: LoadedMap | undefined; picture: Picture | undefined },
): Answer<PlacedPicture> {
  const answer = useAnswer(
    map === undefined || picture === undefined
      ? undefined
      : async () => {
          const placement = await lab.place(run.id, map.of, map.method, picture.image);
          // An image of the test set is its own nearest neighbour, which says nothing.
          const neighbours = placement.neighbours.filter(({ index }) => index !== picture.index);
          const bytes = await lab.testImageBytes(
            run.id,
            neighbours.map(({ index }) => index),
          );
          return { picture, map, neighbours, at: placement.at, bytes };
        },
    [run.id, map, picture?.image],
  );
  // Places and neighbours on the map before are none on this one.
  return answer.value === undefined || answer.value.map === map ? answer : {};
}
