import { useEffect, useState } from 'preact/hooks';
import { formatCount, formatMse } from '../../i18n/number-format.ts';
import { lab } from '../../lab.ts';
import { Notice } from '../../parts/notice.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { loadTestImage } from '../../state/load-test-image.ts';
import { setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { takeTestImage } from '../../state/specimen.ts';
import type { ModelKey } from '../../worker/lab-api.ts';
import { latentMessages } from './latent-messages.ts';
import type { Picture } from './pictures.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { JudgedClass } from './judged-class.tsx';

interface PointDetails {
  readonly index: number;
  /** The space that it was looked up in. */
  readonly of: string;
  readonly picture: Picture;
  /** By the codec whose space it is, if it is one's. */
  readonly reconstruction: Float32Array | undefined;
  readonly mse: number | undefined;
  /** The classifier's answers, if there is one: class and probability. */
  readonly onOriginal: readonly [number, number] | undefined;
  readonly onRebuilt: readonly [number, number] | undefined;
}

const notOfCodec = { reconstruction: undefined, mse: undefined, onRebuilt: undefined } as const;

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
  // What the codec before made of it is not this one's.
  const details = value === undefined || value.of === of ? value : { ...value, ...notOfCodec };
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
      <MarkAnnouncement run={run} details={value?.of === of && value.index === marked ? value : undefined} />
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
  details: { picture, reconstruction, index },
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
          label={words.originalOf(formatCount(index), run.classNames[picture.label!])}
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
              label={words.rebuiltOf(formatCount(index))}
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
  details: { index, picture, mse, onOriginal, onRebuilt },
}: {
  run: OpenRun;
  details: PointDetails;
}) {
  const words = latentMessages();
  return (
    <dl class="latent-facts">
      <dt>{words.number}</dt>
      <dd>{formatCount(index)}</dd>
      <dt>{words.className}</dt>
      <dd>{classNames[picture.label!]}</dd>
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
    const { index, picture, mse, onOriginal, onRebuilt } = details;
    const first = words.announce(formatCount(index), classNames[picture.label!]);
    const rest =
      mse !== undefined && onOriginal !== undefined && onRebuilt !== undefined
        ? words.announceVerdict(formatMse(mse), classNames[onOriginal[0]], classNames[onRebuilt[0]])
        : '';
    setText(`${first} ${rest}`);
  }, [details?.index, details?.mse]);
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}

async function pointDetails(
  run: OpenRun,
  {
    index,
    of,
    codec,
    classifier,
  }: { index: number; of: string; codec: ModelKey | undefined; classifier: string | undefined },
): Promise<PointDetails> {
  const [picture, figures] = await Promise.all([loadTestImage(run, index), lab.figures(run.id)]);
  const answerOn = (on: string): readonly [number, number] | undefined => {
    const key = `${classifier}/${on}`;
    if (!Object.hasOwn(figures.predicted, key)) return undefined;
    return [figures.predicted[key][index], figures.probability[key][index]];
  };
  return {
    index,
    of,
    picture,
    reconstruction: codec === undefined ? undefined : await lab.reconstruct(codec, picture.image),
    mse: of === 'pixels' ? undefined : figures.mse[of][index],
    onOriginal: answerOn('original'),
    onRebuilt: answerOn(of),
  };
}
