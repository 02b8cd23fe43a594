import { openDevice, reported, type ChosenDevice, type Devices } from './choose-device.ts';
import type { DeviceChoice, LabModel, ModelKey, Runtime } from './lab-api.ts';
import { fetchModel, takeOwnModel } from './lab-models.ts';
import type { ClassifierRuns, CodecRuns, ModelRuns } from './model-runs.ts';
import { moveToGpu } from './move-to-gpu.ts';
import { onceByKey, onceByRun } from './once-by-key.ts';
import { closeAll, type OpenModel } from './open-model.ts';
import type { OrtRuntime } from './ort-session.ts';
import type { Fitting } from './own-model-layout.ts';
import type { RunFiles } from './run-files.ts';
import type { Turns } from './turns.ts';

/** The device and every model that is open on it. */
export interface ModelShelf {
  /** Opens a device; where another is asked for later, opens that and all models on it. */
  start(choice: DeviceChoice): Promise<Runtime>;
  /** What it is that was started. */
  runtime(): Promise<Runtime>;
  onRuntimeChange(listener: (runtime: Runtime) => void): void;
  load(run: RunFiles, modelId: string): Promise<LabModel>;
  addOwn(name: string, bytes: Uint8Array<ArrayBuffer>, fitting: Fitting): Promise<LabModel>;
  removeOwn(key: ModelKey): Promise<void>;
  /** Lets go of the models of a run that were loaded by another manifest than this. */
  keepOnly(run: RunFiles): Promise<void>;
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

export function createModelShelf(offered: Devices, turns: Turns): ModelShelf {
  // Who comes back to a device finds it as it was left.
  const runtimeOnce = onceByKey<OrtRuntime>();
  const devices: Devices = {
    ...offered,
    openWasm: (threads) => runtimeOnce('wasm', () => offered.openWasm(threads)),
    openWebGpu: () => runtimeOnce('webgpu', () => offered.openWebGpu()),
  };
  let device: Promise<ChosenDevice> | undefined;
  /** What computes; every model is open there. */
  let inUse: OrtRuntime | undefined;
  /** Of `auto`, which moves to a GPU once, unless the visitor chooses a device before. */
  let gpuMove: 'never' | 'wanted' | 'planned' = 'never';
  let ownModels = 0;
  const models = new Map<ModelKey, OpenModel>();
  const listeners: ((runtime: Runtime) => void)[] = [];
  const loadOnce = onceByRun<LabModel>();

  const opened = (): Promise<ChosenDevice> => {
    if (device === undefined)
      throw new Error('Cannot use a model: the lab must be started first: call start.');
    return device;
  };
  const tell = ({ report }: ChosenDevice): void => {
    for (const listener of listeners) listener(report);
  };
  const use = (runtime: OrtRuntime, fresh: ReadonlyMap<OpenModel, ModelRuns>): void => {
    for (const [model, runs] of fresh) {
      // It may have been removed in the meantime.
      if (models.get(model.source.info.key) === model) model.runsOn.set(runtime, runs);
      else void closeAll([runs]);
    }
    inUse = runtime;
  };
  const change = async (current: ChosenDevice | undefined, choice: DeviceChoice): Promise<ChosenDevice> => {
    if (current !== undefined && (choice === 'auto' || choice === current.runtime.device)) return current;
    const chosen = await openDevice(choice, devices);
    if (chosen.runtime === inUse) return chosen;
    const fresh = new Map<OpenModel, ModelRuns>();
    try {
      for (const model of models.values()) {
        if (!model.runsOn.has(chosen.runtime)) fresh.set(model, await model.source.open(chosen.runtime));
      }
    } catch (error) {
      await closeAll(fresh.values());
      if (current === undefined) throw error;
      return reported(current.runtime, 'failed');
    }
    use(chosen.runtime, fresh);
    return chosen;
  };
  const move = async (image: Float32Array): Promise<void> => {
    const before = opened();
    const { runtime, report } = await before;
    const here = new Map(models);
    const outcome = await moveToGpu(devices, here, { from: runtime, image });
    const isSame = here.size === models.size && [...here].every(([key, model]) => models.get(key) === model);
    // Nothing counts that was found while there was other work, which also must not lose its device.
    if (device !== before || !isSame || turns.wasBusy(idleMs)) {
      if ('opened' in outcome) await closeAll(outcome.opened.values());
      moveOnceIdle(image);
      return;
    }
    if ('opened' in outcome) {
      use(outcome.device.runtime, outcome.opened);
      device = Promise.resolve(outcome.device);
    } else if (report.reason === 'default') {
      // Any other reason, which is that it has one thread only, stays the thing to know.
      device = Promise.resolve(reported(runtime, outcome.staysFor));
    } else return;
    tell(await device);
  };
  const moveOnceIdle = (image: Float32Array): void => {
    setTimeout(() => {
      // The visitor may have chosen a device in the meantime.
      if (gpuMove !== 'planned') return;
      if (turns.wasBusy(idleMs)) moveOnceIdle(image);
      else void move(image);
    }, idleMs);
  };
  /** Opens a model on the device in use, and again where that is another by then: all models went there but this one. */
  const add = async (open: (runtime: OrtRuntime) => Promise<OpenModel>): Promise<LabModel> => {
    for (;;) {
      const before = opened();
      const { runtime } = await before;
      const model = await open(runtime);
      if (device === before) {
        models.set(model.source.info.key, model);
        return model.source.info;
      }
      await closeAll(model.runsOn.values());
    }
  };
  const remove = async (key: ModelKey): Promise<void> => {
    const model = models.get(key);
    models.delete(key);
    await closeAll(model?.runsOn.values() ?? []);
  };
  const runsOf = (key: ModelKey, kind: 'codec' | 'classifier'): CodecRuns | ClassifierRuns => {
    const runs = models.get(key)?.runsOn.get(inUse!);
    if (runs?.kind === kind) return runs;
    const loaded = [...models].filter(([, { source }]) => source.info.kind === kind).map(([name]) => name);
    throw new RangeError(
      `Cannot run "${key}": it must be a ${kind} that is loaded, and loaded are ` +
        `${loaded.length === 0 ? 'none' : loaded.join(', ')}: load it first.`,
    );
  };

  return {
    async start(choice) {
      const before = device;
      if (choice !== 'auto') gpuMove = 'never';
      else if (before === undefined) gpuMove = 'wanted';
      const next = Promise.resolve(before)
        .catch(() => undefined)
        .then((now) => change(now, choice));
      device = next;
      try {
        const chosen = await next;
        if (before !== undefined) tell(chosen);
        return chosen.report;
      } catch (error) {
        // What failed first stays, to tell everyone who asks for a model why.
        if (device === next && before !== undefined) device = before;
        throw error;
      }
    },
    runtime: async () => (await opened()).report,
    onRuntimeChange(listener) {
      listeners.push(listener);
    },
    load: (run, modelId) =>
      loadOnce(run, modelId, async () => {
        const source = await fetchModel(run, modelId);
        return add(async (runtime) => ({
          source,
          runsOn: new Map([[runtime, await source.open(runtime)]]),
        }));
      }),
    addOwn(name, bytes, fitting) {
      const number = ++ownModels;
      return add((runtime) => takeOwnModel(runtime, { name, bytes, number }, fitting));
    },
    removeOwn: remove,
    async keepOnly(run) {
      for (const [key, { source }] of models) {
        if (source.run?.id === run.id && source.run !== run) await remove(key);
      }
    },
    codec: (key) => runsOf(key, 'codec') as CodecRuns,
    classifier: (key) => runsOf(key, 'classifier') as ClassifierRuns,
    moveWhenIdle(image) {
      if (gpuMove !== 'wanted') return;
      gpuMove = 'planned';
      moveOnceIdle(image);
    },
  };
}
