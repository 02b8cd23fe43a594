import { z } from 'zod';
import type { Model } from '@narrows/models';
import type { ParameterArrays } from '../engine/engine.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../run-folder/checkpoint.ts';
import type { WorkFolder } from '../run-folder/work-folder.ts';
import type { TrainingProgress } from './train-model.ts';

/** What a checkpoint says besides its tensors. */
const metaSchema = z.strictObject({
  step: z.int().nonnegative(),
  epochs: z.array(
    z.strictObject({
      epoch: z.int().positive(),
      trainLoss: z.number(),
      durationMs: z.number(),
      learningRate: z.number(),
      validationLoss: z.number().exactOptional(),
      validationAccuracy: z.number().exactOptional(),
    }),
  ),
  best: z.strictObject({ epoch: z.int().positive(), validationLoss: z.number() }).exactOptional(),
  lossSum: z.number(),
  elapsedMs: z.number(),
});

/** Groups of arrays in a checkpoint, of which the last two are there only where they are kept. */
type Group = 'parameters' | 'm' | 'v' | 'average' | 'best';

function fileName(id: string): string {
  return `${id}.safetensors`;
}

/** Keeps all that it takes to go on with a model's training. */
export function writeTrainingCheckpoint(folder: WorkFolder, model: Model, progress: TrainingProgress): void {
  const { state, epochs, best, lossSum, elapsedMs } = progress;
  const { step, ...arrays } = state;
  const groups: Partial<Record<Group, ParameterArrays>> = {
    ...arrays,
    ...(best === undefined ? {} : { best: best.parameters }),
  };
  const tensors = Object.entries(groups).flatMap(([group, values]) =>
    model.parameters.map(({ name, shape }) => ({ name: `${group}/${name}`, shape, data: values[name] })),
  );
  const meta = {
    step,
    epochs: epochs.map((record) => ({ ...record })),
    ...(best === undefined ? {} : { best: { epoch: best.epoch, validationLoss: best.validationLoss } }),
    lossSum,
    elapsedMs,
  };
  folder.writeCheckpoint(fileName(model.id), encodeCheckpoint({ meta, tensors }));
}

/** The training of a model as it was kept last; `undefined` if it was not yet. */
export function readTrainingCheckpoint(
  folder: WorkFolder,
  { id }: Pick<Model, 'id'>,
): TrainingProgress | undefined {
  const bytes = folder.readCheckpoint(fileName(id));
  if (bytes === undefined) return undefined;
  const { meta, tensors } = decodeCheckpoint(bytes, fileName(id));
  const { step, best, ...progress } = metaSchema.parse(meta);
  const groupOf = (group: Group): ParameterArrays =>
    Object.fromEntries(
      tensors
        .filter(({ name }) => name.startsWith(`${group}/`))
        .map(({ name, data }) => [name.slice(group.length + 1), data]),
    );
  const average = groupOf('average');
  return {
    state: {
      step,
      parameters: groupOf('parameters'),
      m: groupOf('m'),
      v: groupOf('v'),
      ...(Object.keys(average).length === 0 ? {} : { average }),
    },
    ...(best === undefined ? {} : { best: { ...best, parameters: groupOf('best') } }),
    ...progress,
  };
}
