export { chooseEngine } from './engine/choose-engine.ts';
export type { ChosenEngine, EngineRequest } from './engine/choose-engine.ts';
export type { Engine, TrainingSession, TrainingState } from './engine/engine.ts';
export { loadMnist } from './data/mnist.ts';
export type { Dataset, Split } from './data/dataset.ts';
export { ExpectedError } from './expected-error.ts';
export { initialProgress, trainModel } from './train-model.ts';
export type { EpochRecord, TrainingPlan, TrainingProgress } from './train-model.ts';
