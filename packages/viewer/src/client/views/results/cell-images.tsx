import { useEffect, useState } from 'preact/hooks';
import { formatCount, formatMse, formatPercent } from '../../i18n/number-format.ts';
import { lab } from '../../lab.ts';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { modelKey } from '../../state/models.ts';
import { route } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { scaleBytes } from '../../worker/scale-bytes.ts';
import { imagesOfCell, type ConfusionCell } from './confusion-cell.ts';
import { confusionMessages } from './confusion-messages.ts';
import { drawAddress } from './draw-address.ts';

/** So many images are shown at first and with every step on. */
const stepSize = 12;

interface CellImage {
  readonly index: number;
  /** Softmax of the answer. */
  readonly probability: number;
  /** `[H, W, C]` */
  readonly original: Uint8Array;
  /** What the codec makes of it, with its mean squared error; `undefined` where originals are shown. */
  readonly reconstruction: { readonly image: Float32Array; readonly mse: number } | undefined;
}

export interface CellImagesProps {
  readonly run: OpenRun;
  readonly classifier: string;
  /** `original` or a codec's id. */
  readonly on: string;
  readonly cell: ConfusionCell;
  /** Images of the cell by the manifest. */
  readonly count: number;
  readonly onClose: () => void;
}

/** The images of a cell: as they are and as the classifier was shown them, with how sure it was. Give it a key by cell. */
export function CellImages({ run, classifier, on, cell, count, onClose }: CellImagesProps) {
  const words = confusionMessages();
  const [wanted, setWanted] = useState(stepSize);
  const [images, setImages] = useState<readonly CellImage[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    setProblem(undefined);
    loadImages({ run, classifier, on, cell }, wanted).then(
      (loaded) => {
        if (isCurrent) setImages(loaded);
      },
      (error: unknown) => {
        if (isCurrent) setProblem((error as Error).message);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [wanted]);
  const [label, answer] = [run.classNames[cell.label], run.classNames[cell.answer]];
  const codec = run.codecs.find(({ id }) => id === on);
  const isComplete = images !== undefined && images.length >= count;
  const heading =
    count === 0
      ? words.none(label, answer)
      : count === 1
        ? words.oneImage(label, answer)
        : words.images(formatCount(count), label, answer);
  return (
    <div class="cell-images stack">
      <div class="cell-images-head">
        <h3>
          <span role="status">{heading}</span>
        </h3>
        <button type="button" class="button" onClick={onClose}>
          {words.close}
        </button>
      </div>
      {count > 0 && <p class="small quiet">{codec === undefined ? words.orderOriginal : words.order}</p>}
      {problem !== undefined && <Notice tone="error">{problem}</Notice>}
      {images === undefined && problem === undefined && count > 0 && <p class="quiet">{words.loading}</p>}
      <ul class={codec === undefined ? 'cell-list' : 'cell-list pairs'}>
        {images?.map((image) => (
          <li key={image.index}>
            <Pictures run={run} image={image} label={label} codec={codec?.title} />
            <div class="small">
              <span class={cell.label === cell.answer ? undefined : 'wrong'}>
                {words.sure(answer, formatPercent(image.probability, 1))}
              </span>
              {image.reconstruction !== undefined && (
                <span class="quiet"> MSE {formatMse(image.reconstruction.mse)}</span>
              )}
            </div>
            <PageLink
              class="small"
              href={drawAddress(image.index, route.value)}
              label={words.openLabel(String(image.index))}
            >
              {words.openInDraw}
            </PageLink>
          </li>
        ))}
      </ul>
      {images !== undefined && count > stepSize && (
        <div>
          <button
            type="button"
            class="button"
            // It stays when all are shown: one that vanished would take the focus with it.
            aria-disabled={isComplete}
            onClick={() => {
              if (!isComplete) setWanted(wanted + stepSize);
            }}
          >
            {isComplete ? words.allShown : words.more(formatCount(Math.min(stepSize, count - images.length)))}
          </button>
        </div>
      )}
    </div>
  );
}

function Pictures({
  run: { imageShape },
  image: { index, original, reconstruction },
  label,
  codec,
}: {
  run: OpenRun;
  image: CellImage;
  label: string;
  codec: string | undefined;
}) {
  const words = confusionMessages();
  return (
    <div class="cell-pictures">
      <PixelCanvas image={original} shape={imageShape} label={words.original(String(index), label)} />
      {reconstruction !== undefined && (
        <PixelCanvas
          image={reconstruction.image}
          shape={imageShape}
          label={words.reconstruction(String(index), codec!)}
        />
      )}
    </div>
  );
}

async function loadImages(
  { run, classifier, on, cell }: Omit<CellImagesProps, 'count' | 'onClose'>,
  wanted: number,
): Promise<readonly CellImage[]> {
  const [{ labels }, figures] = await Promise.all([lab.testSet(run.id), lab.figures(run.id)]);
  const predicted = figures.predicted[`${classifier}/${on}`];
  const probability = figures.probability[`${classifier}/${on}`];
  const indices = imagesOfCell(cell, { labels, predicted, probability }).slice(0, wanted);
  if (indices.length === 0) return [];
  const bytes = await lab.testImageBytes(run.id, indices);
  let reconstructions: Float32Array | undefined;
  if (on !== 'original') {
    await lab.load(run.id, on);
    const pixels = scaleBytes(bytes);
    reconstructions = await lab.reconstruct(modelKey(run.id, on), pixels);
  }
  const size = bytes.length / indices.length;
  return indices.map((index, i) => ({
    index,
    probability: probability[index],
    original: bytes.subarray(i * size, (i + 1) * size),
    reconstruction: reconstructions && {
      image: reconstructions.subarray(i * size, (i + 1) * size),
      mse: figures.mse[on][index],
    },
  }));
}
