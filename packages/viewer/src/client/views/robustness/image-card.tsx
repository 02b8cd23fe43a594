import type { ComponentChildren } from 'preact';
import { formatMse } from '../../i18n/number-format.ts';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import type { OpenRun } from '../../state/run.ts';
import { robustnessMessages } from './robustness-messages.ts';

export interface ImageCardProps {
  readonly run: OpenRun;
  readonly title: ComponentChildren;
  /** `undefined` while it is on its way. */
  readonly image: Float32Array | undefined;
  readonly label: string;
  /** Whether there is a classifier, which may still be on its way. */
  readonly isJudged: boolean;
  readonly probabilities: Float32Array | undefined;
  readonly expected: number | undefined;
  /** Mean squared difference from the clean image, where that is another. */
  readonly error?: number | undefined;
}

/** An image, how the classifier reads it, and how far it is from the clean one. */
export function ImageCard({
  run,
  title,
  image,
  label,
  isJudged,
  probabilities,
  expected,
  error,
}: ImageCardProps) {
  const words = robustnessMessages();
  return (
    <article class="robustness-card">
      <h3>{title}</h3>
      {image === undefined ? (
        <div class="robustness-blank" />
      ) : (
        <PixelCanvas image={image} shape={run.imageShape} label={label} />
      )}
      {isJudged && <Verdict probabilities={probabilities} classNames={run.classNames} expected={expected} />}
      {error !== undefined && (
        <p class="small quiet">
          {words.error} {formatMse(error)}
        </p>
      )}
    </article>
  );
}
