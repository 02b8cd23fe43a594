import * as tf from '@tensorflow/tfjs';
import { add, beginToRead, draw, machineOf, name, type Machine, type RunOptions } from './program-machine.ts';
import type { Program } from './random-programs.ts';
import type { HostTensor } from './run-onnx.ts';
import { takeStep } from './take-step.ts';

/** What came of a program. */
export interface ProgramResults {
  /** Everything that was read, in order, by what it is. */
  readonly values: readonly { readonly name: string; readonly value: HostTensor }[];
  /** What the program did, line by line. */
  readonly story: readonly string[];
  /** Names of the steps that did something, and did not throw. */
  readonly taken: ReadonlySet<string>;
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
