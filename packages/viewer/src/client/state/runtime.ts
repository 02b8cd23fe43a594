import { signal } from '@preact/signals';
import { lab } from '../lab.ts';
import type { DeviceChoice, Runtime } from '../worker/lab-api.ts';

/** What the models run on; `undefined` until it is ready. */
export const runtime = signal<Runtime | undefined>(undefined);

/** Why nothing can be run in this browser, one line. */
export const runtimeError = signal<string | undefined>(undefined);

/** Gets onnxruntime ready in the worker, or moves to another device; what went wrong is in `runtimeError`. */
export async function startRuntime(choice: DeviceChoice = 'auto'): Promise<void> {
  try {
    runtime.value = await lab.start(choice);
    runtimeError.value = undefined;
    listening ??= lab.onRuntimeChange((changed) => {
      runtime.value = changed;
    });
    await listening;
  } catch (error) {
    runtimeError.value = (error as Error).message;
  }
}

/** Settles when the worker has taken note to tell of other runtimes; `undefined` until it is asked to. */
let listening: Promise<void> | undefined;
