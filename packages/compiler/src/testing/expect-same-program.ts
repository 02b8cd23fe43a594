import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { compile } from '../compile.ts';
import type { TensorFunction } from '../trace.ts';
import { drawElements, type RunOptions } from './program-machine.ts';
import type { Program } from './random-programs.ts';
import { openModel, type HostTensor } from './run-onnx.ts';
import { computeProgram, runProgram, type ProgramResults } from './run-program.ts';
import { runInTfjs } from './run-tfjs.ts';
import { unexplainedDifference } from './unexplained-difference.ts';

/** Seeds of the data that each program runs on: the second meets graphs that the first has left. */
const dataSeeds = [1, 2] as const;

/** Seeds of the noise that tells how far rounding gets. */
const noiseSeeds = [1, 2, 3] as const;

/**
 * Runs a program on tfjs `cpu` and twice, with other data, on the lazy backend, which must be registered. It has to do the
 * same, read the same and leave as many tensors; where tfjs itself throws in the middle, which leaves tensors, they are not
 * counted.
 */
export async function expectSameOnBackend(program: Program): Promise<void> {
  for (const data of dataSeeds) {
    const expected = await runOn('cpu', program, { data });
    const rounded: ProgramResults[] = [];
    for (const noise of noiseSeeds) rounded.push((await runOn('cpu', program, { data, noise })).results);
    const actual = await runOn('onnx', program, { data });
    const { story, values } = expected.results;
    expect(actual.results.story, 'what the program does').toEqual(story);
    if (!story.includes('throws')) expect(actual.left, `left by\n${story.join('\n')}`).toEqual(expected.left);
    values.forEach(({ name, value }, i) => {
      const others = rounded.map((results) => results.values[i].value);
      const difference = unexplainedDifference(actual.results.values[i].value, value, others);
      expect(difference, `${name}, data ${data}, of\n${story.join('\n')}`).toBeUndefined();
    });
  }
}

async function runOn(
  backend: 'cpu' | 'onnx',
  program: Program,
  options: RunOptions,
): Promise<{ results: ProgramResults; left: object }> {
  await tf.setBackend(backend);
  const before = { tensors: tf.memory().numTensors, ids: tf.backend().numDataIds() };
  const results = await runProgram(program, options);
  const tensors = tf.memory().numTensors - before.tensors;
  return { results, left: { tensors, ids: tf.backend().numDataIds() - before.ids } };
}

/** Compiles a program that only computes, and expects of onnxruntime what tfjs `cpu` gives, for several data. */
export async function expectSameCompiled(program: Program): Promise<void> {
  await tf.setBackend('cpu');
  let story = '';
  const compute =
    (noise?: number): TensorFunction =>
    (given) => {
      const inputs = program.inputs.map((_, i) => given[`x${i}`]);
      const { made, story: lines } = computeProgram(program, inputs, { data: 0, noise });
      story = lines.join('\n');
      return Object.fromEntries(made.map((tensor, i) => [`y${i}`, tensor]));
    };
  const { hasSpecials } = program;
  const inputsFor = (data: number): Record<string, HostTensor> =>
    Object.fromEntries(
      program.inputs.map((input, i) => [
        `x${i}`,
        { ...input, data: drawElements(input, { seed: 100 * data + i, hasSpecials }) },
      ]),
    );
  const expected = dataSeeds.map((data) => ({
    plain: runInTfjs(compute(), inputsFor(data)),
    rounded: noiseSeeds.map((noise) => runInTfjs(compute(noise), inputsFor(data))),
  }));
  // A graph without outputs is none.
  if (Object.keys(expected[0].plain).length === 0) return;
  const storyOnCpu = story;
  const { bytes } = compile(
    compute(),
    Object.fromEntries(program.inputs.map((input, i) => [`x${i}`, input])),
  );
  expect(story, 'what the program does').toBe(storyOnCpu);
  const model = await openModel(bytes);
  try {
    for (const [i, { plain, rounded }] of expected.entries()) {
      const actual = await model.run(inputsFor(dataSeeds[i]));
      for (const [name, value] of Object.entries(plain)) {
        const others = rounded.map((results) => results[name]);
        const difference = unexplainedDifference(actual[name], value, others);
        expect(difference, `${name}, data ${dataSeeds[i]}, of\n${story}`).toBeUndefined();
      }
    }
  } finally {
    await model.close();
  }
}
