import * as tf from '@tensorflow/tfjs';
import type { LazyValue } from './lazy-value.ts';

/** What the variables of a step need of the backend. */
export interface VariableValues {
  /** What a tensor stands for; `undefined` for what no graph holds. */
  valueOf(tensor: tf.TensorInfo): LazyValue | undefined;
  /** A new tensor for a value. */
  tensorOf(value: LazyValue): tf.Tensor;
  /** Tells that one tensor less stands for a value. */
  release(value: LazyValue): void;
}

/**
 * Variables that are given values which have not been computed yet. If one of these can't be, all go back to what they held:
 * on other backends the op that fails throws before anything is assigned, and one bad batch must not cost a model its
 * weights.
 */
export interface StepVariables {
  /** Whether variables were given values since the last step began. */
  readonly isStepBegun: boolean;
  /** Whether variables hold values that have not been computed. */
  readonly isUnderWay: boolean;
  /** Whether variables were given values since the last run of everything. */
  readonly areInDoubt: boolean;
  /** Whether the variable was given a value since the last step began. */
  isAssigned(variable: tf.Variable): boolean;
  /** Notes that a variable is about to be given a value. */
  assign(variable: tf.Variable): void;
  /** Notes that another step begins. */
  beginStep(): void;
  /**
   * Notes that everything recorded goes on to run, what variables were given since the last run included.
   * @returns what to call when it has run: it lets the variables keep what they were given, or gives all back what they
   *   held. Runs are told of in the order in which they began.
   */
  beginRun(): () => void;
  /** Gives variables back what they held before they were given values since the last run. */
  undo(): void;
  /** Throws, once, what kept variables from being given values. */
  tellWhatWasUndone(): void;
  /** Notes that a reader is told of a failure by other means. */
  forgetWhatWasUndone(): void;
}

/** A value that a variable was given. */
interface Given {
  readonly variable: tf.Variable;
  readonly value: LazyValue;
}

/** Variables for which it is worth while to look which of them are gone. */
const fewestLookedAt = 64;

/** Variables of tensors that `values` knows; none has been given a value so far. */
export function stepVariables(values: VariableValues): StepVariables {
  let assigned = new WeakSet<tf.Variable>();
  let isStepBegun = false;
  /** For variables of which it isn't known whether what they hold can be computed: what they held last that could. */
  const sound = new Map<tf.Variable, LazyValue>();
  /** Variables that were given values since the last run began. */
  const unrun = new Set<tf.Variable>();
  let mostSound = fewestLookedAt;
  let undone: Error | undefined;
  let isGivingBack = false;

  const hold = (value: LazyValue): LazyValue => {
    value.tensors++;
    return value;
  };

  const letGo = (variable: tf.Variable): void => {
    values.release(sound.get(variable)!);
    sound.delete(variable);
    unrun.delete(variable);
  };

  const giveBack = (variable: tf.Variable): void => {
    const tensor = values.tensorOf(sound.get(variable)!);
    isGivingBack = true;
    variable.assign(tensor);
    isGivingBack = false;
    tensor.dispose();
    letGo(variable);
  };

  /** Variables that are gone need nothing back. */
  const dropDisposed = (): void => {
    if (sound.size < mostSound) return;
    for (const variable of sound.keys()) if (isGone(variable)) letGo(variable);
    mostSound = Math.max(fewestLookedAt, 2 * sound.size);
  };

  /** Decides on one value, now that it is known whether all that were given with it could be computed. */
  const settle = ({ variable, value }: Given, areComputed: boolean): void => {
    if (isGone(variable) && sound.has(variable)) letGo(variable);
    // A variable that was given another value since then is decided on when that has run.
    const isLast = sound.has(variable) && values.valueOf(variable) === value && !unrun.has(variable);
    if (isLast && areComputed) letGo(variable);
    else if (isLast) giveBack(variable);
    else if (areComputed && sound.has(variable)) {
      values.release(sound.get(variable)!);
      sound.set(variable, hold(value));
    }
    values.release(value);
  };

  return {
    get isStepBegun() {
      return isStepBegun;
    },
    get areInDoubt() {
      return unrun.size > 0;
    },
    get isUnderWay() {
      const isPending = (variable: tf.Variable): boolean =>
        !isGone(variable) && values.valueOf(variable)?.data === undefined;
      return [...sound.keys()].some(isPending);
    },
    isAssigned: (variable) => !isGivingBack && assigned.has(variable),
    assign(variable) {
      if (isGivingBack) return;
      assigned.add(variable);
      isStepBegun = true;
      const value = values.valueOf(variable);
      if (value === undefined) return;
      value.isVariable = true;
      unrun.add(variable);
      if (sound.has(variable)) return;
      dropDisposed();
      sound.set(variable, hold(value));
    },
    beginStep() {
      assigned = new WeakSet();
      isStepBegun = false;
    },
    beginRun() {
      const given: Given[] = [];
      for (const variable of unrun) {
        const value = isGone(variable) ? undefined : values.valueOf(variable);
        if (value === undefined) letGo(variable);
        else given.push({ variable, value: hold(value) });
      }
      unrun.clear();
      return () => {
        const failure = given.find(({ value }) => value.failure !== undefined)?.value.failure;
        undone = failure ?? undone;
        for (const one of given) settle(one, failure === undefined);
      };
    },
    undo() {
      for (const variable of unrun) {
        if (isGone(variable)) letGo(variable);
        else giveBack(variable);
      }
    },
    tellWhatWasUndone() {
      const cause = undone;
      if (cause === undefined) return;
      undone = undefined;
      const Kind = cause instanceof RangeError ? RangeError : Error;
      throw new Kind(
        `Cannot assign to variables what could not be computed, and they hold what they held before: ${cause.message}`,
        { cause },
      );
    },
    forgetWhatWasUndone() {
      undone = undefined;
    },
  };
}

/** Whether a variable has been disposed of, by itself or, which it does not tell, by `tf.disposeVariables`. */
export function isGone(variable: tf.Variable): boolean {
  return tf.engine().state.registeredVariables[variable.name] !== variable;
}
