import { psnr, type SeriesStyle } from '@narrows/shared';
import { formatDecibels, formatMse } from '../../i18n/number-format.ts';
import { SeriesMark } from '../../parts/codec-name.tsx';
import { ErrorMap } from '../../parts/error-map.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import { widthsMessages } from './widths-messages.ts';

export interface SqueezedColumnProps {
  readonly run: OpenRun;
  readonly title: string;
  /** What is said below the title: the width, or why there is nothing. */
  readonly note: string;
  readonly image: Float32Array;
  /** Whether there is a classifier, which may still be on its way. */
  readonly isJudged: boolean;
  readonly probabilities: Float32Array | undefined;
  readonly expected: number | undefined;
  /** Where the column is of a codec. */
  readonly codec?: {
    readonly style: SeriesStyle;
    /** What came out of the bottleneck; `undefined` while it is on its way. */
    readonly output: { readonly reconstruction: Float32Array; readonly mse: number } | undefined;
  };
}

/**
 * The original and how the classifier reads it; or what a codec makes of it: the picture, how that is read, by how much it
 * is wrong, and where.
 */
export function SqueezedColumn(props: SqueezedColumnProps) {
  const { run, title, note, image, isJudged, probabilities, expected, codec } = props;
  const words = widthsMessages();
  // Where a long word may part is nothing to be read out.
  const name = title.replaceAll('\u00ad', '');
  const shown = codec === undefined ? image : codec.output?.reconstruction;
  return (
    <article class="widths-column">
      <header>
        <h2>
          {codec !== undefined && <SeriesMark style={codec.style} />} {title}
        </h2>
        <p class="small quiet">{note}</p>
      </header>
      {shown === undefined ? (
        <div class="widths-blank" />
      ) : (
        <>
          <PixelCanvas
            image={shown}
            shape={run.imageShape}
            label={codec === undefined ? note : words.reconstructionBy(name)}
          />
          {isJudged ? (
            <Verdict probabilities={probabilities} classNames={run.classNames} expected={expected} />
          ) : (
            // The rows of the columns beside it count on one here.
            <span />
          )}
        </>
      )}
      {codec?.output !== undefined && (
        <>
          <ErrorMap
            original={image}
            reconstruction={codec.output.reconstruction}
            shape={run.imageShape}
            label={words.errorOf(name)}
          />
          <dl class="widths-measures small">
            <div>
              <dt>{words.mse}</dt>
              <dd>{formatMse(codec.output.mse)}</dd>
            </div>
            <div>
              <dt>{words.psnr}</dt>
              <dd>{formatDecibels(psnr(codec.output.mse))}</dd>
            </div>
          </dl>
        </>
      )}
    </article>
  );
}
