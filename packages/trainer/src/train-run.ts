import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Codec, PcaCodec } from '@narrows/models';
import { runManifestVersion, type RunFile, type RunManifest } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { TrainOptions } from './cli/train-options.ts';
import { describeEpochs } from './cli/describe-epochs.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { holdOut } from './data/hold-out.ts';
import { loadMnist } from './data/mnist.ts';
import { chooseEngine, type ChosenEngine } from './engine/choose-engine.ts';
import { evaluate } from './evaluate.ts';
import { evaluationFiles } from './evaluation/evaluation-files.ts';
import {
  cardFile,
  exportRun,
  finishedParameters,
  type ExportedRunModel,
  type FinishedModel,
} from './export-run.ts';
import { fitPca, type PcaFit } from './fit-pca.ts';
import { mapLatents } from './map-latents.ts';
import { writeModelCard } from './model-card.ts';
import { startPhaseClock, type PhaseClock } from './phase-clock.ts';
import { planModels, type PlannedModel } from './plan-models.ts';
import { makeReport } from './report/make-report.ts';
import { reportFiles } from './report/report-run.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { runPlatform, version } from './run-platform.ts';
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
  readonly options: TrainOptions;
  readonly chosen: ChosenEngine;
  readonly dataset: Dataset;
  readonly train: Split;
  readonly validation?: Split;
  readonly folder: WorkFolder;
  readonly phases: PhaseClock;
}

/**
 * The main job: trains and fits the models, exports them, evaluates them once on the test set, maps their latent spaces,
 * and leaves a run folder whose manifest tells it all and a report that shows it.
 *
 * @throws ExpectedError for everything the user can mend; a run that was begun is kept for `--resume` if it has a
 *   checkpoint and removed otherwise.
 */
export async function trainRun(options: TrainOptions, surroundings: RunSurroundings): Promise<RunOutcome> {
  const { progress, shouldStop } = surroundings;
  const createdAt = new Date();
  const begin = performance.now();
  const phases = startPhaseClock();
  const chosen = await chooseEngine(options);
  progress.note(`Engine: ${chosen.reason}.`);
  const dataset = await phases.time('load', () =>
    loadMnist(options.data === undefined ? {} : { folder: options.data }),
  );
  const { height, width, channels, classNames } = dataset.description;
  const imageShape = [height, width, channels] as const;
  const planned = planModels(options.models, { imageShape, classes: classNames.length });
  progress.note(`Training: ${describePlan(options, planned)}.`);
  const split = holdOut(firstImages(dataset.train, options.trainLimit), options.validation);
  const out = options.out ?? `runs/${options.preset}`;
  const folder = openWorkFolder(out, configurationOf(options), options);
  const context: RunContext = { ...surroundings, options, chosen, dataset, ...split, folder, phases };
  const stopped = (): RunOutcome => ({ kind: 'stopped', out, kept: folder.abandon() === 'kept' });
  try {
    const finished = await finishModels(planned, context);
    if (finished === undefined || shouldStop()) return stopped();
    const exported = await phases.time('export', () => exportRun(finished, split.train, folder));
    if (shouldStop()) return stopped();
    const evaluation = await phases.time('evaluate', () => evaluateModels(exported, context));
    const maps = await phases.time('maps', () =>
      mapLatents({
        codecs: exported
          .filter(({ entry }, i) => entry.kind !== 'classifier' && !isSamePcaAsBefore(exported, i))
          .map(({ entry, bytes }) => ({ id: entry.id, encoder: bytes['encoder'] })),
        test: dataset.test,
        imageShape,
        maps: options.maps,
        seed: options.seed,
        engine: chosen.engine,
        folder,
        progress,
        shouldStop,
      }),
    );
    if (maps === undefined) return stopped();
    const trained = finished.filter(({ kind }) => kind === 'trained').map(({ model }) => model.id);
    const metrics =
      trained.length === 0
        ? []
        : [folder.describeFile(metricsFile), ...trained.map((id) => writeTensorboard(folder, id))];
    const manifest: RunManifest = {
      schemaVersion: runManifestVersion,
      narrowsVersion: version,
      name: basename(out),
      createdAt: createdAt.toISOString(),
      finishedAt: new Date().toISOString(),
      preset: options.preset,
      seed: options.seed,
      configuration: configurationOf(options),
      flags: [...options.flags],
      dataset: dataset.description,
      platform: runPlatform(),
      engine: {
        name: chosen.engine.name,
        device: chosen.engine.device,
        reason: chosen.reason,
        threads: chosen.engine.threads,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      durations: { totalMs: performance.now() - begin, phaseMs: { ...phases.durations } },
      models: exported.map(({ entry }) => entry),
      evaluation: evaluation.result,
      latentMaps: maps.entries,
      files: [...exported.flatMap(({ files }) => files), ...evaluation.files, ...maps.files, ...metrics],
    };
    for (const model of manifest.models) {
      manifest.files.push(folder.addFile(cardFile(model.id), writeModelCard(manifest, model)));
    }
    const report = makeReport(manifest, (path) => readFileSync(folder.path(path)));
    manifest.files.push(
      folder.addFile(reportFiles.html, report.html),
      folder.addFile(reportFiles.markdown, report.markdown),
    );
    folder.finish(`${JSON.stringify(manifest, null, 2)}\n`);
    return { kind: 'finished', out, manifest };
  } finally {
    folder.abandon();
  }
}

/** Trains or fits each model in turn; `undefined` when told to stop before the end. */
async function finishModels(
  planned: readonly PlannedModel[],
  context: RunContext,
): Promise<FinishedModel[] | undefined> {
  const { options, chosen, train, validation, folder, progress, shouldStop, phases } = context;
  const finished: FinishedModel[] = [];
  const isPca = ({ model }: PlannedModel): boolean => model.kind === 'pca';
  const widest = Math.max(0, ...planned.filter(isPca).map(({ model }) => (model as PcaCodec).latent));
  let pca: { fit: PcaFit; fitMs: number } | undefined;
  // Metrics appended after the last checkpoint are of steps that will be taken again.
  if (folder.resumed) {
    const ids = planned.map(({ model }) => model.id);
    folder.truncateLines(metricsFile, recordedEpochs(folder, ids));
  }
  for (const { model, trainedOn = 'original' } of planned) {
    if (shouldStop()) return undefined;
    if (model.kind === 'pca') {
      const begin = performance.now();
      pca ??= {
        fit: await phases.time(model.id, () => fitWithProgress(context, widest)),
        fitMs: performance.now() - begin,
      };
      finished.push({ kind: 'fitted', model, trainedOn, fit: pca.fit, trainingMs: pca.fitMs });
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
  const explained = fit.variances.reduce((sum, variance) => sum + variance, 0) / fit.totalVariance;
  task.finish(`${components} components explain ${(100 * explained).toFixed(1)} % of the variance`);
  return fit;
}

/** Evaluates the exported files on the test set, and writes what the report and the viewer show of it. */
async function evaluateModels(
  exported: readonly ExportedRunModel[],
  { dataset, options, folder, progress }: RunContext,
): Promise<{ result: RunManifest['evaluation']; files: RunFile[] }> {
  const task = progress.task('evaluation');
  const bytesOf = (role: string) => (model: ExportedRunModel) => ({
    id: model.entry.id,
    bytes: model.bytes[role],
  });
  const { height, width, channels, classNames } = dataset.description;
  const { perImage, samples, ...result } = await evaluate(
    {
      codecs: exported.filter(({ entry }) => entry.kind !== 'classifier').map(bytesOf('autoencoder')),
      classifiers: exported.filter(({ entry }) => entry.kind === 'classifier').map(bytesOf('classifier')),
    },
    dataset.test,
    {
      imageShape: [height, width, channels],
      classCount: classNames.length,
      threads: options.threads,
      onProgress: (fraction) => {
        task.update(fraction);
      },
    },
  );
  task.finish(`${dataset.test.count.toLocaleString('en-US')} test images`);
  const bytes = evaluationFiles({ perImage, samples });
  const files = {
    perImage: folder.addFile('evaluation/per-image.safetensors', bytes.perImage),
    samples: folder.addFile('evaluation/samples.safetensors', bytes.samples),
  };
  return {
    result: { ...result, files: { perImage: files.perImage.path, samples: files.samples.path } },
    files: Object.values(files),
  };
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

/** The plan in one line, so that an option that went astray shows at once. */
function describePlan(
  { training, seed, trainLimit, validation }: TrainOptions,
  planned: readonly PlannedModel[],
): string {
  const settings = Object.values(training);
  const batchSizes = [...new Set(settings.map(({ batchSize }) => batchSize))];
  const rates = [...new Set(settings.map(({ learningRate }) => learningRate))];
  return [
    planned.map(({ model }) => model.id).join(', '),
    ...(settings.length === 0 ? [] : [`epochs: ${describeEpochs(training)}`]),
    ...(batchSizes.length === 0 ? [] : [`batch ${batchSizes.join(', ')}`]),
    ...(rates.length === 0 ? [] : [`Adam at ${rates.join(', ')}`]),
    `seed ${seed}`,
    ...(trainLimit === undefined ? [] : [`first ${trainLimit} images`]),
    ...(validation === 0 ? [] : [`last ${validation} of them held out`]),
  ].join(', ');
}

/** The options that decide a run's figures, as plain JSON. */
function configurationOf(options: TrainOptions): RunManifest['configuration'] {
  const rest = { ...options, resume: undefined, overwrite: undefined, out: undefined, flags: undefined };
  // JSON leaves out what is undefined.
  return JSON.parse(JSON.stringify(rest)) as RunManifest['configuration'];
}
