import { useState } from 'preact/hooks';
import { formatCount } from '../../../i18n/number-format.ts';
import { lab } from '../../../lab.ts';
import { Notice } from '../../../parts/notice.tsx';
import type { OpenRun } from '../../../state/run.ts';
import type { LoadedMap } from '../load-map.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { pointsAround, pointsOfClass } from './select-points.ts';
import { SelectionFigures } from './selection-figures.tsx';
import { selectionMessages } from './selection-messages.ts';
import { SelectionSamples } from './selection-samples.tsx';

/** How many points around the marked one are offered. */
const firstNearest = 50;

/** Selects without a pointer, and says what is selected. */
export function SelectionPanel({
  run,
  map,
  shown,
  colours,
  marked,
  classifier,
  selection,
  onSelect,
}: {
  run: OpenRun;
  map: LoadedMap;
  /** `[points]`, 0 for a hidden point. */
  shown: Uint8Array;
  /** Of the classes, as CSS has them. */
  colours: readonly string[];
  marked: number | undefined;
  /** Id of the one that judges. */
  classifier: string | undefined;
  /** Indices of the images selected; `undefined` while there is no selection. */
  selection: readonly number[] | undefined;
  onSelect: (selection: readonly number[] | undefined) => void;
}) {
  const words = selectionMessages();
  const figures = useAnswer(() => lab.figures(run.id), [run.id]);
  return (
    <section class="panel" aria-labelledby="latent-selection">
      <h2 id="latent-selection">{words.title}</h2>
      <p class="quiet">{words.hint}</p>
      <SelectionTools run={run} map={map} shown={shown} marked={marked} onSelect={onSelect} />
      <div class="row">
        <button
          type="button"
          class="button"
          aria-disabled={selection === undefined}
          onClick={() => {
            onSelect(undefined);
          }}
        >
          {words.clear}
        </button>
        <p role="status">
          {selection !== undefined &&
            (selection.length === 0
              ? words.nothing
              : selection.length === 1
                ? words.one
                : words.selected(formatCount(selection.length)))}
        </p>
      </div>
      {figures.error !== undefined && <Notice tone="error">{figures.error}</Notice>}
      {selection !== undefined && selection.length > 0 && figures.value !== undefined && (
        <div class="latent-selection">
          <SelectionFigures
            run={run}
            of={map.of}
            colours={colours}
            classifier={classifier}
            figures={figures.value}
            labels={map.labels}
            selection={selection}
          />
          <SelectionSamples
            run={run}
            of={map.of}
            classifier={classifier}
            figures={figures.value}
            labels={map.labels}
            selection={selection}
          />
        </div>
      )}
    </section>
  );
}

function SelectionTools({
  run: { classNames },
  map,
  shown,
  marked,
  onSelect,
}: {
  run: OpenRun;
  map: LoadedMap;
  shown: Uint8Array;
  marked: number | undefined;
  onSelect: (selection: readonly number[]) => void;
}) {
  const words = selectionMessages();
  const [label, setLabel] = useState(0);
  const [count, setCount] = useState(firstNearest);
  const canSelectAround = marked !== undefined && marked < map.points;
  return (
    <div class="row latent-select-tools">
      <div class="row">
        <label class="field">
          <span>{words.ofClass}</span>
          <select
            class="select"
            value={label}
            onChange={({ currentTarget }) => {
              setLabel(Number(currentTarget.value));
            }}
          >
            {classNames.map((name, i) => (
              <option key={name} value={i}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button"
          onClick={() => {
            onSelect(pointsOfClass(map.labels, { label, points: map.points }));
          }}
        >
          {words.select}
        </button>
      </div>
      <div class="row">
        <label class="field">
          <span>{words.nearest}</span>
          <input
            class="input latent-number"
            type="number"
            min={1}
            max={map.points}
            step={1}
            value={count}
            onChange={({ currentTarget }) => {
              const wanted = Math.floor(Number(currentTarget.value));
              setCount(Math.min(map.points, Math.max(1, wanted)));
            }}
          />
        </label>
        <button
          type="button"
          class="button"
          aria-disabled={!canSelectAround}
          title={canSelectAround ? undefined : words.markFirst}
          onClick={() => {
            if (canSelectAround) onSelect(pointsAround(map.coordinates, { centre: marked, count, shown }));
          }}
        >
          {words.around}
        </button>
      </div>
    </div>
  );
}
