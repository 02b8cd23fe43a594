import { findModel, type Classifier, type Model, type ModelContext } from '@narrows/models';
import { usageError } from './cli/usage-error.ts';

/** A model of a run and what has to be there before it can be trained. */
export interface PlannedModel {
  readonly model: Model;
  /** The codec whose reconstructions a classifier is trained on; none for originals. */
  readonly trainedOn?: string;
  /** Ids of models of the same run that it needs. */
  readonly needs: readonly string[];
}

const retrained = /^cnn-on-(.+)$/;

/**
 * The model with this id: one of the models' table, or `cnn-on-CODEC`, the classifier trained on what a codec makes of the
 * training images.
 */
export function planModel(id: string, context: ModelContext): PlannedModel | undefined {
  const codecId = retrained.exec(id)?.[1];
  if (codecId !== undefined) {
    const codec = findModel(codecId, context)?.model;
    if (codec === undefined || codec.kind === 'classifier') return undefined;
    const cnn = findModel('cnn', context)!.model as Classifier;
    const title = `${cnn.title}, trained on ${codec.title}`;
    return { model: { ...cnn, id, title }, trainedOn: codecId, needs: [codecId] };
  }
  const model = findModel(id, context)?.model;
  if (model === undefined) return undefined;
  const frozen = 'frozen' in model ? model.frozen : undefined;
  return { model, needs: frozen === undefined ? [] : [frozen.id] };
}

/**
 * The models of a run in an order in which each comes after those that it needs, otherwise as they were named.
 * @throws ExpectedError (exit code 2) when a model needs one that is not named.
 */
export function planModels(ids: readonly string[], context: ModelContext): PlannedModel[] {
  const waiting = ids.map((id) => planModel(id, context)!);
  for (const { model, needs } of waiting) {
    const missing = needs.find((id) => !ids.includes(id));
    if (missing !== undefined) {
      throw usageError(
        `Cannot train "${model.id}": it needs "${missing}" in the same run, which is not among the models: add it to --models.`,
      );
    }
  }
  const planned: PlannedModel[] = [];
  while (waiting.length > 0) {
    const isReady = ({ needs }: PlannedModel): boolean =>
      needs.every((id) => planned.some(({ model }) => model.id === id));
    planned.push(...waiting.splice(waiting.findIndex(isReady), 1));
  }
  return planned;
}
