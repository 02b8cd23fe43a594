import { useMemo } from 'preact/hooks';
import { reconstructPca } from '../../images/pca.ts';
import { formatCount } from '../../i18n/number-format.ts';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { verdictSentence } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import type { Squeezed } from './use-squeezed.ts';
import { widthsMessages } from './widths-messages.ts';

export interface FilmstripProps {
  readonly run: OpenRun;
  readonly squeezed: Squeezed;
  /** Widths to show, ascending. */
  readonly widths: readonly number[];
  /** Where the slider stands. */
  readonly width: number;
  readonly expected: number | undefined;
  readonly onWidth: (width: number) => void;
}

/** The image through every trained width side by side; each is a button that moves the slider there. */
export function Filmstrip({ run, squeezed, widths, width, expected, onWidth }: FilmstripProps) {
  const words = widthsMessages();
  const { pca, autoencoders } = squeezed;
  const basis = pca?.basis;
  const coefficients = pca?.coefficients;
  const frames = useMemo(
    () =>
      widths.map((one) =>
        basis === undefined || coefficients === undefined || one > basis.widest
          ? undefined
          : reconstructPca(basis, coefficients, one),
      ),
    [basis, coefficients, widths],
  );
  const say = (answer: Float32Array | undefined): string | undefined =>
    answer === undefined ? undefined : verdictSentence(answer, run.classNames);
  return (
    <section class="panel" aria-labelledby="widths-filmstrip-title">
      <h2 id="widths-filmstrip-title">{words.filmstrip}</h2>
      <p>{recognisedFrom(squeezed, expected)}</p>
      <ol class="widths-filmstrip">
        {widths.map((one, i) => {
          const byPca = pca?.probabilities.at(one - 1);
          const trained = autoencoders.find((autoencoder) => autoencoder.width === one)?.result;
          const judged = trained?.probabilities.at(0);
          return (
            <li key={one}>
              <button
                type="button"
                aria-pressed={one === width}
                aria-label={words.atWidth(one, say(byPca), say(judged))}
                onClick={() => {
                  onWidth(one);
                }}
              >
                <span class="widths-frame-width">{formatCount(one)}</span>
                <Frame run={run} image={frames[i]} probabilities={byPca} expected={expected} />
                <Frame run={run} image={trained?.reconstruction} probabilities={judged} expected={expected} />
              </button>
            </li>
          );
        })}
      </ol>
      <p class="small quiet">{words.filmstripHint}</p>
    </section>
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
  const isRight = probabilities !== undefined && largestIndex(probabilities) === expected;
  return (
    <span class="widths-frame">
      <PixelCanvas image={image} shape={run.imageShape} label="" />
      {probabilities !== undefined && expected !== undefined && (
        <span class={isRight ? 'right' : 'wrong'}>{isRight ? '✓' : '✗'}</span>
      )}
    </span>
  );
}

/** From which width on, up to the widest, the classifier reads this image right. */
function recognisedFrom({ pca, autoencoders }: Squeezed, expected: number | undefined): string | undefined {
  if (expected === undefined) return undefined;
  const isWrong = (probabilities: Float32Array | undefined): boolean =>
    probabilities === undefined || largestIndex(probabilities) !== expected;
  const byPca = pca?.probabilities ?? [];
  const judged = autoencoders.filter(({ result }) => result.probabilities.length > 0);
  if (byPca.length === 0 && judged.length === 0) return undefined;
  const firstOfPca = byPca.findLastIndex(isWrong) + 1;
  const firstTrained = judged.findLastIndex(({ result }) => isWrong(result.probabilities.at(0))) + 1;
  return widthsMessages().fromOn(
    firstOfPca < byPca.length ? formatCount(firstOfPca + 1) : undefined,
    firstTrained < judged.length ? formatCount(judged[firstTrained].width) : undefined,
  );
}
