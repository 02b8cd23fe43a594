import { z } from 'zod';
import type { Model } from '@narrows/models';
import type { ParameterArrays } from '../engine/engine.ts';
import {
  damagedCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  parseMeta,
  type CheckpointTensor,
} from '../run-folder/checkpoint.ts';
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

/**
 * The training of a model as it was kept last; `undefined` if it was not yet.
 *
 * @throws ExpectedError for a file that is damaged, or whose arrays are not those of the model.
 */
export function readTrainingCheckpoint(
  folder: WorkFolder,
  model: Pick<Model, 'id' | 'parameters'>,
): TrainingProgress | undefined {
  const file = fileName(model.id);
  const bytes = folder.readCheckpoint(file);
  if (bytes === undefined) return undefined;
  const { meta, tensors } = decodeCheckpoint(bytes, file);
  const { step, best, ...progress } = parseMeta(meta, { schema: metaSchema, name: file });
  const isAveraged = tensors.some(({ name }) => name.startsWith('average/'));
  const groups: readonly Group[] = [
    'parameters',
    'm',
    'v',
    ...(isAveraged ? (['average'] as const) : []),
    ...(best === undefined ? [] : (['best'] as const)),
  ];
  const arrays = arraysOf(tensors, { file, groups, model });
  return {
    state: {
      step,
      parameters: arrays('parameters'),
      m: arrays('m'),
      v: arrays('v'),
      ...(isAveraged ? { average: arrays('average') } : {}),
    },
    ...(best === undefined ? {} : { best: { ...best, parameters: arrays('best') } }),
    ...progress,
  };
}

/** Finds the arrays of a group, once it is sure that the file has all arrays of these groups and no others. */
function arraysOf(
  tensors: readonly CheckpointTensor[],
  {
    file,
    groups,
    model,
  }: { file: string; groups: readonly Group[]; model: Pick<Model, 'id' | 'parameters'> },
): (group: Group) => ParameterArrays {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const expected = groups.flatMap((group) =>
    model.parameters.map(({ name, shape }) => ({ name: `${group}/${name}`, shape })),
  );
  for (const { name, shape } of expected) {
    const found = byName.get(name);
    if (found === undefined) throw damagedCheckpoint(file, `"${name}" must be there, and it is not`);
    if (found.shape.join() !== shape.join()) {
      throw damagedCheckpoint(
        file,
        `"${name}" must be of shape [${shape.join(', ')}], and it is of [${found.shape.join(', ')}]`,
      );
    }
  }
  const names = new Set(expected.map(({ name }) => name));
  const stranger = tensors.find(({ name }) => !names.has(name));
  if (stranger !== undefined) {
    throw damagedCheckpoint(file, `"${stranger.name}" must be an array of "${model.id}", and it is none`);
  }
  return (group) =>
    Object.fromEntries(model.parameters.map(({ name }) => [name, byName.get(`${group}/${name}`)!.data]));
}
