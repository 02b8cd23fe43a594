import { adamDefaults, type AdamOptions } from '@narrows/models';

/** How one model is trained. */
export interface TrainingSettings {
  /** Passes over the training images, at least 1. */
  readonly epochs: number;
  /** Images in one step; an epoch's last step may have fewer. */
  readonly batchSize: number;
  /** The highest learning rate of the schedule, > 0. */
  readonly learningRate: number;
  /** How the learning rate goes on after the warm-up, see `learningRateAt`. */
  readonly schedule: 'constant' | 'cosine';
  /** Epochs, also parts of one, over which the learning rate rises from 0; 0 for none. */
  readonly warmup: number;
  /** AdamW's λ; 0 for plain Adam. */
  readonly weightDecay: number;
  /** Largest norm of a step's gradients; 0 for no limit. */
  readonly gradientClip: number;
  /** Decay of the moving average of the weights that is exported in their place, in [0, 1); 0 for none. */
  readonly averageDecay: number;
  /** Whether training images are turned, scaled and shifted at random, see `augmentImages`. */
  readonly augment: boolean;
  /** Which weights are exported: those after the last epoch, or after the best one on the validation images. */
  readonly keep: 'last' | 'best';
  /** Epochs without a better validation loss after which training ends; 0 for never. */
  readonly patience: number;
  /** Minutes of training after which it ends with the weights it has; 0 for no limit. */
  readonly timeLimit: number;
}

/** The study's way: plain Adam at a constant learning rate, and the weights of the last epoch. */
export const plainTraining: TrainingSettings = {
  epochs: 10,
  batchSize: 64,
  learningRate: 1e-3,
  schedule: 'constant',
  warmup: 0,
  weightDecay: 0,
  gradientClip: 0,
  averageDecay: 0,
  augment: false,
  keep: 'last',
  patience: 0,
  timeLimit: 0,
};

/** The optimizer of these settings. */
export function optimizerOf({ weightDecay, gradientClip }: TrainingSettings): AdamOptions {
  return { ...adamDefaults, weightDecay, gradientClip };
}
