import { z } from 'zod';
import type { Model } from '@narrows/models';
import type { ParameterArrays } from './engine/engine.ts';
import { decodeCheckpoint, encodeCheckpoint } from './run-folder/checkpoint.ts';
import type { WorkFolder } from './run-folder/work-folder.ts';
import type { TrainingProgress } from './train-model.ts';

/** What a checkpoint says besides its tensors. */
const metaSchema = z.strictObject({
  step: z.int().nonnegative(),
  epochs: z.array(
    z.strictObject({ epoch: z.int().positive(), trainLoss: z.number(), durationMs: z.number() }),
  ),
  lossSum: z.number(),
  elapsedMs: z.number(),
});

const groups = ['parameters', 'm', 'v'] as const;

function fileName(id: string): string {
  return `${id}.safetensors`;
}

/** Keeps all that it takes to go on with a model's training. */
export function writeTrainingCheckpoint(folder: WorkFolder, model: Model, progress: TrainingProgress): void {
  const { state, epochs, lossSum, elapsedMs } = progress;
  const tensors = groups.flatMap((group) =>
    model.parameters.map(({ name, shape }) => ({
      name: `${group}/${name}`,
      shape,
      data: state[group][name],
    })),
  );
  const meta = { step: state.step, epochs: epochs.map((record) => ({ ...record })), lossSum, elapsedMs };
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
  const { step, ...progress } = metaSchema.parse(meta);
  const groupOf = (group: (typeof groups)[number]): ParameterArrays =>
    Object.fromEntries(
      tensors
        .filter(({ name }) => name.startsWith(`${group}/`))
        .map(({ name, data }) => [name.slice(group.length + 1), data]),
    );
  return {
    state: { step, parameters: groupOf('parameters'), m: groupOf('m'), v: groupOf('v') },
    ...progress,
  };
}
