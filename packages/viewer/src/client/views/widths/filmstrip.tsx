import { useMemo } from 'preact/hooks';
import { reconstructPca } from '../../images/pca.ts';
import { formatCount } from '../../i18n/number-format.ts';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { verdictSentence } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import { inkOf } from './squeezed-columns.tsx';
import type { Squeezed } from './use-squeezed.ts';
import { widthsMessages } from './widths-messages.ts';

export interface FilmstripProps {
  readonly run: OpenRun;
  readonly squeezed: Squeezed;
  /** Widths to show, ascending. */
  readonly widths: readonly number[];
  /** The one that the slider stands at, or nearest below. */
  readonly current: number | undefined;
  readonly expected: number | undefined;
  readonly onWidth: (width: number) => void;
}

/** The image through every trained width side by side; each is a button that moves the slider there. */
export function Filmstrip({ run, squeezed, widths, current, expected, onWidth }: FilmstripProps) {
  const words = widthsMessages();
  const { pca, autoencoders } = squeezed;
  const basis = pca?.basis;
  const coefficients = pca?.coefficients;
  const frames = useMemo(
    () =>
      widths.map((width) =>
        basis === undefined || coefficients === undefined || width > basis.widest
          ? undefined
          : reconstructPca(basis, coefficients, width),
      ),
    [basis, coefficients, widths],
  );
  return (
    <ol class="widths-filmstrip">
      {widths.map((width, i) => {
        const probabilities = pca?.probabilities.at(width - 1);
        const trained = autoencoders.find((one) => one.width === width)?.result;
        const judged = trained?.probabilities.at(0);
        const say = (answer: Float32Array | undefined) =>
          answer === undefined ? undefined : verdictSentence(answer, run.classNames);
        return (
          <li key={width}>
            <button
              type="button"
              aria-pressed={width === current}
              aria-label={words.atWidth(formatCount(width), say(probabilities), say(judged))}
              onClick={() => {
                onWidth(width);
              }}
            >
              <Frame run={run} image={frames[i]} probabilities={probabilities} expected={expected} />
              <Frame run={run} image={trained?.reconstruction} probabilities={judged} expected={expected} />
              <span class="widths-frame-width">{formatCount(width)}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Frame({
  run,
  image,
  probabilities,
  expected,
}: {
  run: OpenRun;
  image: Float32Array | undefined;
  probabilities: Float32Array | undefined;
  expected: number | undefined;
}) {
  if (image === undefined) return <span class="widths-blank" />;
  const isRight =
    probabilities === undefined || expected === undefined || largestIndex(probabilities) === expected;
  return (
    <span class="widths-frame">
      <PixelCanvas image={image} shape={run.imageShape} label="" ink={inkOf(run)} />
      {probabilities !== undefined && expected !== undefined && (
        <span class={isRight ? 'right' : 'wrong'}>{isRight ? '✓' : '✗'}</span>
      )}
    </span>
  );
}
