import { useEffect, useState } from 'preact/hooks';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import type { OpenRun } from '../../state/run.ts';
import { specimen, takeTestImage } from '../../state/specimen.ts';
import { drawMessages } from './draw-messages.ts';
import { fetchSampleDigits, type SampleDigit } from './sample-digits.ts';

/** A few test images to click, one of each class. They are an extra: where they can't be had, there are none. */
export function SampleRow({ run }: { run: OpenRun }) {
  const words = drawMessages();
  const [samples, setSamples] = useState<readonly SampleDigit[] | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    setSamples(undefined);
    fetchSampleDigits(run).then(
      (fetched) => {
        if (isCurrent) setSamples(fetched);
      },
      () => {
        if (isCurrent) setSamples([]);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [run]);
  const at = specimen.value;
  if (samples?.length === 0) return null;
  return (
    <div class="draw-samples" role="group" aria-label={words.examples}>
      <p class="small quiet">{words.examples}</p>
      <div>
        {samples === undefined && <div class="draw-sample-place" />}
        {samples?.map(({ index, label, pixels }) => (
          <button
            key={index}
            type="button"
            aria-label={words.example(run.classNames[label])}
            aria-pressed={at.kind === 'test' && at.index === index}
            onClick={() => {
              takeTestImage(index);
            }}
          >
            <PixelCanvas image={pixels} shape={run.imageShape} label="" />
          </button>
        ))}
      </div>
    </div>
  );
}
