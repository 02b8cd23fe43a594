import { availableParallelism, cpus, release, type as osType, arch } from 'node:os';
import { basename } from 'node:path';
import { adamDefaults, findModel, type Codec, type Model } from '@narrows/models';
import { runManifestVersion, type RunFile, type RunManifest, type RunModel } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { TrainOptions } from './cli/train-options.ts';
import type { Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { loadMnist } from './data/mnist.ts';
import { chooseEngine, type ChosenEngine } from './engine/choose-engine.ts';
import type { ParameterArrays } from './engine/engine.ts';
import { evaluate } from './evaluate.ts';
import { compareExport, exportModel } from './export-model.ts';
import { fitPca, type PcaFit } from './fit-pca.ts';
import { writeReport } from './report.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { initialProgress, stepsPerEpoch, trainModel, type EpochRecord } from './train-model.ts';
import { readTrainingCheckpoint, writeTrainingCheckpoint } from './training-checkpoint.ts';
import packageJson from '../package.json' with { type: 'json' };

const { version, dependencies } = packageJson;

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

/** A model whose parameters are final. */
interface FinishedModel {
  readonly model: Model;
  readonly parameters: ParameterArrays;
  readonly epochs: readonly EpochRecord[];
  readonly trainingMs: number;
}

const metricsFile = 'metrics.jsonl';
/** Images that exported files are compared on. */
const comparedImages = 16;

/**
 * The main job: trains and fits the models, exports them, evaluates them once on the test set, and leaves a run folder
 * whose manifest tells it all.
 *
 * @throws ExpectedError for everything the user can mend; a run that was begun is kept for `--resume` if it has a
 *   checkpoint and removed otherwise.
 */
export async function trainRun(
  options: TrainOptions,
  { progress, shouldStop }: RunSurroundings,
): Promise<RunOutcome> {
  const createdAt = new Date();
  const begin = performance.now();
  const phases = phaseClock();
  const chosen = await chooseEngine(options);
  progress.note(`Engine: ${chosen.reason}.`);
  progress.note(`Training: ${describePlan(options)}.`);
  const dataset = await phases.time('load', () =>
    loadMnist(options.data === undefined ? {} : { folder: options.data }),
  );
  const train = firstImages(dataset.train, options.trainLimit);
  const { height, width, channels, classNames } = dataset.description;
  const imageShape = [height, width, channels] as const;
  const models = options.models.map((id) => findModel(id, { imageShape, classes: classNames.length })!);
  const out = options.out ?? `runs/${options.preset}`;
  const folder = openWorkFolder(out, configurationOf(options), options);
  const stopped = (): RunOutcome => ({ kind: 'stopped', out, kept: folder.abandon() === 'kept' });
  try {
    const finished: FinishedModel[] = [];
    let pca: PcaFit | undefined;
    // Metrics appended after the last checkpoint are of steps that will be taken again.
    if (folder.resumed) folder.truncateLines(metricsFile, recordedEpochs(folder, options.models));
    for (const { model, family } of models) {
      if (shouldStop()) return stopped();
      if (model.kind === 'pca') {
        const begun = performance.now();
        const largest = Math.max(
          ...models.map((other) => (other.model.kind === 'pca' ? other.model.latent : 0)),
        );
        pca ??= await phases.time(model.id, () =>
          fitWithProgress(chosen, train, largest, options.seed, progress),
        );
        finished.push({
          model,
          parameters: pcaParameters(pca, model),
          epochs: [],
          trainingMs: performance.now() - begun,
        });
      } else {
        const epochs = options.epochs[family.name as keyof TrainOptions['epochs']];
        const result = await phases.time(model.id, () =>
          trainWithCheckpoints(model, epochs, { options, chosen, train, folder, progress, shouldStop }),
        );
        if (result === undefined) return stopped();
        finished.push(result);
      }
    }
    if (shouldStop()) return stopped();
    const exported = await phases.time('export', () => exportAll(finished, train, imageShape, folder));
    if (shouldStop()) return stopped();
    const evaluation = await phases.time('evaluate', async () => {
      const task = progress.task('evaluation');
      const bytesOf = (role: string) => (model: ExportedRunModel) => ({
        id: model.entry.id,
        bytes: model.bytes[role],
      });
      const result = await evaluate(
        {
          codecs: exported.filter(({ entry }) => entry.kind !== 'classifier').map(bytesOf('autoencoder')),
          classifiers: exported.filter(({ entry }) => entry.kind === 'classifier').map(bytesOf('classifier')),
        },
        dataset.test,
        {
          imageShape,
          classCount: classNames.length,
          threads: options.threads,
          onProgress: (fraction) => {
            task.update(fraction);
          },
        },
      );
      task.finish(`${dataset.test.count.toLocaleString('en-US')} test images`);
      return result;
    });
    const metrics = finished.some(({ epochs }) => epochs.length > 0)
      ? [folder.describeFile(metricsFile)]
      : [];
    const manifest: RunManifest = {
      schemaVersion: runManifestVersion,
      narrowsVersion: version,
      name: basename(out),
      createdAt: createdAt.toISOString(),
      finishedAt: new Date().toISOString(),
      preset: options.preset,
      seed: options.seed,
      configuration: configurationOf(options),
      dataset: dataset.description,
      platform: platform(),
      engine: {
        name: chosen.engine.name,
        device: chosen.engine.device,
        reason: chosen.reason,
        threads: chosen.engine.threads,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      durations: { totalMs: performance.now() - begin, phaseMs: phases.durations },
      models: exported.map(({ entry }) => entry),
      evaluation,
      files: [...exported.flatMap(({ files }) => files), ...metrics],
    };
    manifest.files.push(folder.addFile('report.md', writeReport(manifest)));
    folder.finish(`${JSON.stringify(manifest, null, 2)}\n`);
    return { kind: 'finished', out, manifest };
  } finally {
    folder.abandon();
  }
}

/** The plan in one line, so that an option that went astray shows at once. */
function describePlan({ models, epochs, batchSize, learningRate, seed, trainLimit }: TrainOptions): string {
  const families = Object.entries(epochs).filter(([family]) => models.some((id) => id.startsWith(family)));
  return [
    models.join(', '),
    ...families.map(([family, count]) => `${family} ${count} ${count === 1 ? 'epoch' : 'epochs'}`),
    `batch ${batchSize}`,
    `Adam at ${learningRate}`,
    `seed ${seed}`,
    ...(trainLimit === undefined ? [] : [`first ${trainLimit} images`]),
  ].join(', ');
}

interface TrainingContext extends RunSurroundings {
  readonly options: TrainOptions;
  readonly chosen: ChosenEngine;
  readonly train: Split;
  readonly folder: WorkFolder;
}

/** Trains one model from its checkpoint, if it has one. `undefined` when told to stop before the end. */
async function trainWithCheckpoints(
  model: Model,
  epochs: number,
  { options, chosen, train, folder, progress, shouldStop }: TrainingContext,
): Promise<FinishedModel | undefined> {
  const start = readTrainingCheckpoint(folder, model) ?? initialProgress(model, options.seed);
  const perEpoch = stepsPerEpoch(train.count, options.batchSize);
  const imagesDone =
    start.epochs.length * train.count +
    Math.min(train.count, (start.state.step % perEpoch) * options.batchSize);
  progress.start(model.id, { totalEpochs: epochs, imagesPerEpoch: train.count, imagesDone });
  const end = await trainModel(
    {
      engine: chosen.engine,
      model,
      data: train,
      epochs,
      batchSize: options.batchSize,
      seed: options.seed,
      optimizer: { ...adamDefaults, learningRate: options.learningRate },
      shouldStop,
      onStep: (state) => {
        progress.update(state);
      },
      onEpoch: async (record, snapshot) => {
        progress.epochEnd({ epoch: record.epoch, loss: record.trainLoss, durationMs: record.durationMs });
        const imagesPerSecond = train.count / (record.durationMs / 1000);
        folder.appendLine(metricsFile, JSON.stringify({ model: model.id, ...record, imagesPerSecond }));
        writeTrainingCheckpoint(folder, model, await snapshot());
      },
    },
    start,
  );
  if (end.epochs.length < epochs) {
    writeTrainingCheckpoint(folder, model, end);
    progress.finish(`stopped in epoch ${end.epochs.length + 1} of ${epochs}`);
    return undefined;
  }
  const trainingMs = end.epochs.reduce((total, { durationMs }) => total + durationMs, 0);
  progress.finish(
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, loss ${end.epochs.at(-1)!.trainLoss.toPrecision(4)}, ${(trainingMs / 1000).toFixed(1)} s`,
  );
  return { model, parameters: end.state.parameters, epochs: end.epochs, trainingMs };
}

/** Epochs that the checkpoints of these models know of, which is how many lines of metrics are settled. */
function recordedEpochs(folder: WorkFolder, ids: readonly string[]): number {
  return ids.reduce((total, id) => total + (readTrainingCheckpoint(folder, { id })?.epochs.length ?? 0), 0);
}

async function fitWithProgress(
  { engine }: ChosenEngine,
  train: Split,
  components: number,
  seed: number,
  progress: Progress,
): Promise<PcaFit> {
  const task = progress.task('PCA');
  const fit = await fitPca(engine, train, {
    components,
    seed,
    // The covariance is most of the work.
    onProgress: (fraction) => {
      task.update(0.7 * fraction);
    },
  });
  const explained = fit.variances.reduce((sum, variance) => sum + variance, 0) / fit.totalVariance;
  task.finish(`${components} components explain ${(100 * explained).toFixed(1)} % of the variance`);
  return fit;
}

/** The parameters of PCA at a codec's width, from a fit that is at least as wide. */
function pcaParameters({ mean, components }: PcaFit, { latent }: Codec): ParameterArrays {
  return { mean, components: components.slice(0, latent * mean.length) };
}

interface ExportedRunModel {
  readonly entry: RunModel;
  readonly files: readonly RunFile[];
  /** The bytes of its files by their role. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
}

/** Exports every model, compares each file with the model it was made from, and writes it to the run. */
async function exportAll(
  finished: readonly FinishedModel[],
  train: Split,
  imageShape: readonly [number, number, number],
  folder: WorkFolder,
): Promise<ExportedRunModel[]> {
  const imageSize = imageShape[0] * imageShape[1] * imageShape[2];
  const count = Math.min(comparedImages, train.count);
  // Training images, since the test set is for the evaluation alone.
  const images = Float32Array.from(train.images.subarray(0, count * imageSize), (pixel) => pixel / 255);
  const results: ExportedRunModel[] = [];
  for (const { model, parameters, epochs, trainingMs } of finished) {
    const exported = exportModel(model, parameters);
    const largestDifference = await compareExport(exported, images, { count, imageShape });
    exported.dispose();
    const written = exported.files.map(({ role, bytes }) => ({
      role,
      bytes,
      file: folder.addFile(`models/${model.id}/${role}.onnx`, bytes),
    }));
    const files = Object.fromEntries(written.map(({ role, file }) => [role, file.path]));
    const common = {
      id: model.id,
      title: model.title,
      parameterCount: model.parameterCount,
      hyperparameters: { ...model.hyperparameters } as RunModel['hyperparameters'],
      trainingMs,
      epochs: [...epochs],
      exportCheck: { images: count, largestDifference },
    };
    const entry = (
      model.kind === 'classifier'
        ? { ...common, kind: model.kind, files }
        : { ...common, kind: model.kind, latent: model.latent, files }
    ) as RunModel;
    results.push({
      entry,
      files: written.map(({ file }) => file),
      bytes: Object.fromEntries(written.map(({ role, bytes }) => [role, bytes])),
    });
  }
  return results;
}

/** The options that decide a run's figures, as plain JSON. */
function configurationOf(options: TrainOptions): RunManifest['configuration'] {
  const rest = { ...options, resume: undefined, overwrite: undefined, out: undefined };
  // JSON leaves out what is undefined.
  return JSON.parse(JSON.stringify(rest)) as RunManifest['configuration'];
}

function platform(): RunManifest['platform'] {
  return {
    node: process.version,
    os: `${osType()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    // Dependencies are pinned, so these are the versions that are installed.
    versions: Object.fromEntries(
      Object.entries(dependencies).filter(([name]) => !name.startsWith('@narrows/')),
    ),
  };
}

/** Sums wall-clock time by phase. */
function phaseClock() {
  const durations: Record<string, number> = {};
  return {
    durations,
    async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
      const begin = performance.now();
      try {
        return await work();
      } finally {
        durations[phase] = (durations[phase] ?? 0) + performance.now() - begin;
      }
    },
  };
}
