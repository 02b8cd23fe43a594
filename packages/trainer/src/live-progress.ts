import type { Model } from '@narrows/models';
import { runProgressVersion, type RunEpoch, type RunProgress } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { WorkFolder } from './run-folder/work-folder.ts';

/** A progress display that also keeps the run's `progress.json`. */
export interface LiveProgress extends Progress {
  /** Says what the run is at from now on. */
  enter(phase: RunProgress['phase']): void;
  /** Says that the run is stopped, and writes nothing after it. */
  stop(): void;
  /** Writes nothing from now on. A file that still says `running` gets old, and so tells of a failure. */
  end(): void;
}

export interface LiveProgressOptions extends Pick<RunProgress, 'name' | 'preset' | 'startedAt'> {
  readonly folder: Pick<WorkFolder, 'writeProgress'>;
  /** In the order of training. */
  readonly models: readonly Pick<Model, 'id' | 'title' | 'kind'>[];
  /** Epochs that each model is trained for, by its id; PCA has none. */
  readonly plannedEpochs: Readonly<Record<string, number>>;
  /** Epochs that were over before this process began, by the model's id. */
  readonly recorded: ReadonlyMap<string, readonly RunEpoch[]>;
}

/** Longest time between two states of the file, as long as the work at hand lets other code have its turn. */
const writeMs = 1000;
/** How long the file may fail to be written. A reader may hold it for a moment, where a system doesn't replace such files. */
const patienceMs = 5000;

/**
 * Shows what `display` shows, and writes all of it to the run's `progress.json`: every second, changed or not, as a sign
 * of life, and at once where a phase begins or an epoch ends.
 *
 * @returns a display whose methods, for the work at hand, throw the ExpectedError of a file that could not be written for
 *   five seconds: as with a checkpoint, the run then ends and is kept for `--resume`.
 */
export function startLiveProgress(
  display: Progress,
  { folder, models, plannedEpochs, recorded, ...head }: LiveProgressOptions,
): LiveProgress {
  let phase: RunProgress['phase'] = 'train';
  let state: RunProgress['state'] = 'running';
  let work: Work | undefined;
  let failingSinceMs: number | undefined;
  let failure: unknown;
  const progressOf = new Map(
    models.map(({ id, title, kind }): [string, ModelProgress] => [
      id,
      { id, title, kind, plannedEpochs: plannedEpochs[id] ?? 0, epochs: [...(recorded.get(id) ?? [])] },
    ]),
  );

  function writeNow(): void {
    const etaSeconds = work && secondsLeft(work);
    folder.writeProgress(
      `${JSON.stringify({
        schemaVersion: runProgressVersion,
        ...head,
        updatedAt: new Date().toISOString(),
        state,
        phase,
        ...(work === undefined ? {} : { task: { label: work.label, fraction: work.fraction } }),
        models: [...progressOf.values()],
        ...(etaSeconds === undefined ? {} : { etaSeconds }),
      } satisfies RunProgress)}\n`,
    );
  }

  /** For timers too, where nobody would catch an error. */
  function write(): void {
    try {
      writeNow();
      failingSinceMs = undefined;
    } catch (error) {
      failingSinceMs ??= performance.now();
      if (performance.now() - failingSinceMs >= patienceMs) failure ??= error;
    }
  }

  function requireWritten(): void {
    if (failure !== undefined) throw failure as Error;
  }

  function begin(label: string, { fraction, training }: { fraction: number; training?: Training }): Work {
    work = { label, training, fraction, begun: { atMs: performance.now(), fraction } };
    // At once: some work gives no timer a turn until it is done.
    write();
    return work;
  }

  function training(): Training {
    if (work?.training === undefined) throw new Error('Cannot keep progress: no training was started.');
    return work.training;
  }

  const timer = setInterval(write, writeMs);
  // It must not keep a process alive that has nothing else to do.
  timer.unref();
  write();

  return {
    start(label, length) {
      requireWritten();
      display.start(label, length);
      const { imagesDone = 0, imagesPerEpoch, totalEpochs } = length;
      const totalImages = totalEpochs * imagesPerEpoch;
      begin(label, {
        fraction: imagesDone / totalImages,
        training: { model: progressOf.get(label)!, imagesPerEpoch, totalImages },
      });
    },
    update(step) {
      requireWritten();
      display.update(step);
      const { model, imagesPerEpoch, totalImages } = training();
      model.current = { ...step, imagesPerEpoch };
      work!.fraction = ((step.epoch - 1) * imagesPerEpoch + step.imagesDone) / totalImages;
    },
    epochEnd(record) {
      requireWritten();
      display.epochEnd(record);
      const { model } = training();
      model.epochs.push(record);
      delete model.current;
      write();
    },
    finish(summary) {
      display.finish(summary);
      work = undefined;
    },
    task(label) {
      requireWritten();
      const shown = display.task(label);
      const current = begin(label, { fraction: 0 });
      return {
        update(fraction) {
          requireWritten();
          shown.update(fraction);
          current.fraction = Math.min(1, Math.max(0, fraction));
        },
        finish(summary) {
          shown.finish(summary);
          work = undefined;
        },
      };
    },
    note(line) {
      display.note(line);
    },
    close() {
      display.close();
    },
    enter(next) {
      requireWritten();
      phase = next;
      write();
    },
    stop() {
      clearInterval(timer);
      state = 'stopped';
      work = undefined;
      write();
    },
    end() {
      clearInterval(timer);
    },
  };
}

type ModelProgress = RunProgress['models'][number];

interface Training {
  readonly model: ModelProgress;
  readonly imagesPerEpoch: number;
  /** Of all epochs. */
  readonly totalImages: number;
}

/** Work under way. */
interface Work {
  readonly label: string;
  readonly training: Training | undefined;
  /** How much of it is done, from 0 to 1. */
  fraction: number;
  /** Where this process began with it. */
  readonly begun: { readonly atMs: number; readonly fraction: number };
}

function secondsLeft({ fraction, begun }: Work): number | undefined {
  const gained = fraction - begun.fraction;
  if (gained <= 0) return undefined;
  const seconds = (performance.now() - begun.atMs) / 1000;
  return Math.max(0, ((1 - fraction) / gained) * seconds);
}
