import type { InputSpec, TensorFunction } from '@narrows/compiler';
import type { AdamOptions, Model } from '@narrows/models';

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
}

/** A model in training, with its state wherever the engine likes to keep it. */
export interface TrainingSession {
  /**
   * Takes one train step.
   * @param images pixels 0…255 of `count` images, `count·H·W·C` bytes.
   * @param labels `count` class indices.
   * @returns the batch's loss before the step.
   */
  step(images: Uint8Array, labels: Uint8Array, count: number): Promise<number>;
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
  startTraining(model: Model, state: TrainingState, options: AdamOptions): Promise<TrainingSession>;
  prepare(fn: TensorFunction, specs: Readonly<Record<string, InputSpec>>): Promise<PreparedFunction>;
}
