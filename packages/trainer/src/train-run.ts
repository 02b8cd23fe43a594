import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Codec } from '@narrows/models';
import type { RunFile, RunManifest } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { TrainOptions } from './cli/train-options.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { holdOut } from './data/hold-out.ts';
import { loadMnist } from './data/mnist.ts';
import { describePlan } from './describe-plan.ts';
import { chooseEngine, type ChosenEngine } from './engine/choose-engine.ts';
import { evaluateModels } from './evaluate-models.ts';
import { explainedVariance } from './explained-variance.ts';
import {
  cardFile,
  exportRun,
  finishedParameters,
  type ExportedRunModel,
  type FinishedModel,
} from './export-run.ts';
import { fitPca, type PcaFit } from './fit-pca.ts';
import { startLiveProgress, type LiveProgress } from './live-progress.ts';
import { makeManifest, manifestText, resumableConfiguration } from './make-manifest.ts';
import { mapLatents } from './map-latents.ts';
import { writeModelCard } from './model-card.ts';
import { startPhaseClock, type PhaseClock } from './phase-clock.ts';
import { planModels, type PlannedModel } from './plan-models.ts';
import { makeReport } from './report/make-report.ts';
import { reportFiles } from './report/report-run.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { reconstructSplit } from './training/reconstruct-split.ts';
import {
  metricsFile,
  recordedEpochs,
  trainWithCheckpoints,
  writeTensorboard,
} from './training/train-with-checkpoints.ts';

/** How a run ended: whole at `out`, or stopped with what was reached kept for `--resume` (or nothing worth keeping). */
export type RunOutcome =
  | { readonly kind: 'finished'; readonly out: string; readonly manifest: RunManifest }
  | { readonly kind: 'stopped'; readonly out: string; readonly kept: boolean };

/** What a run needs from outside. */
export interface RunSurroundings {
  readonly progress: Progress;
  /** Asked between steps, models and phases; `true` ends the run with what the checkpoints hold. */
  readonly shouldStop: () => boolean;
}

/** What the phases of a run share. */
interface RunContext extends RunSurroundings {
  readonly progress: LiveProgress;
  readonly options: TrainOptions;
  readonly out: string;
  /** When the process began, as a date and by the clock of `performance.now`, in ms. */
  readonly createdAt: Date;
  readonly beginMs: number;
  readonly chosen: ChosenEngine;
  readonly dataset: Dataset;
  readonly train: Split;
  readonly validation?: Split;
  readonly folder: WorkFolder;
  readonly phases: PhaseClock;
}

/**
 * The main job: trains and fits the models, exports them, evaluates them once on the test set, maps their latent spaces,
 * and leaves a run folder whose manifest tells it all and a report that shows it. While it is at work, `progress.json`
 * tells how far it is.
 *
 * @throws ExpectedError for everything the user can mend; a run that was begun is kept for `--resume` if it has a
 *   checkpoint and removed otherwise.
 */
export async function trainRun(options: TrainOptions, surroundings: RunSurroundings): Promise<RunOutcome> {
  const { progress } = surroundings;
  const createdAt = new Date();
  const beginMs = performance.now();
  const phases = startPhaseClock();
  const chosen = await chooseEngine(options);
  progress.note(`Engine: ${chosen.reason}.`);
  const dataset = await phases.time('load', () =>
    loadMnist(options.data === undefined ? {} : { folder: options.data }),
  );
  const { height, width, channels, classNames } = dataset.description;
  const imageShape = [height, width, channels] as const;
  const planned = planModels(options.models, { imageShape, classes: classNames.length });
  const models = planned.map(({ model }) => model);
  progress.note(
    `Training: ${describePlan(
      options,
      models.map(({ id }) => id),
    )}.`,
  );
  const split = holdOut(firstImages(dataset.train, options.trainLimit), options.validation);
  const out = options.out ?? `runs/${options.preset}`;
  const folder = openWorkFolder(out, resumableConfiguration(options, chosen), options);
  try {
    const recorded = recordedEpochs(folder, models);
    // Metrics appended after the last checkpoint are of steps that will be taken again.
    const settled = [...recorded.values()].reduce((total, epochs) => total + epochs.length, 0);
    if (folder.resumed) folder.truncateLines(metricsFile, settled);
    const live = startLiveProgress(progress, {
      folder,
      name: basename(out),
      preset: options.preset,
      startedAt: createdAt.toISOString(),
      models,
      plannedEpochs: Object.fromEntries(
        Object.entries(options.training).map(([id, { epochs }]) => [id, epochs]),
      ),
      recorded,
    });
    try {
      const inRun = { options, out, createdAt, beginMs, chosen, dataset, ...split, folder, phases };
      const manifest = await makeRun(planned, { ...surroundings, ...inRun, progress: live });
      if (manifest === undefined) {
        live.stop();
        return { kind: 'stopped', out, kept: folder.abandon() === 'kept' };
      }
      live.end();
      folder.finish(manifestText(manifest, out));
      return { kind: 'finished', out, manifest };
    } finally {
      live.end();
    }
  } finally {
    folder.abandon();
  }
}

/** Makes everything of a run but its `run.json`, which it returns; `undefined` when told to stop before the end. */
async function makeRun(
  planned: readonly PlannedModel[],
  context: RunContext,
): Promise<RunManifest | undefined> {
  const { options, out, createdAt, beginMs, chosen, dataset, train, folder, phases, progress, shouldStop } =
    context;
  const { height, width, channels } = dataset.description;
  const finished = await finishModels(planned, context);
  if (finished === undefined || shouldStop()) return undefined;
  progress.enter('export');
  const exported = await phases.time('export', () =>
    exportRun(finished, { train, weights: options.weights, folder }),
  );
  if (shouldStop()) return undefined;
  progress.enter('evaluate');
  const evaluation = await phases.time('evaluate', () =>
    evaluateModels(exported, { dataset, threads: options.threads, folder, progress }),
  );
  progress.enter('maps');
  const maps = await phases.time('maps', () =>
    mapLatents({
      codecs: exported
        .filter(({ entry }, i) => entry.kind !== 'classifier' && !isSamePcaAsBefore(exported, i))
        .map(({ entry, bytes }) => ({ id: entry.id, encoder: bytes['encoder'] })),
      test: dataset.test,
      imageShape: [height, width, channels],
      maps: options.maps,
      seed: options.seed,
      engine: chosen.engine,
      folder,
      progress,
      shouldStop,
    }),
  );
  if (maps === undefined) return undefined;
  progress.enter('report');
  const manifest = makeManifest({
    out,
    options,
    chosen,
    createdAt,
    dataset: dataset.description,
    durations: { totalMs: performance.now() - beginMs, phaseMs: { ...phases.durations } },
    models: exported.map(({ entry }) => entry),
    evaluation: evaluation.result,
    latentMaps: maps.entries,
    files: [
      ...exported.flatMap(({ files }) => files),
      ...evaluation.files,
      ...maps.files,
      ...epochFiles(finished, folder),
    ],
  });
  for (const model of manifest.models) {
    manifest.files.push(folder.addFile(cardFile(model.id), writeModelCard(manifest, model)));
  }
  // Before the report, which is made of a manifest that holds.
  manifestText(manifest, out);
  const report = makeReport(manifest, (path) => readFileSync(folder.path(path)));
  manifest.files.push(
    folder.addFile(reportFiles.html, report.html),
    folder.addFile(reportFiles.markdown, report.markdown),
  );
  return manifest;
}

/** Trains or fits each model in turn; `undefined` when told to stop before the end. */
async function finishModels(
  planned: readonly PlannedModel[],
  context: RunContext,
): Promise<FinishedModel[] | undefined> {
  const { options, chosen, train, validation, folder, progress, shouldStop, phases } = context;
  const finished: FinishedModel[] = [];
  const widest = Math.max(0, ...planned.map(({ model }) => (model.kind === 'pca' ? model.latent : 0)));
  let pca: { fit: PcaFit; fitMs: number } | undefined;
  for (const { model, trainedOn = 'original' } of planned) {
    if (shouldStop()) return undefined;
    if (model.kind === 'pca') {
      const begin = performance.now();
      pca ??= {
        fit: await phases.time(model.id, () => fitWithProgress(context, widest)),
        fitMs: performance.now() - begin,
      };
      finished.push({ kind: 'fitted', model, fit: pca.fit, trainingMs: pca.fitMs });
      continue;
    }
    const parametersOf = (id: string) => finishedParameters(finished.find((one) => one.model.id === id)!);
    const settings = options.training[model.id];
    const result = await phases.time(model.id, async () => {
      const throughCodec = async (split: Split): Promise<Split> =>
        trainedOn === 'original' ? split : reconstruct(split, trainedOn, { finished, context });
      return trainWithCheckpoints({
        engine: chosen.engine,
        model,
        ...(model.frozen === undefined ? {} : { frozen: parametersOf(model.frozen.id) }),
        train: await throughCodec(train),
        ...(validation === undefined ? {} : { validation: await throughCodec(validation) }),
        settings,
        seed: options.seed,
        folder,
        progress,
        shouldStop,
      });
    });
    if (result === undefined) return undefined;
    finished.push({ kind: 'trained', model, trainedOn, settings, ...result });
  }
  return finished;
}

async function reconstruct(
  split: Split,
  codecId: string,
  { finished, context }: { finished: readonly FinishedModel[]; context: RunContext },
): Promise<Split> {
  const codec = finished.find(({ model }) => model.id === codecId)!;
  const task = context.progress.task(`images through ${codecId}`);
  const result = await reconstructSplit(split, {
    codec: codec.model as Codec,
    parameters: finishedParameters(codec),
    threads: context.options.threads,
    onProgress: (fraction) => {
      task.update(fraction);
    },
  });
  task.finish(`${split.count.toLocaleString('en-US')} images`);
  return result;
}

async function fitWithProgress(
  { chosen, train, options, progress }: RunContext,
  components: number,
): Promise<PcaFit> {
  const task = progress.task('PCA');
  const fit = await fitPca(chosen.engine, train, {
    components,
    seed: options.seed,
    // The covariance is most of the work.
    onProgress: (fraction) => {
      task.update(0.7 * fraction);
    },
  });
  const explained = explainedVariance(fit, components).reduce((sum, share) => sum + share, 0);
  task.finish(`${components} components explain ${(100 * explained).toFixed(1)} % of the variance`);
  return fit;
}

/** What is written of epochs. A model has none whose time was up before its first epoch was whole. */
function epochFiles(finished: readonly FinishedModel[], folder: WorkFolder): RunFile[] {
  const ids = finished.flatMap((one) =>
    one.kind === 'trained' && one.epochs.length > 0 ? [one.model.id] : [],
  );
  return ids.length === 0
    ? []
    : [folder.describeFile(metricsFile), ...ids.map((id) => writeTensorboard(folder, id))];
}

/** Whether this is PCA as a model before it, which differs in what it makes of the same latent vectors alone. */
function isSamePcaAsBefore(models: readonly ExportedRunModel[], index: number): boolean {
  const { entry } = models[index];
  return models
    .slice(0, index)
    .some(
      (before) => entry.kind === 'pca' && before.entry.kind === 'pca' && before.entry.latent === entry.latent,
    );
}
