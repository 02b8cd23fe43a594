import { useLayoutEffect, useRef } from 'preact/hooks';
import { parseColour } from '@narrows/shared';
import { defineMessages } from '../i18n/define-messages.ts';
import { formatFixed } from '../i18n/number-format.ts';

const errorMapMessages = defineMessages({
  en: {
    scale: 'Error of a pixel (reconstruction − original; pixels go from 0 to 1)',
    darker: 'too low',
    brighter: 'too high',
  },
  el: {
    scale: 'Σφάλμα εικονοστοιχείου (ανακατασκευή − αρχική· τιμές από 0 έως 1)',
    darker: 'πολύ χαμηλό',
    brighter: 'πολύ υψηλό',
  },
});

/** Colours of −1 and 1, those of the report's error maps. */
const negativeColour = '#2f6fd6';
const positiveColour = '#e0620d';

export interface ErrorMapProps {
  /** `[H, W, C]`, float32 in [0, 1] */
  readonly original: Float32Array;
  readonly reconstruction: Float32Array;
  readonly shape: readonly [number, number, number];
  readonly label: string;
}

/**
 * Where a reconstruction is wrong: each pixel's difference, averaged over its channels, as a colour that is opaque from
 * ±`errorScale` on.
 */
export function ErrorMap({ original, reconstruction, shape, label }: ErrorMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, width, channels] = shape;
  // Before the browser draws, as for the pictures themselves.
  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const pixels = context.createImageData(width, height);
    const negative = parseColour(negativeColour);
    const positive = parseColour(positiveColour);
    for (let i = 0; i < height * width; i++) {
      let difference = 0;
      for (let c = 0; c < channels; c++) {
        difference += (reconstruction[i * channels + c] - original[i * channels + c]) / channels;
      }
      const [red, green, blue] = difference < 0 ? negative : positive;
      const alpha = Math.min(1, Math.abs(difference) / errorScale) * 255;
      pixels.data.set([red, green, blue, alpha], 4 * i);
    }
    context.putImageData(pixels, 0, 0);
  }, [original, reconstruction, height, width, channels]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      class="pixels error-map"
      role="img"
      aria-label={label}
    />
  );
}

/** Differences of a pixel from here on are drawn in full colour. */
export const errorScale = 0.5;

/** What the colours of an error map mean. */
export function ErrorLegend() {
  const words = errorMapMessages();
  const end = formatFixed(errorScale, 1);
  return (
    <div class="error-legend small quiet">
      <span>{words.scale}</span>
      <span class="error-scale">
        −{end} {words.darker}
        <i
          aria-hidden="true"
          style={{ background: `linear-gradient(90deg, ${negativeColour}, transparent, ${positiveColour})` }}
        />
        +{end} {words.brighter}
      </span>
    </div>
  );
}
