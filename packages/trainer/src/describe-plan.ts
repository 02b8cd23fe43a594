import { describeEpochs } from './cli/describe-epochs.ts';
import type { TrainOptions } from './cli/train-options.ts';
import { plainTraining, type TrainingSettings } from './training/training-settings.ts';

/** What is said of a setting other than that of plain training. */
const extras: readonly (readonly [
  setting: keyof TrainingSettings,
  say: (settings: TrainingSettings) => string,
])[] = [
  ['schedule', ({ schedule }) => `${schedule} schedule`],
  ['warmup', ({ warmup }) => `warm-up of ${warmup} ${warmup === 1 ? 'epoch' : 'epochs'}`],
  ['weightDecay', ({ weightDecay }) => `weight decay ${weightDecay}`],
  ['gradientClip', ({ gradientClip }) => `gradients clipped at ${gradientClip}`],
  ['averageDecay', ({ averageDecay }) => `weights averaged at ${averageDecay}`],
  ['augment', () => 'augmented'],
  ['keep', ({ keep }) => `${keep} weights kept`],
  ['patience', ({ patience }) => `patience ${patience}`],
  ['timeLimit', ({ timeLimit }) => `at most ${timeLimit} min each`],
];

/**
 * What a run will do in one line, so that an option that went astray shows at once. Settings of plain training go without
 * saying, but for epochs, batch size and learning rate; one that not all trained models share says how many have it.
 *
 * @param models ids in the order of training.
 */
export function describePlan(
  { training, seed, trainLimit, validation, weights }: TrainOptions,
  models: readonly string[],
): string {
  const settings = Object.values(training);
  const batchSizes = [...new Set(settings.map(({ batchSize }) => batchSize))];
  const rates = [...new Set(settings.map(({ learningRate }) => learningRate))];
  return [
    models.join(', '),
    ...(settings.length === 0 ? [] : [`epochs: ${describeEpochs(training)}`]),
    ...(batchSizes.length === 0 ? [] : [`batch ${batchSizes.join(', ')}`]),
    ...(rates.length === 0 ? [] : [`Adam at ${rates.join(', ')}`]),
    ...describeExtras(settings),
    `seed ${seed}`,
    ...(trainLimit === undefined ? [] : [`first ${trainLimit} images`]),
    ...(validation === 0
      ? []
      : [`last ${validation} of ${trainLimit === undefined ? 'the' : 'these'} images held out`]),
    ...(weights === 'float32' ? [] : [`weights stored as ${weights}`]),
  ].join(', ');
}

function describeExtras(settings: readonly TrainingSettings[]): string[] {
  return extras.flatMap(([setting, say]) => {
    const others = settings.filter((one) => one[setting] !== plainTraining[setting]).map(say);
    return [...new Set(others)].map((text) => {
      const count = others.filter((other) => other === text).length;
      return count === settings.length ? text : `${text} (${count} of ${settings.length})`;
    });
  });
}
