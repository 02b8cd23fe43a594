import type { PcaCodec, TrainableModel } from '@narrows/models';
import { encodeSafetensors, type RunFile, type RunModel } from '@narrows/shared';
import type { Split } from './data/dataset.ts';
import { scaleBytes } from './data/pixels.ts';
import { explainedVariance } from './explained-variance.ts';
import { compareExport, exportModel } from './export-model.ts';
import type { PcaFit } from './fit-pca.ts';
import type { ParameterArrays } from './engine/engine.ts';
import type { WorkFolder } from './run-folder/work-folder.ts';
import type { TrainedModel } from './training/train-with-checkpoints.ts';
import type { TrainingSettings } from './training/training-settings.ts';

/** A model whose parameters are final: fitted, or trained with certain settings. */
export type FinishedModel =
  | {
      readonly kind: 'fitted';
      readonly model: PcaCodec;
      readonly fit: PcaFit;
      readonly trainingMs: number;
    }
  | ({
      readonly kind: 'trained';
      readonly model: TrainableModel;
      /** `original`, or the codec whose reconstructions a classifier was trained on. */
      readonly trainedOn: string;
      readonly settings: TrainingSettings;
    } & TrainedModel);

/** A model of the run with its files written. */
export interface ExportedRunModel {
  /** What the manifest says of it. Its card is named there and not yet written: it tells what the evaluation finds. */
  readonly entry: RunModel;
  readonly files: readonly RunFile[];
  /** The bytes of its ONNX files by their role. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
}

/** Images that exported files are compared on. */
const comparedImages = 16;

/** Where a model's card is. */
export function cardFile(id: string): string {
  return `models/${id}/card.md`;
}

/** The parameters that a finished model is exported with. */
export function finishedParameters(finished: FinishedModel): ParameterArrays {
  if (finished.kind === 'trained') return finished.parameters;
  const { mean, components } = finished.fit;
  return { mean, components: components.slice(0, finished.model.latent * mean.length) };
}

/** Exports every model, compares each file with the model it was made from, and writes it to the run. */
export async function exportRun(
  finished: readonly FinishedModel[],
  {
    train,
    weights,
    folder,
  }: { readonly train: Split; readonly weights: RunModel['weights']; readonly folder: WorkFolder },
): Promise<ExportedRunModel[]> {
  const imageSize = train.images.length / train.count;
  const count = Math.min(comparedImages, train.count);
  // Training images, since the test set is for the evaluation alone.
  const images = scaleBytes(train.images.subarray(0, count * imageSize));
  const results: ExportedRunModel[] = [];
  for (const one of finished) {
    const { model } = one;
    const parameters = finishedParameters(one);
    const exported = exportModel(model, parameters, { weights });
    const largestDifference = await compareExport(exported, images, { count, imageShape: model.imageShape });
    exported.dispose();
    const written = exported.files.map(({ role, bytes }) => ({
      role,
      bytes,
      file: folder.addFile(`models/${model.id}/${role}.onnx`, bytes),
    }));
    const files = written.map(({ file }) => file);
    if (one.kind === 'fitted') {
      files.push(folder.addFile(componentsFile(model.id), componentsBytes(parameters)));
    }
    const roles = Object.fromEntries(written.map(({ role, file }) => [role, file.path]));
    results.push({
      entry: entryOf(one, { roles, weights, exportCheck: { images: count, largestDifference } }),
      files,
      bytes: Object.fromEntries(written.map(({ role, bytes }) => [role, bytes])),
    });
  }
  return results;
}

/** @param roles where the ONNX files are, by their role. */
function entryOf(
  finished: FinishedModel,
  {
    roles,
    weights,
    exportCheck,
  }: { readonly roles: Readonly<Record<string, string>> } & Pick<RunModel, 'weights' | 'exportCheck'>,
): RunModel {
  const { model, trainingMs } = finished;
  const common = {
    id: model.id,
    title: model.title,
    source: model.source,
    parameterCount: model.parameterCount,
    hyperparameters: Object.fromEntries(
      Object.entries(model.hyperparameters).map(([name, value]) => [
        name,
        typeof value === 'object' ? [...value] : value,
      ]),
    ),
    trainingMs,
    weights,
    exportCheck,
  };
  const card = cardFile(model.id);
  if (finished.kind === 'fitted') {
    const { latent } = finished.model;
    return {
      kind: 'pca',
      ...common,
      latent,
      epochs: [],
      explainedVariance: explainedVariance(finished.fit, latent),
      files: { ...codecFiles(roles), card, components: componentsFile(model.id) },
    };
  }
  const { epochs, settings, endedBy, keptEpoch, keptValidationLoss, trainedOn } = finished;
  const training = {
    epochs: [...epochs],
    training: { ...settings },
    endedBy,
    keptEpoch,
    ...(keptValidationLoss === undefined ? {} : { keptValidationLoss }),
  };
  return finished.model.kind === 'classifier'
    ? {
        kind: 'classifier',
        ...common,
        ...training,
        trainedOn,
        files: { classifier: roles['classifier'], card },
      }
    : {
        kind: 'autoencoder',
        ...common,
        ...training,
        latent: finished.model.latent,
        files: { ...codecFiles(roles), card },
      };
}

function codecFiles(roles: Readonly<Record<string, string>>) {
  return { encoder: roles['encoder'], decoder: roles['decoder'], autoencoder: roles['autoencoder'] };
}

function componentsFile(id: string): string {
  return `models/${id}/components.safetensors`;
}

function componentsBytes({ mean, components }: ParameterArrays): Uint8Array {
  const pixels = mean.length;
  return encodeSafetensors({
    tensors: [
      { name: 'mean', shape: [pixels], data: mean },
      { name: 'components', shape: [components.length / pixels, pixels], data: components },
    ],
  });
}
