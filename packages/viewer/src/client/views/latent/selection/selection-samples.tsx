import { useMemo } from 'preact/hooks';
import { lab } from '../../../lab.ts';
import type { OpenRun } from '../../../state/run.ts';
import { formatCount } from '../../../i18n/number-format.ts';
import type { Figures } from '../../../worker/lab-api.ts';
import { ImageButtons } from '../image-buttons.tsx';
import { useAnswer } from '../../../state/use-answer.ts';
import { selectionMessages } from './selection-messages.ts';
import { pickThumbnails } from './summarise-selection.ts';

const sampleCount = 30;

/** Some of the images selected, each a button that marks it. */
export function SelectionSamples({
  run,
  of,
  classifier,
  figures,
  labels,
  selection,
}: {
  run: OpenRun;
  of: string;
  classifier: string | undefined;
  figures: Figures;
  labels: Uint8Array;
  selection: readonly number[];
}) {
  const words = selectionMessages();
  const picked = useMemo(() => {
    const judged =
      classifier === undefined || of === 'pixels'
        ? undefined
        : {
            originals: figures.predicted[`${classifier}/original`],
            rebuilt: figures.predicted[`${classifier}/${of}`],
          };
    return pickThumbnails(selection, { labels, judged, count: sampleCount });
  }, [selection, labels, figures, classifier, of]);
  const { value } = useAnswer(async () => {
    const bytes = await lab.testImageBytes(
      run.id,
      picked.map(({ index }) => index),
    );
    return { picked, bytes };
  }, [run.id, picked]);
  return (
    <div class="stack latent-samples">
      <h3>{words.samples}</h3>
      {of !== 'pixels' && classifier !== undefined && (
        <p class="small quiet">{words.samplesHint(picked.filter(({ isLost }) => isLost).length)}</p>
      )}
      {value !== undefined && (
        <ImageButtons
          run={run}
          bytes={value.bytes}
          images={value.picked.map(({ index, isLost }) => ({
            index,
            isFramed: isLost,
            label: words.sample(formatCount(index), run.classNames[labels[index]], isLost),
            caption: run.classNames[labels[index]],
          }))}
        />
      )}
    </div>
  );
}
