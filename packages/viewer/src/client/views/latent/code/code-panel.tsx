import { useMemo, useState } from 'preact/hooks';
import { formatFixed } from '../../../i18n/number-format.ts';
import { lab } from '../../../lab.ts';
import { Notice } from '../../../parts/notice.tsx';
import { Slider } from '../../../parts/slider.tsx';
import { setParams } from '../../../state/route.ts';
import type { OpenRun } from '../../../state/run.ts';
import type { ModelKey } from '../../../worker/lab-api.ts';
import { latentMessages } from '../latent-messages.ts';
import { writeEdits } from '../latent-params.ts';
import type { Picture } from '../pictures.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { CodeBars } from './code-bars.tsx';
import { codeMessages } from './code-messages.ts';
import { CodeResult } from './code-result.tsx';
import { coordinateRanges, mostVaryingFirst } from './coordinate-ranges.ts';

/** The code of the image at hand, each number of which can be turned, and the image that comes of it. */
export function CodePanel({
  run,
  of,
  codec,
  classifier,
  picture,
  edits,
}: {
  run: OpenRun;
  /** Id of the codec, or `pixels`. */
  of: string;
  /** Once it can be run. */
  codec: ModelKey | undefined;
  classifier: ModelKey | undefined;
  picture: Picture | undefined;
  edits: ReadonlyMap<number, number>;
}) {
  const words = codeMessages();
  const latent = run.codecs.find(({ id }) => id === of)?.latent;
  const ranges = useAnswer(
    latent === undefined || codec === undefined
      ? undefined
      : async () => ({ of, all: coordinateRanges(await lab.testLatents(run.id, of), latent) }),
    [run.id, of, codec],
  );
  const code = useAnswer(
    codec === undefined || picture === undefined
      ? undefined
      : async () => ({ of, picture, values: await lab.encode(codec, picture.image) }),
    [codec, picture?.image],
  );
  const error = ranges.error ?? code.error;
  // Both may still be of the codec that was looked at before.
  const ready =
    codec !== undefined && ranges.value?.of === of && code.value?.of === of
      ? { codec, ranges: ranges.value.all, ...code.value }
      : undefined;
  return (
    <section class="panel" aria-labelledby="latent-code">
      <h2 id="latent-code">{words.title}</h2>
      <p class="quiet">{latent === undefined ? words.pickCodec : words.hint}</p>
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      {latent !== undefined && ready === undefined && error === undefined && (
        <p class="quiet" role="status">
          {codec === undefined ? latentMessages().modelLoading : words.loading}
        </p>
      )}
      {ready !== undefined && (
        <CodeEditor
          key={of}
          ranges={ready.ranges}
          original={ready.values}
          edits={edits}
          result={(values) => (
            <CodeResult
              run={run}
              codec={ready.codec}
              classifier={classifier}
              picture={ready.picture}
              original={ready.values}
              values={values}
              changed={edits.size}
            />
          )}
        />
      )}
    </section>
  );
}

function CodeEditor({
  ranges,
  original,
  edits,
  result,
}: {
  ranges: ReturnType<typeof coordinateRanges>;
  original: Float32Array;
  edits: ReadonlyMap<number, number>;
  result: (values: Float32Array) => preact.ComponentChildren;
}) {
  const words = codeMessages();
  const [isSorted, setIsSorted] = useState(false);
  const varying = useMemo(() => mostVaryingFirst(ranges), [ranges]);
  const [current, setCurrent] = useState(varying[0]);
  const values = useMemo(
    () => original.map((value, i) => edits.get(i) ?? value),
    [original, writeEdits(edits)],
  );
  const change = (coordinate: number, value: number | undefined): void => {
    const next = new Map(edits);
    if (value === undefined) next.delete(coordinate);
    else next.set(coordinate, value);
    setParams({ code: writeEdits(next) });
  };
  const unused = ranges.filter(({ min, max }) => max <= min).length;
  const { min, max } = ranges[current];
  return (
    <div class="latent-code">
      <div class="stack latent-code-numbers">
        <div class="row">
          <label class="latent-check">
            <input
              type="checkbox"
              checked={isSorted}
              onChange={({ currentTarget }) => {
                setIsSorted(currentTarget.checked);
              }}
            />
            <span>{words.sort}</span>
          </label>
        </div>
        <CodeBars
          ranges={ranges}
          order={isSorted ? varying : [...ranges.keys()]}
          original={original}
          values={values}
          current={current}
          onCurrent={setCurrent}
          onChange={change}
        />
        <p class="small quiet">
          {unused > 0 && `${words.unused(unused, ranges.length)} `}
          {words.keys}
        </p>
        {max > min && (
          <Slider
            label={words.coordinate(current)}
            value={values[current]}
            min={min}
            max={max}
            step={(max - min) / 200}
            format={(value) => formatFixed(value, 2)}
            onInput={(value) => {
              change(current, value);
            }}
          />
        )}
        <div class="row">
          <button
            type="button"
            class="button"
            aria-disabled={!edits.has(current)}
            onClick={() => {
              change(current, undefined);
            }}
          >
            {words.reset(current)}
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={edits.size === 0}
            onClick={() => {
              setParams({ code: undefined });
            }}
          >
            {words.resetAll}
          </button>
        </div>
      </div>
      {result(values)}
    </div>
  );
}
