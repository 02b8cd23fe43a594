import * as tf from '@tensorflow/tfjs';
import { asDType, formatType, type TensorData } from '../tensor-type.ts';
import { drawValues } from './draw-values.ts';
import type { Choose } from './program-op.ts';
import { differsOnSpecials, programOps } from './program-ops.ts';
import type { Program, ProgramInput, Step } from './random-programs.ts';
import type { HostTensor } from './run-onnx.ts';

/** What a run of a program depends on besides the program. */
export interface RunOptions {
  /** Seed of all elements. */
  readonly data: number;
  /**
   * Where it is given, each float32 that is about to be rounded in a way that differs from backend to backend is first
   * moved up or down by a millionth of it: what that changes in a result is how far rounding may get.
   */
  readonly noise?: number | undefined;
}

/** What came of a program. */
export interface ProgramResults {
  /** Everything that was read, in order, by what it is. */
  readonly values: readonly { readonly name: string; readonly value: HostTensor }[];
  /** What the program did, line by line. */
  readonly story: readonly string[];
}

/** A program under way. */
interface Machine extends RunOptions {
  readonly hasSpecials: boolean;
  tensors: tf.Tensor[];
  readonly variables: tf.Variable[];
  readonly optimizers: Map<string, tf.Optimizer>;
  readonly values: { name: string; value: HostTensor }[];
  readonly reading: Promise<void>[];
  readonly names: Map<number, string>;
  readonly story: string[];
  /** Tensors that were given elements so far. */
  drawn: number;
  /** Tensors that were given noise. */
  noisy: number;
}

function machineOf({ hasSpecials }: Program, options: RunOptions): Machine {
  return {
    ...options,
    hasSpecials,
    tensors: [],
    variables: [],
    optimizers: new Map(),
    values: [],
    reading: [],
    names: new Map(),
    story: [],
    drawn: 0,
    noisy: 0,
  };
}

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

/**
 * Elements for a tensor of a program: quarters from -2 to 2, whose sums and products are exact, small integers or truths.
 * @param hasSpecials whether floats may be NaN, infinite or -0: every fifth, for every third seed.
 */
export function drawElements(
  { shape, dtype }: ProgramInput,
  { seed, hasSpecials }: { seed: number; hasSpecials: boolean },
): TensorData {
  const elements = drawValues({ shape, dtype, range: 'signed' }, seed);
  if (!(elements instanceof Float32Array)) return elements;
  const specials = [NaN, Infinity, -Infinity, -0];
  const isSpecial = (i: number): boolean => hasSpecials && seed % 3 === 0 && i % 5 === seed % 5;
  return elements.map((element, i) =>
    isSpecial(i) ? specials[(seed + i) % specials.length] : Math.round(4 * element) / 4,
  );
}

/** Runs a program on the backend that is set, and disposes of all that it made. */
export async function runProgram(program: Program, options: RunOptions): Promise<ProgramResults> {
  const machine = machineOf(program, options);
  for (const input of program.inputs) add(machine, draw(machine, input), 'input');
  for (const shape of [[4, 4], [4]]) {
    const initial = draw(machine, { shape, dtype: 'float32' });
    machine.variables.push(tf.variable(initial));
    name(machine, machine.variables.at(-1)!, 'variable');
    initial.dispose();
  }
  const rounds = Array.from({ length: program.rounds }, () => program.round);
  for (const step of [...program.start, ...rounds.flat()]) {
    if (step.what === 'readAll') await readAll(machine);
    else takeStep(machine, step);
  }
  await readAll(machine);
  tf.dispose([machine.tensors, machine.variables]);
  for (const optimizer of machine.optimizers.values()) optimizer.dispose();
  return machine;
}

/**
 * Takes the steps of a program that only computes.
 * @returns the tensors that it made of its inputs.
 */
export function computeProgram(
  program: Program,
  inputs: readonly tf.Tensor[],
  options: RunOptions,
): { made: tf.Tensor[]; story: readonly string[] } {
  const machine = machineOf(program, options);
  for (const input of inputs) add(machine, input, 'input');
  for (const step of program.start) takeStep(machine, step);
  return { made: machine.tensors.slice(inputs.length), story: machine.story };
}

async function readAll(machine: Machine): Promise<void> {
  for (const tensor of [...machine.tensors, ...machine.variables]) beginToRead(machine, tensor);
  await Promise.all(machine.reading);
}

function chooser(machine: Machine, { picks }: Step): Choose {
  let used = 0;
  return {
    of: (list) => list[picks[used++ % picks.length] % list.length],
    // One NaN in a filter makes all NaN, with padding here where tfjs leaves that out.
    weights: (shape) => draw(machine, { shape, dtype: 'float32' }, false),
  };
}

function draw(machine: Machine, input: ProgramInput, hasSpecials = machine.hasSpecials): tf.Tensor {
  const elements = drawElements(input, { seed: nextSeed(machine), hasSpecials });
  return tf.tensor(elements as tf.TypedArray, [...input.shape], input.dtype);
}

function nextSeed(machine: Machine): number {
  return 1000 * machine.data + machine.drawn++;
}

function name(machine: Machine, tensor: tf.Tensor, made: string): string {
  const own = `t${machine.names.size}`;
  machine.names.set(tensor.id, own);
  machine.story.push(
    `${own} = ${made}: ${formatType({ shape: tensor.shape, dtype: asDType(tensor.dtype) })}`,
  );
  return own;
}

function nameOf(machine: Machine, { id }: tf.Tensor): string {
  return machine.names.get(id) ?? '(inside)';
}

function add(machine: Machine, tensor: tf.Tensor, made: string): void {
  name(machine, tensor, made);
  machine.tensors.push(tensor);
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

function beginToRead(machine: Machine, tensor: tf.Tensor): void {
  const entry = {
    name: `${nameOf(machine, tensor)} read at line ${machine.story.length}`,
    value: hostTensor(tensor, new Float32Array()),
  };
  machine.story.push(`${nameOf(machine, tensor)}.data()`);
  machine.values.push(entry);
  machine.reading.push(
    tensor.data().then((elements) => {
      entry.value = hostTensor(tensor, elements);
    }),
  );
}

/** What was read, and no copy: an array that the backend used again would give other elements in the end. */
function hostTensor({ shape, dtype }: tf.Tensor, elements: tf.TypedArray): HostTensor {
  return { shape, dtype: asDType(dtype), data: elements };
}

function forgetDisposed(machine: Machine): void {
  machine.tensors = machine.tensors.filter(({ isDisposed }) => !isDisposed);
}

/** Takes a step. That it throws becomes part of the story, so that it must throw everywhere, if in other words. */
function takeStep(machine: Machine, step: Step): void {
  try {
    if (step.what in handlers) handlers[step.what](machine, step, chooser(machine, step));
    else for (const tensor of takeOp(machine, step) ?? []) machine.tensors.push(tensor);
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

function withNoise(machine: Machine, tensor: tf.Tensor): tf.Tensor {
  if (machine.noise === undefined || tensor.dtype !== 'float32') return tensor;
  const { shape } = tensor;
  const drawn = drawValues(
    { shape, dtype: 'float32', range: 'unit' },
    1000 * machine.noise + machine.noisy++,
  );
  return tf.mul(
    tensor,
    tf
      .tensor(drawn as Float32Array, shape)
      .mul(1e-6)
      .add(1),
  );
}
