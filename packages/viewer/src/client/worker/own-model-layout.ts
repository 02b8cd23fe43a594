import type { Port } from './ort-session.ts';

/** What a visitor's model must fit. */
export interface Fitting {
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classCount: number;
}

/** One way in which a model's input can be images. */
export interface InputLayout {
  /** Where the channels are: last, as our images have them, or before the rows. */
  readonly order: 'nhwc' | 'nchw';
  /** Images at once: `any`, a fixed number, or 1 without an axis for it. */
  readonly batch: number | 'any';
  /** The shape of the input for so many images. */
  readonly shapeOf: (images: number) => readonly number[];
}

/** Shapes of one image that are understood, without the batch axis, the likeliest first. */
function imageLayouts([height, width, channels]: Fitting['imageShape']): {
  readonly order: InputLayout['order'];
  readonly item: readonly number[];
}[] {
  return [
    { order: 'nhwc', item: [height, width, channels] },
    { order: 'nchw', item: [channels, height, width] },
    ...(channels === 1 ? [{ order: 'nhwc', item: [height, width] } as const] : []),
    { order: 'nhwc', item: [height * width * channels] },
  ];
}

/** The input shapes that fit, for people, the likeliest first: `[N, 28, 28, 1]`, …. */
export function fittingShapes({ imageShape }: Pick<Fitting, 'imageShape'>): string[] {
  return imageLayouts(imageShape).map(({ item }) => `[N, ${item.join(', ')}]`);
}

/** The same as part of a sentence. */
export function describeFittingShapes(fitting: Fitting): string {
  const shapes = fittingShapes(fitting);
  return `${shapes.slice(0, -1).join(', ')} or ${shapes.at(-1)!}`;
}

/**
 * The ways in which an input of a declared shape can be images, the likeliest first. Several where the file leaves sizes
 * open, which a trial then decides.
 *
 * @param shape as the model declares it: numbers that are fixed, names for what is open
 */
export function inputLayouts(shape: Port['shape'], { imageShape }: Fitting): InputLayout[] {
  const layouts: InputLayout[] = [];
  for (const { order, item } of imageLayouts(imageShape)) {
    const declared = shape.slice(shape.length - item.length);
    if (!item.every((size, i) => !isFixed(declared[i]) || declared[i] === size)) continue;
    if (shape.length === item.length + 1) {
      const [batch] = shape;
      layouts.push({
        order,
        batch: isFixed(batch) ? batch : 'any',
        shapeOf: (images) => [images, ...item],
      });
    } else if (shape.length === item.length && shape.every(isFixed)) {
      layouts.push({ order, batch: 1, shapeOf: () => item });
    }
  }
  return layouts;
}

function isFixed(size: number | string | undefined): size is number {
  return typeof size === 'number' && size > 0;
}

/** What an output of a model holds. */
export type OutputMeaning =
  | { readonly holds: 'scores' }
  | { readonly holds: 'images'; readonly order: InputLayout['order'] }
  | { readonly holds: 'neither' };

/**
 * Tells what an output is, from its shape after a run.
 *
 * @param shape for `images` images
 * @param order of the input, which a flat output is taken to share
 */
export function outputMeaning(
  shape: readonly number[],
  images: number,
  { imageShape: [height, width, channels], classCount }: Fitting,
  order: InputLayout['order'],
): OutputMeaning {
  const values = shape.reduce((product, size) => product * size, 1) / images;
  const perImage = shape[0] === images ? shape.slice(1) : shape;
  if (values === classCount && perImage.filter((size) => size !== 1).length <= 1) return { holds: 'scores' };
  if (values !== height * width * channels) return { holds: 'neither' };
  const [rows, columns, last] = shape.slice(-3);
  if (rows === height && columns === width && last === channels) return { holds: 'images', order: 'nhwc' };
  if (rows === channels && columns === height && last === width) return { holds: 'images', order: 'nchw' };
  return { holds: 'images', order };
}

/** Pixels of images with their channels moved to where `to` has them. */
export function reorderChannels(
  images: Float32Array,
  [height, width, channels]: Fitting['imageShape'],
  { from, to }: { from: InputLayout['order']; to: InputLayout['order'] },
): Float32Array {
  // With one channel, both orders are the same.
  if (from === to || channels === 1) return images;
  const area = height * width;
  const moved = new Float32Array(images.length);
  for (let start = 0; start < images.length; start += area * channels) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const nhwc = start + pixel * channels + channel;
        const nchw = start + channel * area + pixel;
        if (to === 'nchw') moved[nchw] = images[nhwc];
        else moved[nhwc] = images[nchw];
      }
    }
  }
  return moved;
}
