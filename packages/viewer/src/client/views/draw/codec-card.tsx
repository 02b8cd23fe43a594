import { psnr } from '@narrows/shared';
import { formatCount, formatDecibels, formatFixed, formatMse } from '../../i18n/number-format.ts';
import { SeriesMark } from '../../parts/codec-name.tsx';
import { ErrorMap } from '../../parts/error-map.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import type { LabModel } from '../../worker/lab-api.ts';
import { Answers } from './answers.tsx';
import { BottleneckGlyph } from './bottleneck-glyph.tsx';
import type { CardCodec } from './card-codecs.ts';
import { drawMessages } from './draw-messages.ts';
import { answerOf, codecResult, type LiveResult } from './live-comparison.ts';
import { readAnswer } from './reading.ts';

export interface CodecCardProps {
  readonly codec: CardCodec;
  readonly result: LiveResult | undefined;
  readonly shape: readonly [number, number, number];
  readonly classNames: readonly string[];
  readonly judge: LabModel | undefined;
  readonly others: readonly LabModel[];
}

/** What one codec makes of the image: its bottleneck, the reconstruction, where it errs, and what is recognised. */
export function CodecCard({ codec, result, shape, classNames, judge, others }: CodecCardProps) {
  const words = drawMessages();
  const { title, style, latent, state, model } = codec;
  const made = model === undefined ? undefined : codecResult(result, model.key);
  const values = shape[0] * shape[1] * shape[2];
  const judged = (answers: readonly Float32Array[] | undefined) =>
    result && answers && judge && answerOf(result, { answers, classifier: judge.key });
  const answer = judged(made?.probabilities);
  const original = judged(result?.comparison.original);
  const isLoss = answer !== undefined && readAnswer(answer, { original, label: result?.label }).isLoss;
  return (
    <li class={isLoss ? 'draw-card flip' : 'draw-card'}>
      <article aria-label={title}>
        <h3>
          <SeriesMark style={style} />
          <span>{title}</span>
        </h3>
        <div class="draw-card-body">
          <div class="draw-waist">
            {latent === undefined ? (
              <p class="small quiet">{words.ownCodec}</p>
            ) : (
              <>
                <BottleneckGlyph values={values} latent={latent} colour={style.colour} />
                <p class="small quiet">
                  <span>{words.numbers(formatCount(latent))}</span>{' '}
                  <span>
                    {(shape[2] === 1 ? words.ratio : words.ratioValues)(
                      formatFixed(
                        values / latent,
                        Number.isInteger(values / latent) || values / latent >= 100 ? 0 : 1,
                      ),
                    )}
                  </span>
                </p>
              </>
            )}
          </div>
          <div class="draw-pair">
            {made === undefined || result === undefined ? (
              <>
                <div class="draw-blank">
                  {state !== 'ready' && (
                    <span class={state === 'failed' ? 'small wrong' : 'small quiet'}>
                      {state === 'failed' ? words.failed : words.waiting}
                    </span>
                  )}
                </div>
                <div class="draw-blank" />
              </>
            ) : (
              <>
                <div class="draw-frame">
                  <PixelCanvas
                    image={made.reconstruction}
                    shape={shape}
                    label={words.reconstruction(title)}
                  />
                </div>
                <ErrorMap
                  original={result.image}
                  reconstruction={made.reconstruction}
                  shape={shape}
                  label={`${words.errorMap(title)}, ${words.mse} ${formatMse(made.mse)}`}
                />
                <dl class="draw-errors small">
                  <div>
                    <dt>{words.mse}</dt>
                    <dd>{formatFixed(made.mse, 5)}</dd>
                  </div>
                  <div>
                    <dt>{words.psnr}</dt>
                    <dd>{formatDecibels(psnr(made.mse))}</dd>
                  </div>
                </dl>
              </>
            )}
          </div>
          <Answers
            result={result}
            answers={made?.probabilities}
            judge={judge}
            others={others}
            classNames={classNames}
          />
        </div>
      </article>
    </li>
  );
}
