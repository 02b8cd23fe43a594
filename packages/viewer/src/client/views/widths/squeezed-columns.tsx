import { useLayoutEffect, useMemo } from 'preact/hooks';
import { meanSquaredError, type SeriesStyle } from '@narrows/shared';
import { reconstructPca } from '../../images/pca.ts';
import { formatCount } from '../../i18n/number-format.ts';
import { SettledStatus } from '../../parts/settled-status.tsx';
import { verdictSentence } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import { specimen } from '../../state/specimen.ts';
import { takeMeasure } from '../../take-measure.ts';
import { SqueezedColumn } from './squeezed-column.tsx';
import type { Squeezed } from './use-squeezed.ts';
import { widestWithin, type WidthFamily } from './width-families.ts';
import { widthsMessages } from './widths-messages.ts';

export interface SqueezedColumnsProps {
  readonly run: OpenRun;
  readonly family: WidthFamily | undefined;
  readonly width: number;
  readonly squeezed: Squeezed;
  readonly image: Float32Array;
  /** Whether there is a classifier, which may still be on its way. */
  readonly isJudged: boolean;
  /** The class to be expected, once it is known. */
  readonly expected: number | undefined;
  readonly styles: { readonly pca: SeriesStyle; readonly autoencoder: SeriesStyle };
}

/** The image at hand, and what PCA and the autoencoder make of it at the slider's width. */
export function SqueezedColumns({
  run,
  family,
  width,
  squeezed,
  image,
  isJudged,
  expected,
  styles,
}: SqueezedColumnsProps) {
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
  const pcaProbabilities = pca?.probabilities.at(pcaWidth - 1);
  const judged = result?.probabilities.at(0);
  const hasPca = run.codecs.some(({ kind }) => kind === 'pca');
  const isComplete =
    (!hasPca || pcaProbabilities !== undefined) && (trained === undefined || judged !== undefined);
  const column = { run, image, isJudged, expected };
  return (
    <div class="widths-columns">
      <SqueezedColumn
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
        note={hasPca ? words.numbers(pcaWidth) : words.noPca}
        probabilities={pcaProbabilities}
        codec={{ style: styles.pca, output: fromPca }}
      />
      <SqueezedColumn
        {...column}
        title={words.autoencoder}
        note={autoencoderNote(family, width)}
        probabilities={judged}
        codec={{ style: styles.autoencoder, output: result }}
      />
      <SettledStatus
        text={words.atWidth(
          width,
          pcaProbabilities && verdictSentence(pcaProbabilities, run.classNames),
          judged && verdictSentence(judged, run.classNames),
        )}
        isPartial={isJudged && !isComplete && squeezed.errors.length === 0}
      />
    </div>
  );
}

function autoencoderNote(family: WidthFamily | undefined, width: number): string {
  const words = widthsMessages();
  if (family === undefined) return words.noAutoencoder;
  const trained = widestWithin(family.codecs, width);
  if (trained === undefined) return words.tooNarrow(formatCount(family.codecs[0].width));
  return trained.width === width
    ? words.numbers(width)
    : words.nearest(formatCount(trained.width), formatCount(width));
}

/** Notes how long a step of the slider took, from the event to the pictures painted, as the measure `pca-step`. */
function useStepMeasure(width: number): void {
  useLayoutEffect(() => {
    if (performance.getEntriesByName(stepMark, 'mark').length === 0) return;
    takeMeasure(stepMark, { start: stepMark });
    performance.clearMarks(stepMark);
  }, [width]);
}

/** Name of the mark set where a step of the slider begins, and of the measure up to its end. */
export const stepMark = 'pca-step';
