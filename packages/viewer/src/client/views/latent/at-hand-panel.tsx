import { formatCount, formatFixed } from '../../i18n/number-format.ts';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { TestImagePicker } from '../../parts/test-image-picker.tsx';
import { viewAddress } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { atHandMessages } from './at-hand-messages.ts';
import { ImageButtons } from './image-buttons.tsx';
import { nameOfPicture } from './latent-messages.ts';
import type { Picture } from './pictures.ts';
import type { Answer } from '../../state/use-answer.ts';
import type { PlacedPicture } from './use-placement.ts';

/** The image at hand with the test images nearest to it in the space that is mapped. */
export function AtHandPanel({
  run,
  of,
  picture,
  placed,
}: {
  run: OpenRun;
  of: string;
  picture: Answer<Picture>;
  placed: Answer<PlacedPicture>;
}) {
  const words = atHandMessages();
  const error = picture.error ?? placed.error;
  return (
    <section class="panel" aria-labelledby="latent-at-hand">
      <h2 id="latent-at-hand">{words.title}</h2>
      <p class="quiet">
        {words.hint} <PageLink href={viewAddress('draw')}>{words.draw}</PageLink>.
      </p>
      <TestImagePicker run={run} />
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      <div class="latent-at-hand">
        {picture.value !== undefined && (
          <figure>
            <PixelCanvas
              image={picture.value.image}
              shape={run.imageShape}
              label={words.atHand(nameOfPicture(picture.value.index, formatCount))}
            />
            <figcaption class="small quiet">{nameOfPicture(picture.value.index, formatCount)}</figcaption>
          </figure>
        )}
        <div class="stack">
          <h3>{words.neighbours}</h3>
          {placed.value === undefined ? (
            error === undefined && <p class="quiet">{words.looking}</p>
          ) : (
            <Neighbours run={run} of={of} placed={placed.value} />
          )}
        </div>
      </div>
    </section>
  );
}

function Neighbours({ run, of, placed }: { run: OpenRun; of: string; placed: PlacedPicture }) {
  const words = atHandMessages();
  const {
    neighbours,
    map: { labels },
    bytes,
  } = placed;
  const votes = run.classNames.map(
    (_, label) => neighbours.filter(({ index }) => labels[index] === label).length,
  );
  const winner = largestIndex(votes);
  return (
    <>
      <p role="status">{words.vote(votes[winner], neighbours.length, run.classNames[winner])}</p>
      <ImageButtons
        run={run}
        bytes={bytes}
        images={neighbours.map(({ index, distance }) => ({
          index,
          label: words.neighbour(formatCount(index), run.classNames[labels[index]], formatFixed(distance, 2)),
          caption: formatFixed(distance, 2),
        }))}
      />
      <p class="small quiet">{of === 'pixels' ? words.distancePixels : words.distance}</p>
    </>
  );
}
