import { reported, type ChosenDevice, type Devices } from './choose-device.ts';
import type { ModelKey, Runtime } from './lab-api.ts';
import type { ModelRuns } from './model-runs.ts';
import { closeAll, type OpenModel } from './open-model.ts';
import type { OrtRuntime } from './ort-session.ts';

/** What became of an attempt to move to the GPU: a new device and what models were opened as there, or why not. */
export type Move =
  | { readonly device: ChosenDevice; readonly opened: ReadonlyMap<OpenModel, ModelRuns> }
  | { readonly staysFor: Runtime['reason'] };

/** Results on two devices agree that are no further apart than this in any value. */
const largestDifference = 1e-3;
/** One image through every model may take so long on the GPU, if it is slower there than here. */
const patienceMs = 50;

/**
 * Opens models on WebGPU, if a GPU answers that is no software, and compares what they make of an image there with what
 * they make of it here. They stay open on both devices if they agree, and if the GPU is fast enough with a single image:
 * asking a GPU and waiting for its answer can take longer than computing something small.
 *
 * @param options.from where the models are open
 * @param options.image `[H, W, C]`, which models that take images of its size are compared on; the others are opened alone
 * @param options.now what tells the time, in ms
 */
export async function moveToGpu(
  devices: Devices,
  here: ReadonlyMap<ModelKey, OpenModel>,
  {
    from,
    image,
    now = () => performance.now(),
  }: { from: OrtRuntime; image: Float32Array; now?: () => number },
): Promise<Move> {
  if ((await devices.gpu()) !== 'hardware') return { staysFor: 'no-adapter' };
  const opened = new Map<OpenModel, ModelRuns>();
  try {
    const runtime = await devices.openWebGpu();
    let [msThere, msHere] = [0, 0];
    for (const model of here.values()) {
      const { source, runsOn } = model;
      const there = await source.open(runtime);
      opened.set(model, there);
      // Those of another run may take images of another size.
      if (source.imageSize !== image.length) continue;
      // The first run makes what later ones use again, and is not timed.
      await resultOf(there, image);
      const [startThere, resultThere] = [now(), await resultOf(there, image)];
      const [startHere, resultHere] = [now(), await resultOf(runsOn.get(from)!, image)];
      msThere += startHere - startThere;
      msHere += now() - startHere;
      if (!agree(resultThere, resultHere)) {
        await closeAll(opened.values());
        return { staysFor: 'disagreed' };
      }
    }
    if (msThere > msHere && msThere > patienceMs) {
      await closeAll(opened.values());
      return { staysFor: 'slower' };
    }
    return { device: reported(runtime, 'adapter'), opened };
  } catch {
    // Drivers and browsers fail here in ways of their own. All works on without, and the page says so.
    await closeAll(opened.values());
    return { staysFor: 'failed' };
  }
}

function resultOf(runs: ModelRuns, image: Float32Array): Promise<Float32Array> {
  return runs.kind === 'codec' ? runs.reconstruct(image) : runs.logits(image);
}

function agree(a: Float32Array, b: Float32Array): boolean {
  // Not greater: a NaN agrees with nothing.
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) <= largestDifference);
}
