import { useEffect, useMemo, useState } from 'preact/hooks';
import { Notice } from '../../parts/notice.tsx';
import { judge, modelKey, modelStates, requestModels } from '../../state/models.ts';
import { route } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import type { ModelKey } from '../../worker/lab-api.ts';
import { AtHandPanel } from './at-hand-panel.tsx';
import { CodePanel } from './code/code-panel.tsx';
import { readLatentParams } from './latent-params.ts';
import { loadMap } from './load-map.ts';
import { MapChoice } from './map-choice.tsx';
import { MapPanel } from './map-panel.tsx';
import { PathPanel } from './path/path-panel.tsx';
import { pathEnds, placePath, walkPath } from './path/walk-path.ts';
import { usePictureAtHand } from './pictures.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { usePlacement } from './use-placement.ts';

/** Everything below the view's first words. It belongs to one run: give it the run's id as `key`. */
export function LatentBody({ run }: { run: OpenRun }) {
  const { params: query } = route.value;
  const params = useMemo(() => readLatentParams(run, query), [run, query]);
  const { of, method, from, to } = params;
  const classifierId = judge.value?.id;
  useEffect(() => {
    const wanted = [classifierId, of === 'pixels' ? undefined : of];
    void requestModels(
      run.id,
      wanted.filter((id) => id !== undefined),
    );
  }, [run.id, of, classifierId]);
  const codec = readyCodec(run, of);
  const classifier = classifierId === undefined ? undefined : readyKey(run, classifierId);

  const loaded = useAnswer(() => loadMap(run, { of, method }), [run.id, of, method]);
  // The map before is shown until the one that was chosen is there, and nothing new is told of it.
  const shownMap = loaded.value;
  const map = shownMap?.of === of && shownMap.method === method ? shownMap : undefined;
  const atHand = usePictureAtHand(run);
  const placed = usePlacement(run, { map, picture: atHand.value });
  const hand = atHand.value;
  const ends = useAnswer(hand === undefined ? undefined : () => pathEnds(run, { atHand: hand, from, to }), [
    run.id,
    hand === undefined,
    from ?? hand?.image,
    to,
  ]);
  const [start, end] = ends.value?.map(({ value }) => value) ?? [];
  const isWalkable = start !== undefined && end !== undefined && (of === 'pixels' || codec !== undefined);
  const walk = useAnswer(isWalkable ? () => walkPath([start, end], { codec, classifier }) : undefined, [
    isWalkable,
    start,
    end,
    codec,
    classifier,
  ]);
  const places = useAnswer(
    walk.value === undefined || map === undefined
      ? undefined
      : async () => ({ map, places: await placePath(run, map, walk.value!) }),
    [run.id, map, walk.value],
  );
  const [selection, setSelection] = useState<readonly number[]>();

  return (
    <>
      <MapChoice run={run} params={params} isLoading={map === undefined && loaded.error === undefined} />
      <ModelFailures run={run} ids={[classifierId, of]} />
      {loaded.error !== undefined && <Notice tone="error">{loaded.error}</Notice>}
      {shownMap !== undefined && (
        <MapPanel
          run={run}
          map={shownMap}
          params={params}
          codec={readyCodec(run, shownMap.of)}
          classifierId={classifierId}
          placed={placed.value}
          path={places.value?.map === shownMap ? places.value.places : undefined}
          selection={selection}
          onSelect={setSelection}
        />
      )}
      <AtHandPanel run={run} of={of} picture={atHand} placed={placed} />
      <PathPanel run={run} params={params} classifier={classifier} ends={ends} walk={walk} />
      <CodePanel
        run={run}
        of={of}
        codec={codec}
        classifier={classifier}
        picture={atHand.value}
        edits={params.edits}
      />
    </>
  );
}

function readyCodec(run: OpenRun, of: string): ModelKey | undefined {
  return of === 'pixels' ? undefined : readyKey(run, of);
}

function readyKey(run: OpenRun, id: string): ModelKey | undefined {
  const key = modelKey(run.id, id);
  return modelStates.value.get(key)?.kind === 'ready' ? key : undefined;
}

function ModelFailures({ run, ids }: { run: OpenRun; ids: readonly (string | undefined)[] }) {
  return (
    <>
      {ids.map((id) => {
        const state = id === undefined ? undefined : modelStates.value.get(modelKey(run.id, id));
        return (
          state?.kind === 'failed' && (
            <Notice key={id} tone="error">
              {state.message}
            </Notice>
          )
        );
      })}
    </>
  );
}
