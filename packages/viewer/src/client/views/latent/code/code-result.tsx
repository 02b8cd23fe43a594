import { lab } from '../../../lab.ts';
import { Notice } from '../../../parts/notice.tsx';
import { PixelCanvas } from '../../../parts/pixel-canvas.tsx';
import { largestIndex, ProbabilityBars } from '../../../parts/probability-bars.tsx';
import type { OpenRun } from '../../../state/run.ts';
import type { ModelKey } from '../../../worker/lab-api.ts';
import type { Picture } from '../pictures.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { codeMessages } from './code-messages.ts';

/** What a changed code is decoded to, beside the original and its reconstruction, and what the classifier takes it for. */
export function CodeResult({
  run,
  codec,
  classifier,
  picture,
  original,
  values,
  changed,
}: {
  run: OpenRun;
  codec: ModelKey;
  classifier: ModelKey | undefined;
  picture: Picture;
  /** The code as the encoder gives it, and as it is now. */
  original: Float32Array;
  values: Float32Array;
  /** How many numbers were changed. */
  changed: number;
}) {
  const words = codeMessages();
  const before = useAnswer(() => lab.decode(codec, original), [codec, original]);
  const after = useAnswer(async () => {
    const image = await lab.decode(codec, values);
    return {
      image,
      probabilities: classifier === undefined ? undefined : await lab.classify(classifier, image),
    };
  }, [codec, classifier, values]);
  const error = before.error ?? after.error;
  return (
    <>
      <div class="stack latent-code-pictures">
        {error !== undefined && <Notice tone="error">{error}</Notice>}
        {after.value !== undefined && (
          <figure class="latent-after">
            <PixelCanvas image={after.value.image} shape={run.imageShape} label={words.after} />
            <figcaption class="small quiet">
              {changed === 0 ? words.noChange : words.changed(changed)}
            </figcaption>
          </figure>
        )}
        <div class="latent-befores">
          <figure>
            <PixelCanvas image={picture.image} shape={run.imageShape} label={words.original} />
            <figcaption class="small quiet">{words.original}</figcaption>
          </figure>
          {before.value !== undefined && (
            <figure>
              <PixelCanvas image={before.value} shape={run.imageShape} label={words.before} />
              <figcaption class="small quiet">{words.before}</figcaption>
            </figure>
          )}
        </div>
      </div>
      {after.value?.probabilities !== undefined && (
        <div class="latent-code-shares">
          <ProbabilityBars
            probabilities={after.value.probabilities}
            classNames={run.classNames}
            expected={picture.label}
          />
          <p class="visually-hidden" role="status">
            {changed > 0 && words.reads(run.classNames[largestIndex(after.value.probabilities)])}
          </p>
        </div>
      )}
    </>
  );
}
