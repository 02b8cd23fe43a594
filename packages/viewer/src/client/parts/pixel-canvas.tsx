import { useLayoutEffect, useRef } from 'preact/hooks';

export interface PixelCanvasProps {
  /** Float32 in [0, 1], or bytes; values beyond are clipped. `[H, W, C]` with C = 1 or 3 */
  readonly image: Float32Array | Uint8Array;
  readonly shape: readonly [number, number, number];
  /** What is to be seen, for those who do not; empty for a picture that repeats what is said beside it. */
  readonly label: string;
  readonly class?: string;
}

/**
 * An image drawn pixel by pixel, as large as its place: one of one channel as ink on paper, 0 being the ground and 1 the
 * text's colour, others in their colours as they are.
 */
export function PixelCanvas({ image, shape, label, class: name = '' }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, width, channels] = shape;
  // Before the browser draws, so that what is said beside the picture never runs ahead of it.
  useLayoutEffect(() => {
    paintPixels(canvas.current!, image, shape);
  }, [image, height, width]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      class={`pixels ${channels === 1 ? 'paper' : ''} ${name}`}
      {...(label === '' ? { 'aria-hidden': 'true' as const } : { role: 'img' as const, 'aria-label': label })}
    />
  );
}

/** Paints an image onto a canvas of its size. */
export function paintPixels(
  canvas: HTMLCanvasElement,
  image: Float32Array | Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): void {
  const context = canvas.getContext('2d')!;
  const scale = image instanceof Uint8Array ? 1 : 255;
  const pixels = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) {
      // ImageData clips and rounds.
      pixels.data[4 * i + c] = scale * image[i * channels + (channels === 1 ? 0 : c)];
    }
    pixels.data[4 * i + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
}
