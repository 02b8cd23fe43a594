import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { meanSquaredError, seriesStyle, type SeriesStyle, type SweepResult } from '@narrows/shared';
import { reconstructPca } from '../../images/pca.ts';
import { formatCount } from '../../i18n/number-format.ts';
import { Choice } from '../../parts/choice.tsx';
import { ClassifierChoice, chosenClassifier } from '../../parts/classifier-choice.tsx';
import { ErrorLegend } from '../../parts/error-map.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { TestImagePicker } from '../../parts/test-image-picker.tsx';
import { verdictSentence } from '../../parts/verdict.tsx';
import { setParams, viewAddress } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { specimen, takeTestImage } from '../../state/specimen.ts';
import { Filmstrip } from './filmstrip.tsx';
import { numbersText, OriginalColumn, SqueezedColumn } from './squeezed-columns.tsx';
import { useSqueezed, type Squeezed } from './use-squeezed.ts';
import { widestWithin, type WidthFamily } from './width-families.ts';
import { WidthSlider } from './width-slider.tsx';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface SqueezePanelProps {
  readonly run: OpenRun;
  readonly families: readonly WidthFamily[];
  readonly family: WidthFamily | undefined;
  readonly width: number;
  readonly widest: number;
  readonly pixels: number;
  readonly sweep: SweepResult | undefined;
  readonly onWidth: (width: number) => void;
}

/** The image at hand through the bottleneck at the slider's width, and through all trained widths below. */
export function SqueezePanel(props: SqueezePanelProps) {
  const { run, families, family, width, widest, pixels, sweep, onWidth } = props;
  const words = widthsMessages();
  const at = specimen.value;
  useDefaultImage();
  const image = at.kind !== 'none' && at.image.length === pixels ? at.image : undefined;
  const squeezed = useSqueezed({ run, family, classifierKey: chosenClassifier(run)?.key }, image);
  const expected =
    at.kind === 'test'
      ? at.label
      : squeezed.original === undefined
        ? undefined
        : largestIndex(squeezed.original);
  const stops = useMemo(
    () => trainedWidths(family, squeezed.pca?.basis.widest, widest),
    [family, squeezed.pca?.basis, widest],
  );
  return (
    <section class="panel widths-squeeze">
      <WidthSlider {...{ width, widest, pixels, stops, onWidth }} />
      {families.filter(({ codecs }) => codecs.length > 1).length > 1 && (
        <Choice
          label={words.family}
          options={families
            .filter(({ codecs }) => codecs.length > 1)
            .map(({ form }) => ({ value: form, text: familyName(form) }))}
          value={family!.form}
          onChoose={(form) => {
            setParams({ family: form });
          }}
        />
      )}
      {squeezed.errors.length > 0 && (
        <Notice tone="error">
          <ul>
            {squeezed.errors.map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
        </Notice>
      )}
      {image === undefined ? (
        <p class="quiet">{words.loading}</p>
      ) : (
        <Columns {...{ run, family, width, sweep, squeezed, image, expected }} />
      )}
      <div class="row widths-image">
        <TestImagePicker run={run} />
        <PageLink href={viewAddress('draw')}>{words.draw}</PageLink>
        <ClassifierChoice run={run} />
      </div>
      <div class="widths-notes">
        <ErrorLegend />
        <p class="small quiet">{words.measures}</p>
      </div>
      {image !== undefined && stops.length > 1 && (
        <section class="stack" aria-labelledby="widths-filmstrip-title">
          <h2 id="widths-filmstrip-title">{words.filmstrip}</h2>
          <p>{recognisedFrom(squeezed, expected)}</p>
          <Filmstrip
            {...{ run, squeezed, expected, onWidth }}
            widths={stops}
            current={stops.findLast((stop) => stop <= width)}
          />
          <p class="small quiet">{words.filmstripHint}</p>
        </section>
      )}
    </section>
  );
}

/** A visitor who comes here first sees what it is about with the first test image. */
function useDefaultImage(): void {
  const { kind } = specimen.value;
  useEffect(() => {
    const params = new URLSearchParams(location.search);
    if (kind === 'none' && !params.has('test') && !params.has('ink')) takeTestImage(0);
  }, [kind]);
}

function Columns({
  run,
  family,
  width,
  sweep,
  squeezed,
  image,
  expected,
}: Pick<SqueezePanelProps, 'run' | 'family' | 'width' | 'sweep'> & {
  squeezed: Squeezed;
  image: Float32Array;
  expected: number | undefined;
}) {
  const words = widthsMessages();
  const at = specimen.value;
  const { pca, autoencoders } = squeezed;
  const pcaWidth = Math.min(width, pca?.basis.widest ?? width);
  const fromPca = useMemo(() => {
    if (pca === undefined) return undefined;
    const reconstruction = reconstructPca(pca.basis, pca.coefficients, pcaWidth);
    return { reconstruction, mse: meanSquaredError(image, reconstruction) };
  }, [pca?.basis, pca?.coefficients, pcaWidth, image]);
  const trained = widestWithin(family?.codecs ?? [], width);
  const result = autoencoders.find(({ id }) => id === trained?.id)?.result;
  useStepMeasure(width);
  const narrowest = family?.codecs.at(0)?.width;
  const hasPca = run.codecs.some(({ kind }) => kind === 'pca');
  const column = { run, image, expected };
  const styles = styleOf(sweep, family);
  const pcaProbabilities = pca?.probabilities.at(pcaWidth - 1);
  const judged = result?.probabilities.at(0);
  return (
    <>
      <div class="widths-columns">
        <OriginalColumn
          {...column}
          title={words.original}
          note={
            at.kind === 'test'
              ? words.testImage(formatCount(at.index), run.classNames[at.label])
              : words.drawing
          }
          probabilities={squeezed.original}
        />
        <SqueezedColumn
          {...column}
          title={words.pca}
          style={styles.pca}
          note={hasPca ? numbersText(pcaWidth) : words.noPca}
          output={fromPca}
          probabilities={pcaProbabilities}
        />
        <SqueezedColumn
          {...column}
          title={words.autoencoder}
          style={styles.autoencoder}
          note={
            narrowest === undefined
              ? words.noAutoencoder
              : trained === undefined
                ? words.tooNarrow(formatCount(narrowest))
                : trained.width === width
                  ? numbersText(width)
                  : words.nearest(formatCount(trained.width), formatCount(width))
          }
          output={result}
          probabilities={judged}
        />
      </div>
      <Settled
        text={words.atWidth(
          formatCount(width),
          pcaProbabilities && verdictSentence(pcaProbabilities, run.classNames),
          judged && verdictSentence(judged, run.classNames),
        )}
      />
    </>
  );
}

/** The colours that the curves below have. */
function styleOf(
  sweep: SweepResult | undefined,
  family: WidthFamily | undefined,
): { pca: SeriesStyle; autoencoder: SeriesStyle } {
  const forms = sweep?.grid.families ?? [];
  const place = (form: string | undefined, otherwise: number): number => {
    const index = forms.findIndex((one) => one === form);
    return index === -1 ? forms.length + otherwise : index;
  };
  return { pca: seriesStyle(place('pca-L', 0)), autoencoder: seriesStyle(place(family?.form, 1)) };
}

/** Notes how long a step of the slider took, from the event to the pictures painted, as the measure `pca-step`. */
function useStepMeasure(width: number): void {
  useLayoutEffect(() => {
    if (performance.getEntriesByName('pca-step', 'mark').length === 0) return;
    performance.measure('pca-step', 'pca-step');
    performance.clearMarks('pca-step');
  }, [width]);
}

/** Reads out what came of the slider's last move, once it has come to rest. */
function Settled({ text }: { text: string }) {
  const [settled, setSettled] = useState('');
  const isFirst = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => {
      // What is there from the start is read as part of the page.
      if (isFirst.current) isFirst.current = false;
      else setSettled(text);
    }, 700);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <p class="visually-hidden" role="status">
      {settled}
    </p>
  );
}

/** Trained widths of the family, and the widest of the slider. */
function trainedWidths(
  family: WidthFamily | undefined,
  widestPca: number | undefined,
  widest: number,
): readonly number[] {
  const widths = (family?.codecs ?? []).map(({ width }) => width).filter((width) => width <= widest);
  // Without an autoencoder the doublings of PCA are worth a look.
  if (widths.length === 0 && widestPca !== undefined) {
    return Array.from({ length: Math.floor(Math.log2(widestPca)) + 1 }, (_, i) => 2 ** i);
  }
  return widths;
}

/** From which width on, up to the widest, the classifier reads this image right. */
function recognisedFrom({ pca, autoencoders }: Squeezed, expected: number | undefined): string | undefined {
  if (expected === undefined) return undefined;
  const isWrong = (probabilities: Float32Array | undefined) =>
    probabilities === undefined || largestIndex(probabilities) !== expected;
  const byPca = pca?.probabilities ?? [];
  const judged = autoencoders.filter(({ result }) => result.probabilities.length > 0);
  if (byPca.length === 0 && judged.length === 0) return undefined;
  const lastPca = byPca.findLastIndex(isWrong);
  const lastTrained = judged.findLastIndex(({ result }) => isWrong(result.probabilities.at(0)));
  const fromTrained = judged.at(lastTrained + 1)?.width;
  return widthsMessages().fromOn(
    lastPca + 1 < byPca.length ? formatCount(lastPca + 2) : undefined,
    fromTrained === undefined ? undefined : formatCount(fromTrained),
  );
}
