import { formatPercent } from '../../../i18n/number-format.ts';
import { PixelCanvas } from '../../../parts/pixel-canvas.tsx';
import { setParams } from '../../../state/route.ts';
import type { OpenRun } from '../../../state/run.ts';
import { pathMessages } from './path-messages.ts';
import type { PathStep } from './walk-path.ts';

/** The steps of a path side by side, each a button that goes there, with what the classifier takes it for. */
export function PathStrip({
  run,
  title,
  steps,
  along,
}: {
  run: OpenRun;
  title: string;
  steps: readonly PathStep[];
  /** Where the slider is, in [0, 1]. */
  along: number;
}) {
  const words = pathMessages();
  const nearest = Math.round(along * (steps.length - 1));
  const seen = steps.flatMap(({ verdict }, i) =>
    verdict === undefined || steps[i - 1]?.verdict?.[0] === verdict[0] ? [] : [run.classNames[verdict[0]]],
  );
  return (
    <div class="stack">
      <h3>{title}</h3>
      <ol class="latent-strip">
        {steps.map(({ image, verdict }, i) => {
          const percent = formatPercent(i / (steps.length - 1), 0);
          return (
            <li key={i}>
              <button
                type="button"
                class="latent-image"
                aria-current={i === nearest ? 'step' : undefined}
                onClick={() => {
                  setParams({ along: String(Math.round((100 * i) / (steps.length - 1))) });
                }}
              >
                <span class="visually-hidden">{words.step(percent)}</span>
                <PixelCanvas image={image} shape={run.imageShape} label="" />
                {verdict !== undefined && (
                  <span class="small latent-step-verdict">
                    <b>{run.classNames[verdict[0]]}</b>{' '}
                    <span class="quiet">{formatPercent(verdict[1], 0)}</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
      {seen.length > 0 && <p class="small quiet">{words.crossings(seen.join(' → '))}</p>}
    </div>
  );
}
