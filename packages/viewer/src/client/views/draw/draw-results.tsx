import { useLayoutEffect } from 'preact/hooks';
import { formatCount } from '../../i18n/number-format.ts';
import { CodecPicker } from '../../parts/codec-picker.tsx';
import { ErrorLegend } from '../../parts/error-map.tsx';
import { ModelProblems } from '../../parts/model-problems.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import {
  chosenCodecs,
  judge,
  modelKey,
  modelStates,
  ownClassifiers,
  readyJudge,
} from '../../state/models.ts';
import type { OpenRun } from '../../state/run.ts';
import { runtimeError } from '../../state/runtime.ts';
import { specimen } from '../../state/specimen.ts';
import { Answers } from './answers.tsx';
import { canBeDrawn } from './can-be-drawn.ts';
import { cardCodecs } from './card-codecs.ts';
import { CodecCard } from './codec-card.tsx';
import { drawMessages } from './draw-messages.ts';
import { comparisonError, liveResult, shownImage } from './live-comparison.ts';
import { imageUnderWay } from './pad-state.ts';
import { measureResults } from './pen-up-timing.ts';

/** What becomes of the image: as the models see it, then one card for each codec, the narrowest first. */
export function DrawResults({ run }: { run: OpenRun }) {
  const words = drawMessages();
  const shared = {
    result: liveResult.value,
    classNames: run.classNames,
    judge: readyJudge.value,
    others: ownClassifiers.value,
  };
  return (
    <>
      {runtimeError.value !== undefined && <Notice tone="error">{runtimeError.value}</Notice>}
      {comparisonError.value !== undefined && <Notice tone="error">{comparisonError.value}</Notice>}
      <ModelProblems run={run} />
      <OriginalStrip run={run} />
      <ul class="draw-cards">
        {cardCodecs(run).map((codec) => (
          <CodecCard key={codec.id} codec={codec} shape={run.imageShape} {...shared} />
        ))}
      </ul>
      <CodecPicker run={run} />
      <section class="draw-legend">
        <h2>{words.howToRead}</h2>
        <ErrorLegend />
        <p class="small quiet">{words.legendFlip}</p>
        <p class="small quiet">{words.legendMse}</p>
        <p class="small quiet">{words.legendWaist}</p>
      </section>
      <PenUpTimer />
    </>
  );
}

/** Takes the time when results are on the page. It is the last part, so that all others have been drawn by then. */
function PenUpTimer() {
  const result = liveResult.value;
  const isPenDown = imageUnderWay.value !== undefined;
  useLayoutEffect(() => {
    if (result !== undefined) measureResults(result.image, result.comparison.durationMs);
  }, [result, isPenDown]);
  return null;
}

/** How many of the models have come, until all have. */
function ModelProgress({ run }: { run: OpenRun }) {
  const ids = [...(judge.value === undefined ? [] : [judge.value.id]), ...chosenCodecs.value];
  const kinds = ids.map((id) => modelStates.value.get(modelKey(run.id, id))?.kind);
  const settled = kinds.filter((kind) => kind === 'ready' || kind === 'failed').length;
  if (settled === ids.length) return null;
  return (
    <ProgressBar
      label={drawMessages().models(settled, ids.length)}
      fraction={settled / ids.length}
      etaSeconds={undefined}
    />
  );
}

/** The image as the models see it, and what the classifier makes of it. */
function OriginalStrip({ run }: { run: OpenRun }) {
  const words = drawMessages();
  const shown = shownImage.value;
  const result = liveResult.value;
  const at = specimen.value;
  const isDrawable = canBeDrawn(run);
  return (
    <article class="draw-original" aria-label={words.seen}>
      {shown === undefined ? (
        <div class="draw-blank" />
      ) : (
        <div class="draw-frame">
          <PixelCanvas image={shown.image} shape={run.imageShape} label={words.seenLabel} />
        </div>
      )}
      <div class="draw-original-text">
        <h2>{words.seen}</h2>
        <p class="small quiet">
          {shown?.label !== undefined && at.kind === 'test'
            ? (isDrawable ? words.seenTest : words.seenPicked)(
                formatCount(at.index),
                run.classNames[at.label],
              )
            : isDrawable && words.seenHint}
        </p>
        {judge.value === undefined && <p class="small">{words.noJudge}</p>}
        <ModelProgress run={run} />
      </div>
      <div class="draw-original-answer">
        <Answers
          result={result}
          answers={result?.comparison.original}
          judge={readyJudge.value}
          others={ownClassifiers.value}
          classNames={run.classNames}
        />
      </div>
    </article>
  );
}
