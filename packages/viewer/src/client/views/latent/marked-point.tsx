import { useEffect, useState } from 'preact/hooks';
import { formatCount, formatMse } from '../../i18n/number-format.ts';
import { Notice } from '../../parts/notice.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { takeTestImage } from '../../state/specimen.ts';
import type { ModelKey } from '../../worker/lab-api.ts';
import { latentMessages } from './latent-messages.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { JudgedClass } from './judged-class.tsx';
import { detailsIn, pointDetails, type PointDetails } from './point-details.ts';

/** The image of the point under the pointer, else of the one that is marked, with what the trainer measured of it. */
export function MarkedPoint({
  run,
  of,
  codec,
  classifier,
  marked,
  hovered,
  points,
}: {
  run: OpenRun;
  of: string;
  /** Once it can be run. */
  codec: ModelKey | undefined;
  /** Id of the one that judges. */
  classifier: string | undefined;
  marked: number | undefined;
  hovered: number | undefined;
  /** How many of the test images are on the map. */
  points: number;
}) {
  const words = latentMessages();
  const index = hovered ?? marked;
  const { value, error } = useAnswer(
    index === undefined ? undefined : () => pointDetails(run, { index, of, codec, classifier }),
    [index, of, codec, classifier],
  );
  const details = value && detailsIn(of, value);
  return (
    <section class="latent-point" aria-labelledby="latent-point">
      <div class="latent-point-head">
        <h2 id="latent-point">{words.point}</h2>
        <MarkByNumber marked={marked} />
      </div>
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      {details === undefined ? (
        <p class="quiet">{words.pointHint}</p>
      ) : (
        <>
          <PointPictures run={run} details={details} hasCodec={of !== 'pixels'} />
          <PointFacts run={run} details={details} />
          {details.mse !== undefined && <p class="small quiet">{words.mseHint}</p>}
        </>
      )}
      {marked !== undefined && (
        <div class="row">
          {marked >= points && <p class="small quiet">{words.notOnMap}</p>}
          <button
            type="button"
            class="button"
            onClick={() => {
              takeTestImage(marked);
            }}
          >
            {words.use}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              setParams({ from: String(marked) });
            }}
          >
            {words.useFrom}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              setParams({ to: String(marked) });
            }}
          >
            {words.useTo}
          </button>
        </div>
      )}
      <MarkAnnouncement
        run={run}
        details={value?.of === of && value.picture.index === marked ? value : undefined}
      />
    </section>
  );
}

function MarkByNumber({ marked }: { marked: number | undefined }) {
  const words = latentMessages();
  return (
    <label class="field">
      <span>{words.number}</span>
      <input
        class="input latent-number"
        type="number"
        min={0}
        step={1}
        value={marked ?? ''}
        onChange={({ currentTarget }) => {
          setParams({ point: currentTarget.value === '' ? undefined : currentTarget.value });
        }}
      />
    </label>
  );
}

function PointPictures({
  run,
  details: { picture, reconstruction },
  hasCodec,
}: {
  run: OpenRun;
  details: PointDetails;
  hasCodec: boolean;
}) {
  const words = latentMessages();
  return (
    <div class="latent-pair">
      <figure>
        <PixelCanvas
          image={picture.image}
          shape={run.imageShape}
          label={words.originalOf(formatCount(picture.index), run.classNames[picture.label])}
        />
        <figcaption class="small quiet">{words.original}</figcaption>
      </figure>
      {hasCodec && (
        <figure>
          {reconstruction === undefined ? (
            <div class="latent-blank" />
          ) : (
            <PixelCanvas
              image={reconstruction}
              shape={run.imageShape}
              label={words.rebuiltOf(formatCount(picture.index))}
            />
          )}
          <figcaption class="small quiet">
            {reconstruction === undefined ? words.modelLoading : words.rebuilt}
          </figcaption>
        </figure>
      )}
    </div>
  );
}

function PointFacts({
  run: { classNames },
  details: { picture, mse, onOriginal, onRebuilt },
}: {
  run: OpenRun;
  details: PointDetails;
}) {
  const words = latentMessages();
  return (
    <dl class="latent-facts">
      <dt>{words.number}</dt>
      <dd>{formatCount(picture.index)}</dd>
      <dt>{words.className}</dt>
      <dd>{classNames[picture.label]}</dd>
      {mse !== undefined && (
        <>
          <dt>{words.mse}</dt>
          <dd>{formatMse(mse)}</dd>
        </>
      )}
      {onOriginal !== undefined && (
        <>
          <dt>{words.readsOriginal}</dt>
          <dd>
            <JudgedClass
              name={classNames[onOriginal[0]]}
              share={onOriginal[1]}
              isWrong={onOriginal[0] !== picture.label}
            />
          </dd>
        </>
      )}
      {onRebuilt !== undefined && (
        <>
          <dt>{words.readsRebuilt}</dt>
          <dd>
            <JudgedClass
              name={classNames[onRebuilt[0]]}
              share={onRebuilt[1]}
              isWrong={onRebuilt[0] !== picture.label}
            />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Tells who listens what was marked, and not what the pointer passes. */
function MarkAnnouncement({
  run: { classNames },
  details,
}: {
  run: OpenRun;
  details: PointDetails | undefined;
}) {
  const words = latentMessages();
  const [text, setText] = useState('');
  useEffect(() => {
    if (details === undefined) return;
    const { picture, mse, onOriginal, onRebuilt } = details;
    const first = words.announce(formatCount(picture.index), classNames[picture.label]);
    const rest =
      mse !== undefined && onOriginal !== undefined && onRebuilt !== undefined
        ? words.announceVerdict(formatMse(mse), classNames[onOriginal[0]], classNames[onRebuilt[0]])
        : '';
    setText(`${first} ${rest}`);
  }, [details?.picture.index, details?.mse]);
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}
