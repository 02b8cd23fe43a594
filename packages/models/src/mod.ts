export { adamDefaults, adamScales, adamStep, averageStep, clipFactor } from './adam.ts';
export type { AdamMoments, AdamOptions, AdamScales, AdamScaleTensors } from './adam.ts';
export { initialParameters } from './initial-parameters.ts';
export { meanSquaredError, softmaxCrossEntropy } from './losses.ts';
export { countParameters } from './model.ts';
export type {
  Autoencoder,
  Classifier,
  Codec,
  ImageShape,
  LossBatch,
  Model,
  Parameters,
  ParameterSpec,
  PcaCodec,
  Trainable,
  TrainableModel,
} from './model.ts';
export { findModel, modelFamilies } from './model-table.ts';
export type { FamilyName, ModelContext, ModelFamily } from './model-table.ts';
export { batchLoss, lossAndGradients, scalePixels, trainStep } from './train-step.ts';
export type { Batch, StepScales, StepState, Training } from './train-step.ts';
