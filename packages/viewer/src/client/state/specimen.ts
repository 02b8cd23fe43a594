import { effect, signal } from '@preact/signals';
import { lab } from '../lab.ts';
import { decodeInk, encodeInk } from './ink.ts';
import { openRun, type OpenRun } from './run.ts';
import { route, setParams } from './route.ts';

/** The image that is put through the models. */
export type Specimen =
  | { readonly kind: 'none' }
  /** As the visitor drew it. `[H, W, C]`, float32 in [0, 1] */
  | { readonly kind: 'drawn'; readonly image: Float32Array }
  /** An image of the test set, with its class. */
  | {
      readonly kind: 'test';
      readonly index: number;
      readonly label: number;
      readonly image: Float32Array;
    };

/** The image at hand, the same in all views. */
export const specimen = signal<Specimen>({ kind: 'none' });

/** Why the image that was asked for is not there, one line. */
export const specimenError = signal<string | undefined>(undefined);

/** Takes a drawing as the image at hand, and into the address; one without ink leaves none at hand. */
export function takeDrawing(image: Float32Array): void {
  const hasInk = image.some((value) => value > 0);
  specimen.value = hasInk ? { kind: 'drawn', image } : { kind: 'none' };
  setParams({ ink: hasInk ? encodeInk(image) : undefined, test: undefined });
}

/** Takes an image of the test set as the one at hand. */
export function takeTestImage(index: number): void {
  setParams({ test: String(index), ink: undefined });
}

/** Follows the address: loads the test image or the drawing that it names, now and whenever it changes. */
export function startSpecimen(): void {
  effect(() => {
    const run = openRun.value;
    if (run === undefined) return;
    const { params } = route.value;
    const test = params.get('test');
    const ink = params.get('ink');
    if (test !== null) void showTestImage(run, test);
    else if (ink !== null) showInk(run, ink);
  });
}

async function showTestImage(run: OpenRun, text: string): Promise<void> {
  const index = Number(text);
  const at = specimen.peek();
  if (at.kind === 'test' && at.index === index && shownRun === run.id) return;
  try {
    const { count, labels } = await lab.testSet(run.id);
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(
        `Cannot show test image "${text}": it must be a whole number from 0 to ${count - 1}.`,
      );
    }
    const bytes = await lab.testImageBytes(run.id, [index]);
    if (route.peek().params.get('test') !== text) return;
    shownRun = run.id;
    specimen.value = {
      kind: 'test',
      index,
      label: labels[index],
      image: Float32Array.from(bytes, (byte) => byte / 255),
    };
    specimenError.value = undefined;
  } catch (error) {
    specimenError.value = (error as Error).message;
  }
}

/** The run whose test image is shown: another run may have other images. */
let shownRun: string | undefined;

function showInk(run: OpenRun, text: string): void {
  if (specimen.peek().kind === 'drawn') return;
  const image = decodeInk(
    text,
    run.imageShape.reduce((size, length) => size * length, 1),
  );
  if (image === undefined) specimenError.value = 'Cannot show the drawing of this address: it is damaged.';
  else specimen.value = { kind: 'drawn', image };
}
