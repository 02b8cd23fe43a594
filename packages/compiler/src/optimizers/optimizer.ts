import * as tf from '@tensorflow/tfjs';
import type { NamedTensors } from '../trace.ts';

/**
 * An optimizer as a pair of pure functions on tensors by name, to be used in a compiled train step or in plain tfjs (in
 * `tf.tidy`, since they dispose nothing). State has tfjs's names: `dense/kernel/m` belongs to `dense/kernel`.
 */
export interface Optimizer {
  /** The state before the first step: zeros for each parameter and slot, and what counts the steps, if anything does. */
  init(parameters: NamedTensors): NamedTensors;
  /**
   * One step. Parameters without a gradient, and their state, stay as they are.
   * @param gradients of the loss by parameters of the same name and shape.
   * @param state of {@link init} or of the step before.
   * @throws TypeError when a gradient has no parameter, or one of another shape, or a parameter has no state.
   */
  update(
    parameters: NamedTensors,
    gradients: NamedTensors,
    state: NamedTensors,
  ): { parameters: NamedTensors; state: NamedTensors };
}

/** A step size: a number, or a scalar tensor so that it may change from step to step without compiling again. */
export type LearningRate = number | tf.Tensor;

/** What a step makes of one parameter and its slots. */
type Rule<Slot extends string> = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  slots: Readonly<Record<Slot, tf.Tensor>>,
) => { readonly value: tf.Tensor; readonly slots: Readonly<Record<Slot, tf.Tensor>> };

/** Zeros for each slot of each parameter. */
export function emptySlots(parameters: NamedTensors, slots: readonly string[]): NamedTensors {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      slots.map((slot) => [`${name}/${slot}`, tf.zerosLike(value)]),
    ),
  );
}

/** Applies a rule to each parameter that has a gradient. */
export function updateEach<Slot extends string>(
  slots: readonly Slot[],
  { parameters, gradients, state }: Readonly<Record<'parameters' | 'gradients' | 'state', NamedTensors>>,
  rule: Rule<Slot>,
): { parameters: NamedTensors; state: NamedTensors } {
  const next = { parameters: { ...parameters }, state: { ...state } };
  for (const [name, gradient] of Object.entries(gradients)) {
    checkGradient(name, gradient, parameters[name]);
    const own = Object.fromEntries(slots.map((slot) => [slot, slotOf(state, `${name}/${slot}`)]));
    const result = rule(parameters[name], gradient, own as Record<Slot, tf.Tensor>);
    next.parameters[name] = result.value;
    for (const slot of slots) next.state[`${name}/${slot}`] = result.slots[slot];
  }
  return next;
}

/** The tensor of a state with this name. */
export function slotOf(state: NamedTensors, name: string): tf.Tensor {
  if (name in state) return state[name];
  throw new TypeError(
    `Cannot update with a state without "${name}": it has ${Object.keys(state).join(', ') || 'nothing'}; start with what init gives for the same parameters.`,
  );
}

function checkGradient(name: string, gradient: tf.Tensor, parameter: tf.Tensor | undefined): void {
  if (parameter !== undefined && tf.util.arraysEqual(parameter.shape, gradient.shape)) return;
  const known = parameter === undefined ? 'there is none' : `that has [${parameter.shape.join(',')}]`;
  throw new TypeError(
    `Cannot update with gradient "${name}" of [${gradient.shape.join(',')}]: it needs a parameter of the same name and shape, but ${known}; pass the gradients by their parameters' names.`,
  );
}

/** `-learningRate` */
export function negated(learningRate: LearningRate): LearningRate {
  return typeof learningRate === 'number' ? -learningRate : tf.neg(learningRate);
}
