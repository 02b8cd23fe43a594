import type * as tf from '@tensorflow/tfjs';
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
  /** Whether the variable was given a value since the last step began. */
  isAssigned(variable: tf.Variable): boolean;
  /** Notes that a variable is about to be given a value. */
  assign(variable: tf.Variable): void;
  /** Notes that another step begins. */
  beginStep(): void;
  /** Keeps what variables were given, or gives all back what they held, now that everything recorded has run. */
  finish(): void;
  /** Throws, once, what kept variables from being given values. */
  tellWhatWasUndone(): void;
  /** Notes that a reader is told of a failure by other means. */
  forgetWhatWasUndone(): void;
}

/** Variables for which it is worth while to look which of them are gone. */
const fewestLookedAt = 64;

/** Variables of tensors that `values` knows; none has been given a value so far. */
export function stepVariables(values: VariableValues): StepVariables {
  let assigned = new WeakSet<tf.Variable>();
  let isStepBegun = false;
  /** What variables held before they were given values. */
  const replaced = new Map<tf.Variable, LazyValue>();
  let mostReplaced = fewestLookedAt;
  let undone: Error | undefined;

  const beginStep = (): void => {
    assigned = new WeakSet();
    isStepBegun = false;
  };

  /** Variables that are gone need nothing back. */
  const dropDisposed = (): void => {
    if (replaced.size < mostReplaced) return;
    for (const [variable, value] of replaced) {
      if (!variable.isDisposed) continue;
      replaced.delete(variable);
      values.release(value);
    }
    mostReplaced = Math.max(fewestLookedAt, 2 * replaced.size);
  };

  return {
    get isStepBegun() {
      return isStepBegun;
    },
    get isUnderWay() {
      return replaced.size > 0;
    },
    isAssigned: (variable) => assigned.has(variable),
    assign(variable) {
      assigned.add(variable);
      isStepBegun = true;
      const value = values.valueOf(variable);
      if (value === undefined || replaced.has(variable)) return;
      dropDisposed();
      value.tensors++;
      replaced.set(variable, value);
    },
    beginStep,
    finish() {
      const variables = [...replaced].filter(([{ isDisposed }]) => !isDisposed);
      const failures = variables.flatMap(([variable]) => values.valueOf(variable)?.failure ?? []);
      if (failures.length > 0) {
        undone = failures[0];
        // What they are given now is no second value in one step, which would be a reason to run.
        beginStep();
        for (const [variable, value] of variables) {
          const tensor = values.tensorOf(value);
          variable.assign(tensor);
          tensor.dispose();
        }
      }
      const held = [...replaced.values()];
      replaced.clear();
      for (const value of held) values.release(value);
    },
    tellWhatWasUndone() {
      const cause = undone;
      if (cause === undefined) return;
      undone = undefined;
      throw new Error(
        `Cannot assign to variables what could not be computed, and they hold what they held before: ${cause.message}`,
        { cause },
      );
    },
    forgetWhatWasUndone() {
      undone = undefined;
    },
  };
}
