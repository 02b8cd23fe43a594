import * as tf from '@tensorflow/tfjs';

/** Decides what a program leaves open. */
export interface Choose {
  /** One of a list, which must not be empty. */
  of<T>(list: readonly T[]): T;
  /** A new float32 tensor of quarters from -2 to 2, the same for the same data. */
  weights(shape: readonly number[]): tf.Tensor;
}

/** Whether a tensor can be an operand beside those that have been found. */
export type Fits = (tensor: tf.Tensor, earlier: readonly tf.Tensor[]) => boolean;

/** An op that random programs are made of. */
export interface ProgramOp {
  /** What each operand must be. */
  readonly takes: readonly Fits[];
  /** Whether backends round differently, be it by the order of a sum, and not each operation to the nearest float32. */
  readonly isRough: boolean;
  run(operands: readonly tf.Tensor[], choose: Choose): tf.Tensor | tf.Tensor[];
}

/** What an op of one operand does. */
export type Run = (x: tf.Tensor, choose: Choose) => tf.Tensor | tf.Tensor[];
type RunTwo = (a: tf.Tensor, b: tf.Tensor, choose: Choose) => tf.Tensor;

/** Any tensor. */
export const any: Fits = () => true;
/** A tensor of this dtype. */
export const isFloat: Fits = ({ dtype }) => dtype === 'float32';
/** A tensor of this dtype. */
export const isBool: Fits = ({ dtype }) => dtype === 'bool';
/** A tensor of float32 or int32. */
export const isNumeric: Fits = ({ dtype }) => dtype !== 'bool';
/** What fits all of these. */
export const both =
  (...all: Fits[]): Fits =>
  (tensor, earlier) =>
    all.every((fits) => fits(tensor, earlier));
/** A tensor with at least and at most so many axes. */
export const rankFrom =
  (least: number, most = 6): Fits =>
  ({ rank }) =>
    rank >= least && rank <= most;
/** A tensor that is not empty. */
export const hasElements: Fits = ({ size }) => size > 0;

/** Whether the first operand and this one broadcast, and are of one dtype: tfjs converts others by itself. */
export const broadcasts: Fits = (tensor, [first]) => {
  const [a, b] = [first.shape.toReversed(), tensor.shape.toReversed()];
  return (
    tensor.dtype === first.dtype && a.every((size, i) => size === 1 || (b[i] ?? 1) === 1 || size === b[i])
  );
};

/** Ops of one operand, all of which take the same. */
export function one(
  takes: Fits,
  table: Record<string, Run>,
  { isRough = false } = {},
): [string, ProgramOp][] {
  return Object.entries(table).map(([name, run]) => [
    name,
    { takes: [takes], isRough, run: ([x], choose) => run(x, choose) },
  ]);
}

/** Ops of two operands, all of which take the same. */
export function two(
  takes: readonly [Fits, Fits],
  table: Record<string, RunTwo>,
  { isRough = false } = {},
): [string, ProgramOp][] {
  return Object.entries(table).map(([name, run]) => [
    name,
    { takes, isRough, run: ([a, b], choose) => run(a, b, choose) },
  ]);
}

/** Keeps int32 small, since products beyond 2⁵³ are not the same everywhere. */
export function bounded(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'int32' ? tf.clipByValue(x, -100, 100) : x;
}

/** Some of the axes, or all. */
export function chooseAxes({ rank }: tf.Tensor, choose: Choose): number[] | undefined {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const kept = axes.filter(() => choose.of([true, false]));
  return choose.of([kept.length > 0 ? kept : undefined, undefined]);
}

/** One of the axes, of which there must be some. */
export const chooseAxis = ({ rank }: tf.Tensor, choose: Choose): number =>
  choose.of(Array.from({ length: rank }, (_, axis) => axis));

/** Yes or no. */
export const chooseFlag = (choose: Choose): boolean => choose.of([false, true]);
