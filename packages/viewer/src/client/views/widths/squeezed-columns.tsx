import type { ComponentChildren } from 'preact';
import { psnr, type SeriesStyle } from '@narrows/shared';
import { formatCount, formatDecibels, formatMse } from '../../i18n/number-format.ts';
import { SeriesMark } from '../../parts/codec-name.tsx';
import { ErrorMap } from '../../parts/error-map.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import { widthsMessages } from './widths-messages.ts';

export interface SqueezedColumnProps {
  readonly run: OpenRun;
  readonly title: string;
  /** `undefined` for the original. */
  readonly style?: SeriesStyle;
  /** What is said below the title: the width, or why there is nothing. */
  readonly note: ComponentChildren;
  readonly image: Float32Array;
  /** What came out of the bottleneck; `undefined` for the original, or while it is on its way. */
  readonly output?: { readonly reconstruction: Float32Array; readonly mse: number } | undefined;
  readonly probabilities: Float32Array | undefined;
  readonly expected: number | undefined;
}

/** The original: what goes in, and how the classifier reads it. */
export function OriginalColumn({ run, title, note, image, probabilities, expected }: SqueezedColumnProps) {
  return (
    <article class="widths-column">
      <header>
        <h3>{title}</h3>
        <p class="small quiet">{note}</p>
      </header>
      <PixelCanvas image={image} shape={run.imageShape} label={title} ink={inkOf(run)} />
      <div class="widths-figures">
        <Verdict probabilities={probabilities} classNames={run.classNames} expected={expected} />
      </div>
    </article>
  );
}

/** What a bottleneck gives back: the picture, where it is wrong, by how much, and how the classifier reads it. */
export function SqueezedColumn({
  run,
  title,
  style,
  note,
  image,
  output,
  probabilities,
  expected,
}: SqueezedColumnProps) {
  const words = widthsMessages();
  return (
    <article class="widths-column">
      <header>
        <h3 class="codec-name">
          {style !== undefined && <SeriesMark style={style} />} {title}
        </h3>
        <p class="small quiet">{note}</p>
      </header>
      {output === undefined ? (
        <div class="widths-blank" />
      ) : (
        <>
          <PixelCanvas
            image={output.reconstruction}
            shape={run.imageShape}
            label={words.reconstructionBy(title)}
            ink={inkOf(run)}
          />
          <div class="widths-figures">
            <Verdict probabilities={probabilities} classNames={run.classNames} expected={expected} />
            <dl class="small">
              <div>
                <dt>{words.mse}</dt>
                <dd>{formatMse(output.mse)}</dd>
              </div>
              <div>
                <dt>{words.psnr}</dt>
                <dd>{formatDecibels(psnr(output.mse))}</dd>
              </div>
            </dl>
          </div>
          <ErrorMap
            original={image}
            reconstruction={output.reconstruction}
            shape={run.imageShape}
            label={words.errorOf(title)}
          />
        </>
      )}
    </article>
  );
}

/** Grey images are ink on paper, colours are as they are. */
export function inkOf({ imageShape }: OpenRun): 'paper' | 'plain' {
  return imageShape[2] === 1 ? 'paper' : 'plain';
}

/** “32 numbers”. */
export function numbersText(width: number): string {
  return widthsMessages().numbers(formatCount(width));
}
