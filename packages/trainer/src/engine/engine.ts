import type { InputSpec, TensorFunction } from '@narrows/compiler';
import type { AdamOptions, TrainableModel } from '@narrows/models';

/** Where the numbers are crunched. */
export type Device = 'cpu' | 'cuda' | 'webgpu';

/** float32 arrays by parameter name, in row-major order. */
export type ParameterArrays = Readonly<Record<string, Float32Array>>;

/** All that training changes: enough to go on from, byte for byte. */
export interface TrainingState {
  /** Steps taken so far. */
  readonly step: number;
  readonly parameters: ParameterArrays;
  /** Adam's running mean of gradients. */
  readonly m: ParameterArrays;
  /** Adam's running mean of squared gradients. */
  readonly v: ParameterArrays;
  /** Moving average of the parameters; kept up to date where the state that training starts from has one. */
  readonly average?: ParameterArrays;
}

/** What is trained, how, and from where. */
export interface TrainingSetup {
  readonly model: TrainableModel;
  /** Parameters of `model.frozen`, where it has one. */
  readonly frozen?: ParameterArrays;
  readonly state: TrainingState;
  readonly optimizer: AdamOptions;
}

/** Images of one step. */
export interface TrainingBatch {
  /** Pixels 0…255 of `count` images, `count·H·W·C` bytes. */
  readonly images: Uint8Array;
  /** `count` class indices. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Standard normal numbers, `count` times as many as `model.noiseShape` holds; none where it has none. */
  readonly noise?: Float32Array;
}

/** What a schedule decides anew for each step. */
export interface StepRates {
  /** ≥ 0. */
  readonly learningRate: number;
  /** Decay of the moving average in [0, 1]; unused without one. */
  readonly averageDecay: number;
}

/** Steps taken in one call. They come out as they would one by one. */
export interface SeveralSteps {
  /** How many steps on batches of `count` images one call should take at most. */
  most(count: number): number;
  /**
   * Takes a train step on each batch, one after the other.
   * @param batches at least one, all of one size, with memory of their own.
   * @param rates as many.
   * @returns each batch's loss before its step.
   */
  steps(batches: readonly TrainingBatch[], rates: readonly StepRates[]): Promise<readonly number[]>;
}

/** A model in training, with its state wherever the engine likes to keep it. */
export interface TrainingSession {
  /**
   * Takes one train step.
   * @returns the batch's loss before the step.
   */
  step(batch: TrainingBatch, rates: StepRates): Promise<number>;
  /** There where a call costs much beside its steps, so that several in one are faster. */
  readonly several?: SeveralSteps;
  /** A copy of the state after the last step. */
  state(): Promise<TrainingState>;
  close(): Promise<void>;
}

/** Data of an input or output of a prepared function, in row-major order. */
export type FunctionData = Float32Array | Int32Array | Uint8Array;

/** A tensor function that is ready to run on an engine, with arrays in and out. */
export interface PreparedFunction {
  run(inputs: Readonly<Record<string, FunctionData>>): Promise<Record<string, FunctionData>>;
  close(): Promise<void>;
}

/** Runs train steps and other tensor functions, somewhere. */
export interface Engine {
  readonly name: 'onnx' | 'tfjs';
  readonly device: Device;
  /** Threads that one operation may use; what the device decides itself is 1. */
  readonly threads: number;
  /** Starts or resumes training from a state. */
  startTraining(setup: TrainingSetup): Promise<TrainingSession>;
  prepare(fn: TensorFunction, specs: Readonly<Record<string, InputSpec>>): Promise<PreparedFunction>;
}
