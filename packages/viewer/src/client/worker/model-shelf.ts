import { openDevice, type ChosenDevice, type Devices } from './choose-device.ts';
import type { DeviceChoice, LabModel, ModelKey, Runtime, WorkProgress } from './lab-api.ts';
import { fetchModel, runModelKey, takeOwnModel } from './lab-models.ts';
import type { ClassifierRuns, CodecRuns } from './model-runs.ts';
import { moveToGpu, type OpenModel } from './move-to-gpu.ts';
import { onceByKey } from './once-by-key.ts';
import type { Fitting } from './own-model-layout.ts';
import type { RunFiles } from './run-files.ts';
import type { Turns } from './turns.ts';

/** The device and every model that is open on it. */
export interface ModelShelf {
  start(choice: DeviceChoice): Promise<Runtime>;
  /** What it is that was started. */
  runtime(): Promise<Runtime>;
  onRuntimeChange(listener: (runtime: Runtime) => void): void;
  load(run: RunFiles, modelId: string, onProgress?: (progress: WorkProgress) => void): Promise<LabModel>;
  addOwn(name: string, bytes: Uint8Array<ArrayBuffer>, fitting: Fitting): Promise<LabModel>;
  removeOwn(key: ModelKey): Promise<void>;
  /** @throws RangeError for a key that is not of a loaded codec */
  codec(key: ModelKey): CodecRuns;
  /** @throws RangeError for a key that is not of a loaded classifier */
  classifier(key: ModelKey): ClassifierRuns;
  /**
   * With `auto`, tries once to move everything to a GPU as soon as there is nothing else to do.
   * @param image `[H, W, C]`, which the GPU's results are compared on
   */
  moveWhenIdle(image: Float32Array): void;
}

/** So long there must have been nothing to do before the move to a GPU, whose files are large. */
const idleMs = 3000;

export function createModelShelf(devices: Devices, turns: Turns): ModelShelf {
  let device: Promise<ChosenDevice> | undefined;
  let mayMove = false;
  let ownModels = 0;
  const models = new Map<ModelKey, OpenModel>();
  const listeners: ((runtime: Runtime) => void)[] = [];
  const loadOnce = onceByKey<LabModel>();

  const opened = (): Promise<ChosenDevice> => {
    if (device === undefined)
      throw new Error('Cannot use a model: the lab must be started first: call start.');
    return device;
  };
  const change = (chosen: ChosenDevice): void => {
    device = Promise.resolve(chosen);
    for (const listener of listeners) listener(chosen.report);
  };
  const move = async (image: Float32Array): Promise<void> => {
    const outcome = await moveToGpu(devices, new Map(models), { image });
    if ('staysFor' in outcome) {
      const { runtime, report } = await opened();
      // That it has one thread only stays the thing to know.
      if (report.reason === 'default') change({ runtime, report: { ...report, reason: outcome.staysFor } });
      return;
    }
    // The sessions here stay open: computations that are under way have them in their hands. What was loaded or removed
    // in the meantime stays as it is.
    for (const [key, model] of outcome.models) if (models.has(key)) models.set(key, model);
    change(outcome.device);
  };
  const runsOf = (key: ModelKey, kind: 'codec' | 'classifier'): CodecRuns | ClassifierRuns => {
    const runs = models.get(key)?.runs;
    if (runs?.kind === kind) return runs;
    const loaded = [...models].filter(([, model]) => model.runs.kind === kind).map(([name]) => name);
    throw new RangeError(
      `Cannot run "${key}": it must be a ${kind} that is loaded, and loaded are ` +
        `${loaded.length === 0 ? 'none' : loaded.join(', ')}: load it first.`,
    );
  };

  return {
    async start(choice) {
      if (device === undefined) {
        mayMove = choice === 'auto';
        device = openDevice(choice, devices).catch((error: unknown) => {
          device = undefined;
          throw error;
        });
      }
      return (await device).report;
    },
    runtime: async () => (await opened()).report,
    onRuntimeChange(listener) {
      listeners.push(listener);
    },
    load: (run, modelId, onProgress) =>
      loadOnce(runModelKey(run.id, modelId), async () => {
        const starting = opened();
        const source = await fetchModel(run, modelId, (fraction) =>
          onProgress?.({ fraction, label: modelId, etaSeconds: undefined }),
        );
        const { runtime } = await starting;
        models.set(source.info.key, { source, runs: await source.open(runtime) });
        return source.info;
      }),
    async addOwn(name, bytes, fitting) {
      const { runtime } = await opened();
      const { source, runs } = await takeOwnModel(runtime, { name, bytes, number: ++ownModels }, fitting);
      models.set(source.info.key, { source, runs });
      return source.info;
    },
    async removeOwn(key) {
      const model = models.get(key);
      models.delete(key);
      await model?.runs.close();
    },
    codec: (key) => runsOf(key, 'codec') as CodecRuns,
    classifier: (key) => runsOf(key, 'classifier') as ClassifierRuns,
    moveWhenIdle(image) {
      if (!mayMove) return;
      mayMove = false;
      const tryNow = (): void => {
        if (turns.wasBusy(idleMs)) setTimeout(tryNow, idleMs);
        else void move(image);
      };
      setTimeout(tryNow, idleMs);
    },
  };
}
