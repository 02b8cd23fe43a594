import { computed, effect, signal } from '@preact/signals';
import { valuesPerImage } from '../images/image-shape.ts';
import { decodeInk, encodeInk } from './ink.ts';
import { loadTestImage, type TestImage } from './load-test-image.ts';
import { openRun, type OpenRun } from './run.ts';
import { route, setParams } from './route.ts';
import { specimenMessages } from './specimen-messages.ts';

/** The image that is put through the models. */
export type Specimen =
  | { readonly kind: 'none' }
  /** As the visitor drew it. `[H, W, C]`, float32 in [0, 1] */
  | { readonly kind: 'drawn'; readonly image: Float32Array }
  | ({ readonly kind: 'test' } & TestImage);

const nothing: Specimen = { kind: 'none' };

/** The image at hand, the same in all views. */
export const specimen = signal<Specimen>(nothing);

/** Why the image that was asked for is not there, one line. */
export const specimenError = signal<string | undefined>(undefined);

/** Takes a drawing as the image at hand, and into the address; one without ink leaves none at hand. */
export function takeDrawing(image: Float32Array): void {
  const hasInk = image.some((value) => value > 0);
  const ink = hasInk ? encodeInk(image) : undefined;
  shownInk = ink;
  specimen.value = hasInk ? { kind: 'drawn', image } : nothing;
  setParams({ ink, test: undefined });
}

/** Takes an image of the test set as the one at hand. */
export function takeTestImage(index: number): void {
  setParams({ test: String(index), ink: undefined });
}

/** Follows the address: loads the test image or the drawing that it names, now and whenever it changes. */
export function startSpecimen(): void {
  const test = computed(() => route.value.params.get('test'));
  const ink = computed(() => route.value.params.get('ink'));
  effect(() => {
    const run = openRun.value;
    if (run === undefined) return;
    specimenError.value = undefined;
    // The images of another run are others, and so are the names of its classes.
    if (specimen.peek().kind === 'test' && shownRun !== run) specimen.value = nothing;
    if (test.value !== null) void showTestImage(run, test.value);
    else if (ink.value !== null) showInk(run, ink.value);
    else specimen.value = nothing;
  });
}

/** The run whose test image is shown. */
let shownRun: OpenRun | undefined;

async function showTestImage(run: OpenRun, number: string): Promise<void> {
  const at = specimen.peek();
  if (at.kind === 'test' && at.index === Number(number)) return;
  const isWanted = () => openRun.peek() === run && route.peek().params.get('test') === number;
  try {
    const image = await loadTestImage(run, number);
    if (!isWanted()) return;
    shownRun = run;
    specimen.value = { kind: 'test', ...image };
  } catch (error) {
    if (isWanted()) specimenError.value = (error as Error).message;
  }
}

/** The text of the drawing that is shown, or was last. */
let shownInk: string | undefined;

function showInk(run: OpenRun, text: string): void {
  const size = valuesPerImage(run);
  const at = specimen.peek();
  // What was drawn here has more levels of grey than the address.
  if (at.kind === 'drawn' && at.image.length === size && text === shownInk) return;
  const image = decodeInk(text, size);
  shownInk = text;
  specimen.value = image === undefined ? nothing : { kind: 'drawn', image };
  if (image === undefined) {
    specimenError.value = specimenMessages().noDrawing;
  }
}
