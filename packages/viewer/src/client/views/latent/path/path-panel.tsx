import { formatCount, formatPercent } from '../../../i18n/number-format.ts';
import { lab } from '../../../lab.ts';
import { Notice } from '../../../parts/notice.tsx';
import { PixelCanvas } from '../../../parts/pixel-canvas.tsx';
import { largestIndex } from '../../../parts/probability-bars.tsx';
import { Slider } from '../../../parts/slider.tsx';
import { setParams } from '../../../state/route.ts';
import type { OpenRun } from '../../../state/run.ts';
import { modelKey, type ModelKey } from '../../../worker/lab-api.ts';
import { nameOfPicture } from '../latent-messages.ts';
import type { LatentParams } from '../latent-params.ts';
import type { Picture } from '../pictures.ts';
import { useAnswer, type Answer } from '../../../state/use-answer.ts';
import { JudgedClass } from '../judged-class.tsx';
import { between } from './interpolate.ts';
import { pathMessages } from './path-messages.ts';
import { PathStrip } from './path-strip.tsx';
import type { WalkedPath } from './walk-path.ts';

/** The way from image A to image B: its ends, a slider along it, and its steps side by side. */
export function PathPanel({
  run,
  params: { of, from, to, point, along },
  classifier,
  ends,
  walk,
}: {
  run: OpenRun;
  params: LatentParams;
  classifier: ModelKey | undefined;
  ends: Answer<readonly [Answer<Picture>, Answer<Picture>]>;
  walk: Answer<WalkedPath>;
}) {
  const words = pathMessages();
  // Another codec's may still be on its way.
  const path = walk.value;
  const title = run.codecs.find(({ id }) => modelKey(run.id, id) === path?.codec)?.title;
  const error = ends.error ?? walk.error;
  const [start = {}, end = {}] = ends.value ?? [];
  const isWalking = error === undefined && start.error === undefined && end.error === undefined;
  return (
    <section class="panel" aria-labelledby="latent-path">
      <h2 id="latent-path">{words.title}</h2>
      <p class="quiet">{of === 'pixels' ? words.pixelsHint : words.hint}</p>
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      <div class="latent-path">
        <PathEnd
          run={run}
          end={words.from}
          picture={start}
          named={from}
          isAtHand={from === undefined}
          point={point}
          onPick={(index) => {
            setParams({ from: index });
          }}
          onAtHand={() => {
            setParams({ from: undefined });
          }}
        />
        {path === undefined ? (
          <p class="quiet latent-between">{isWalking && words.walking}</p>
        ) : (
          <Between run={run} path={path} along={along} classifier={classifier} />
        )}
        <PathEnd
          run={run}
          end={words.to}
          picture={end}
          named={to}
          point={point}
          onPick={(index) => {
            setParams({ to: index });
          }}
        />
      </div>
      {path !== undefined && (
        <>
          <PathStrip
            run={run}
            title={title === undefined ? words.blended : words.strip(title)}
            steps={path.steps}
            along={along}
          />
          {path.blended.length > 0 && (
            <PathStrip run={run} title={words.blended} steps={path.blended} along={along} />
          )}
        </>
      )}
    </section>
  );
}

function PathEnd({
  run,
  end,
  picture: { value: picture, error },
  named,
  isAtHand = false,
  point,
  onPick,
  onAtHand,
}: {
  run: OpenRun;
  /** Its letter. */
  end: string;
  picture: Answer<Picture>;
  /** Number of the test image that was asked for, be there one or not. */
  named: number | undefined;
  isAtHand?: boolean;
  /** Test image that is marked. */
  point: number | undefined;
  onPick: (index: string | undefined) => void;
  /** Takes the image at hand, where that can be this end. */
  onAtHand?: () => void;
}) {
  const words = pathMessages();
  const name = picture && nameOfPicture(picture.index, formatCount);
  return (
    <div class="latent-end">
      <h3>
        {end} <span class="quiet">{isAtHand ? words.isAtHand : name}</span>
      </h3>
      {picture === undefined ? (
        <div class="latent-blank" />
      ) : (
        <PixelCanvas image={picture.image} shape={run.imageShape} label={`${end}: ${name}`} />
      )}
      <label class="field">
        <span aria-hidden="true">{words.number}</span>
        <input
          class="input latent-number"
          type="number"
          min={0}
          step={1}
          aria-label={words.numberOf(end)}
          aria-invalid={error !== undefined}
          value={named ?? picture?.index ?? ''}
          onChange={({ currentTarget }) => {
            onPick(currentTarget.value === '' ? undefined : currentTarget.value);
          }}
        />
      </label>
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      <button
        type="button"
        class="button"
        aria-disabled={point === undefined}
        aria-label={words.useMarked(end)}
        title={words.useMarked(end)}
        onClick={() => {
          if (point !== undefined) onPick(String(point));
        }}
      >
        {words.marked}
      </button>
      {onAtHand !== undefined && (
        <button
          type="button"
          class="button"
          aria-disabled={isAtHand}
          aria-label={words.useAtHand}
          onClick={onAtHand}
        >
          {words.atHand}
        </button>
      )}
    </div>
  );
}

function Between({
  run,
  path,
  along,
  classifier,
}: {
  run: OpenRun;
  path: WalkedPath;
  along: number;
  classifier: ModelKey | undefined;
}) {
  const words = pathMessages();
  const { value, error } = useAnswer(async () => {
    const vector = between(...path.ends, along);
    const image = path.codec === undefined ? vector : await lab.decode(path.codec, vector);
    return {
      image,
      probabilities: classifier === undefined ? undefined : await lab.classify(classifier, image),
    };
  }, [path, along, classifier]);
  const best = value?.probabilities && largestIndex(value.probabilities);
  return (
    <div class="latent-between">
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      {value !== undefined && (
        <figure>
          <PixelCanvas
            image={value.image}
            shape={run.imageShape}
            label={words.between(formatPercent(along, 0))}
          />
          <figcaption>
            {best !== undefined && (
              <JudgedClass name={run.classNames[best]} share={value.probabilities![best]} />
            )}
          </figcaption>
        </figure>
      )}
      <Slider
        label={words.along}
        value={Math.round(100 * along)}
        min={0}
        max={100}
        step={1}
        format={(percent) => words.share(formatPercent(percent / 100, 0))}
        onInput={(percent) => {
          setParams({ along: String(percent) });
        }}
      />
    </div>
  );
}
