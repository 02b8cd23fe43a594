import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { programs } from './random-programs.ts';
import { runProgram } from './run-program.ts';
import { stepNames } from './take-step.ts';

it('takes every step somewhere without throwing: one that always throws does so alike on all backends', async () => {
  await tf.setBackend('cpu');
  const taken = new Set<string>();
  for (const program of fc.sample(programs, { numRuns: 450, seed: 1 })) {
    for (const name of (await runProgram(program, { data: 1 })).taken) taken.add(name);
  }
  expect(stepNames.filter((name) => !taken.has(name))).toEqual([]);
});
