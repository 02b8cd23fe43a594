/** A course of the learning rate over a training. */
export interface LearningRateSchedule {
  /** The highest learning rate, > 0. */
  readonly peak: number;
  readonly schedule: 'constant' | 'cosine';
  /** Steps over which it rises to the peak, from 0 on. */
  readonly warmupSteps: number;
  /** Steps of the whole training. */
  readonly totalSteps: number;
}

/**
 * The learning rate of a step. In the warm-up it rises in equal parts: `peak · step / warmupSteps` (Goyal et al. 2017,
 * https://arxiv.org/abs/1706.02677). After it, `constant` stays at the peak and `cosine` falls to 0, which it would reach
 * one step after the last: `peak · (1 + cos(π·t)) / 2` with `t` the part of the remaining steps that is done (Loshchilov &
 * Hutter 2017, https://arxiv.org/abs/1608.03983).
 *
 * @param step from 1 to `totalSteps`.
 */
export function learningRateAt(
  step: number,
  { peak, schedule, warmupSteps, totalSteps }: LearningRateSchedule,
): number {
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  if (schedule === 'constant') return peak;
  const done = (step - 1 - warmupSteps) / (totalSteps - warmupSteps);
  return (peak * (1 + Math.cos(Math.PI * done))) / 2;
}

/**
 * The decay of the moving average at a step: the one asked for, but at most `(1 + step) / (10 + step)`, so that the first
 * steps don't weigh for ever (as TensorFlow's ExponentialMovingAverage does with `num_updates`).
 */
export function averageDecayAt(step: number, decay: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
