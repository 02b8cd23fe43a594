import fc from 'fast-check';
import { test } from 'vitest';
import { expectSameCompiled, expectSameOnBackend } from '../testing/expect-same-program.ts';
import { programs, purePrograms } from '../testing/random-programs.ts';
import './node.ts';

// A few programs, the same each time; README.md says how to try others, and many.
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 150);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
/** Programs take some 50 ms each, and one that fails is run some hundred times to make it smaller. */
const timeout = 60_000 + 500 * numRuns;

test('random programs give on the backend what they give on tfjs cpu', { timeout }, async () => {
  await fc.assert(fc.asyncProperty(programs, expectSameOnBackend), { numRuns, seed });
});

test('random functions give compiled what they give on tfjs cpu', { timeout }, async () => {
  await fc.assert(fc.asyncProperty(purePrograms, expectSameCompiled), { numRuns: 3 * numRuns, seed });
});
