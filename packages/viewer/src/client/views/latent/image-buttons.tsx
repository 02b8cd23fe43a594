import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';

/** Test images side by side, each a button that marks it on the map. */
export function ImageButtons({
  run,
  images,
  bytes,
}: {
  run: OpenRun;
  images: readonly {
    readonly index: number;
    /** What the button does, to be read out. */
    readonly label: string;
    readonly caption: string;
    readonly isFramed?: boolean;
  }[];
  /** `[images, H, W, C]` */
  bytes: Uint8Array;
}) {
  const size = bytes.length / images.length;
  return (
    <ul class="latent-images">
      {images.map(({ index, label, caption, isFramed = false }, i) => (
        <li key={index}>
          <button
            type="button"
            class={isFramed ? 'latent-image framed' : 'latent-image'}
            aria-label={label}
            title={label}
            onClick={() => {
              setParams({ point: String(index) });
            }}
          >
            <PixelCanvas image={bytes.subarray(i * size, (i + 1) * size)} shape={run.imageShape} label="" />
            <span class="small">{caption}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
