import * as tf from '@tensorflow/tfjs';
import type { Choose } from './program-op.ts';
import {
  add,
  beginToRead,
  draw,
  drawElements,
  forgetDisposed,
  hostTensor,
  name,
  nameOf,
  nextSeed,
  withNoise,
  type Machine,
} from './program-machine.ts';
import { differsOnSpecials, programOps } from './program-ops.ts';
import type { Step } from './random-programs.ts';

/** Elements more than which no tensor of a program has. */
const mostElements = 2000;

/** With a large epsilon where there is one: a gradient that is nothing but rounding must not become a whole step. */
const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.5),
  adam: () => tf.train.adam(0.05, 0.9, 0.999, 0.01),
  rmsprop: () => tf.train.rmsprop(0.05, 0.9, 0.5, 0.01),
  adagrad: () => tf.train.adagrad(0.1),
};

function chooser(machine: Machine, { picks }: Step): Choose {
  let used = 0;
  return {
    of: (list) => list[picks[used++ % picks.length] % list.length],
    // One NaN in a filter makes all NaN, with padding here where tfjs leaves that out.
    weights: (shape) => draw(machine, { shape, dtype: 'float32' }, false),
  };
}

/** What a step does that is no op. */
const handlers: Readonly<Record<string, (machine: Machine, step: Step, choose: Choose) => void>> = {
  clone(machine, _, choose) {
    if (machine.tensors.length === 0) return;
    const tensor = choose.of(machine.tensors);
    add(machine, tensor.clone(), `clone(${nameOf(machine, tensor)})`);
  },
  draw(machine, _, choose) {
    const shape = choose.of([[4], [4, 4], [1, 4], [300], [1, 4, 4, 2]]);
    add(machine, draw(machine, { shape, dtype: choose.of(['float32', 'int32', 'bool'] as const) }), 'draw');
  },
  drawNumber(machine) {
    add(machine, draw(machine, { shape: [], dtype: 'float32' }), 'draw');
  },
  drawUniform(machine, _, choose) {
    const [value] = drawElements(
      { shape: [1], dtype: 'float32' },
      { seed: nextSeed(machine), hasSpecials: machine.hasSpecials },
    );
    add(machine, tf.fill(choose.of([[300], [20, 16], [4]]), Number(value)), 'drawUniform');
  },
  dispose(machine, _, choose) {
    if (machine.tensors.length < 2) return;
    const tensor = choose.of(machine.tensors);
    machine.story.push(`dispose(${nameOf(machine, tensor)})`);
    tensor.dispose();
    forgetDisposed(machine);
  },
  assign(machine, _, choose) {
    const variable = choose.of(machine.variables);
    const given = machine.tensors.filter(
      ({ shape, dtype }) => dtype === 'float32' && shape.join() === variable.shape.join(),
    );
    if (given.length === 0) return;
    const value = choose.of(given);
    machine.story.push(`${nameOf(machine, variable)}.assign(${nameOf(machine, value)})`);
    variable.assign(value);
  },
  read(machine, _, choose) {
    const tensor = choose.of([...machine.tensors, ...machine.variables]);
    const label = `${nameOf(machine, tensor)} read at line ${machine.story.length}`;
    machine.story.push(`${nameOf(machine, tensor)}.dataSync()`);
    machine.values.push({ name: label, value: hostTensor(tensor, tensor.dataSync()) });
  },
  beginToRead(machine, _, choose) {
    beginToRead(machine, choose.of([...machine.tensors, ...machine.variables]));
  },
  tidy(machine, { body }, choose) {
    const outer = machine.tensors.slice();
    machine.story.push('tidy(() => {');
    tf.tidy(() => {
      for (const inner of body) takeStep(machine, inner);
      const made = machine.tensors.filter((tensor) => !outer.includes(tensor));
      for (const tensor of made) if (choose.of([true, false])) tf.keep(tensor);
      return made.filter(() => choose.of([true, false]));
    });
    forgetDisposed(machine);
    machine.story.push(`}) left ${machine.tensors.map((tensor) => nameOf(machine, tensor)).join()}`);
  },
  gradient(machine, { body }, choose) {
    const given = [...machine.tensors, ...machine.variables].filter(
      ({ dtype, size }) => dtype === 'float32' && size > 0,
    );
    if (given.length === 0) return;
    const x = choose.of(given);
    machine.story.push(`gradient by ${nameOf(machine, x)}:`);
    const gradient = tf.grad((v) => lossOf(machine, { body, x: v }, choose))(x);
    add(machine, gradient, 'gradient');
  },
  minimize(machine, { body }, choose) {
    const variable = choose.of(machine.variables);
    const kind = choose.of(Object.keys(optimizers));
    let optimizer = machine.optimizers.get(kind);
    if (optimizer === undefined) machine.optimizers.set(kind, (optimizer = optimizers[kind]()));
    machine.story.push(`${kind} by ${nameOf(machine, variable)}:`);
    const isKept = choose.of([true, false]);
    const cost = optimizer.minimize(() => lossOf(machine, { body, x: variable }, choose), isKept, [variable]);
    if (cost !== null) add(machine, cost, 'cost');
  },
};

/** A scalar that some ops, one after the other, make of x. */
function lossOf(
  machine: Machine,
  { body, x }: { body: readonly Step[]; x: tf.Tensor },
  choose: Choose,
): tf.Scalar {
  let last = x;
  for (const step of body) {
    const made = takeOp(machine, step, last)?.[0];
    if (made?.dtype === 'float32') last = made;
  }
  return choose.of([tf.mean<tf.Scalar>, tf.sum<tf.Scalar>])(tf.mul(last, choose.of([1, 0.5])));
}

/** Names of all steps that {@link takeStep} can take. */
export const stepNames: readonly string[] = [...Object.keys(handlers), ...Object.keys(programOps)];

/** Takes a step. That it throws becomes part of the story, so that it must throw everywhere, if in other words. */
export function takeStep(machine: Machine, step: Step): void {
  const { length } = machine.story;
  try {
    if (step.what in handlers) handlers[step.what](machine, step, chooser(machine, step));
    else for (const tensor of takeOp(machine, step) ?? []) machine.tensors.push(tensor);
    if (machine.story.length > length) machine.taken.add(step.what);
  } catch {
    machine.story.push('throws');
    forgetDisposed(machine);
  }
}

/** @param first the first operand, where it must be a certain one. */
function takeOp(machine: Machine, step: Step, first?: tf.Tensor): tf.Tensor[] | undefined {
  if (machine.hasSpecials && differsOnSpecials.has(step.what)) return undefined;
  const op = programOps[step.what];
  const choose = chooser(machine, step);
  const operands: tf.Tensor[] = [];
  for (const fits of op.takes) {
    const all =
      first !== undefined && operands.length === 0 ? [first] : [...machine.tensors, ...machine.variables];
    const candidates = all.filter((tensor) => fits(tensor, operands));
    if (candidates.length === 0) return undefined;
    operands.push(choose.of(candidates));
  }
  const label = `${step.what}(${operands.map((operand) => nameOf(machine, operand)).join(', ')})`;
  const made = tf.tidy(() => {
    const given = op.isRough ? operands.map((operand) => withNoise(machine, operand)) : operands;
    const results = [op.run(given, choose)].flat();
    return op.isRough ? results.map((result) => withNoise(machine, result)) : results;
  });
  if (made.some(({ size }) => size > mostElements)) {
    tf.dispose(made);
    return undefined;
  }
  for (const tensor of made) name(machine, tensor, label);
  return made;
}
