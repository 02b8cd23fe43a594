import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatCount } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { TestImagePicker } from '../../parts/test-image-picker.tsx';
import { WithRun } from '../../parts/with-run.tsx';
import { requestChosen } from '../../state/models.ts';
import { openRun, type OpenRun } from '../../state/run.ts';
import { canBeDrawn } from './can-be-drawn.ts';
import { drawMessages } from './draw-messages.ts';
import { DrawResults } from './draw-results.tsx';
import './draw.css';
import { Glance } from './glance.tsx';
import { followImage, shownImage } from './live-comparison.ts';
import { Pad } from './pad.tsx';
import { PadTools } from './pad-tools.tsx';
import { drawnSide, followSpecimen } from './pad-state.ts';
import { SampleRow } from './sample-row.tsx';
import { sayPenDown, SpokenSummary } from './spoken-summary.tsx';

/** The first page: draw a digit, and see at once what each codec leaves of it and whether it is still recognised. */
export function DrawView() {
  const words = drawMessages();
  const run = openRun.value;
  // The pad is there before the run is read; most runs can be drawn for.
  const isDrawable = useComputed(() => openRun.value === undefined || canBeDrawn(openRun.value)).value;
  const pixels = formatCount(run === undefined ? drawnSide ** 2 : valuesPerImage(run));
  useSignalEffect(requestChosen);
  useEffect(followSpecimen, []);
  useEffect(followImage, []);
  return (
    <div class="view draw">
      <header class="lead">
        <h1>{words.title}</h1>
        <p>{isDrawable ? words.lead(pixels) : words.leadImage(pixels)}</p>
      </header>
      <div class="draw-sheet">
        <section class="draw-specimen" aria-label={words.specimen}>
          {isDrawable ? (
            <>
              <Pad onPenDown={sayPenDown} />
              {run !== undefined && <Glance run={run} />}
              <PadTools />
            </>
          ) : (
            <PickedImage run={run!} />
          )}
          {run !== undefined && (
            <>
              <SampleRow run={run} />
              <TestImagePicker run={run} />
            </>
          )}
        </section>
        <section class="draw-results" aria-label={words.results}>
          <WithRun>{(opened) => <DrawResults run={opened} />}</WithRun>
        </section>
      </div>
      <SpokenSummary run={run} />
    </div>
  );
}

/** In place of the pad where nothing can be drawn. */
function PickedImage({ run }: { run: OpenRun }) {
  const words = drawMessages();
  const shown = shownImage.value;
  return (
    <>
      {shown === undefined ? (
        <div class="draw-blank">
          <span class="small quiet">{words.noImage}</span>
        </div>
      ) : (
        <div class="draw-frame">
          <PixelCanvas image={shown.image} shape={run.imageShape} label="" />
        </div>
      )}
      <p class="small quiet">{words.notDrawable(run.manifest.dataset.title)}</p>
    </>
  );
}
