import fc from 'fast-check';
import { programOps } from './program-ops.ts';

/** One thing that a program does. What does not fit the tensors that are there by then is left out. */
export interface Step {
  /** A name of {@link programOps}, or something that is no op. */
  readonly what: string;
  /** Numbers that operands and attributes are chosen with, each taken modulo the length of the list. */
  readonly picks: readonly number[];
  /** Steps inside of a tidy or of a function that is differentiated. */
  readonly body: readonly Step[];
}

/** A program of tfjs as plain data, so that it can be run anywhere, printed, and made smaller. */
export interface Program {
  /** Whether some of its tensors hold NaN, infinities and -0. */
  readonly hasSpecials: boolean;
  /** Types of the tensors that it starts with. */
  readonly inputs: readonly ProgramInput[];
  readonly start: readonly Step[];
  /** Taken again and again, with other numbers each time. */
  readonly round: readonly Step[];
  readonly rounds: number;
}

export interface ProgramInput {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** Shapes that go together: many broadcast, multiply and concatenate. 8 elements and 256 are limits of the backend. */
const shapes = [
  [],
  [1],
  [4],
  [16],
  [300],
  [4, 4],
  [1, 4],
  [4, 1],
  [2, 8],
  [3, 4],
  [0, 4],
  [20, 16],
  [2, 3, 4],
];

/** Batches of images: what moves the channels takes several kernels in a row to happen. */
const imageShapes = [
  [1, 4, 4, 2],
  [2, 5, 4, 1],
  [1, 6, 6, 4],
];

const input: fc.Arbitrary<ProgramInput> = fc.record({
  shape: fc.oneof(
    { arbitrary: fc.constantFrom(...shapes), weight: 2 },
    { arbitrary: fc.constantFrom(...imageShapes), weight: 1 },
  ),
  dtype: fc.oneof(
    { arbitrary: fc.constant('float32' as const), weight: 3 },
    fc.constantFrom('int32', 'bool'),
  ),
});

const picks = fc.array(fc.nat(999), { minLength: 6, maxLength: 6 });

const noSteps: fc.Arbitrary<Step[]> = fc.constant([]);

const ops: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...Object.keys(programOps)),
  picks,
  body: noSteps,
});

const handling = (...names: string[]): fc.Arbitrary<Step> =>
  fc.record({ what: fc.constantFrom(...names), picks, body: noSteps });

const gradient: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('gradient', 'minimize'),
  picks,
  body: fc.array(ops, { minLength: 1, maxLength: 4 }),
});

/** What functions that are compiled may do. */
const pureStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: ops, weight: 12 },
  { arbitrary: handling('clone', 'draw', 'drawUniform'), weight: 1 },
  { arbitrary: gradient.map((step) => ({ ...step, what: 'gradient' })), weight: 1 },
);

const innerStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: ops, weight: 12 },
  {
    arbitrary: handling(
      'clone',
      'draw',
      'drawUniform',
      'drawNumber',
      'dispose',
      'assign',
      'read',
      'beginToRead',
    ),
    weight: 6,
  },
  { arbitrary: gradient, weight: 2 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: innerStep, weight: 12 },
  {
    arbitrary: fc.record({ what: fc.constant('tidy'), picks, body: fc.array(innerStep, { maxLength: 5 }) }),
    weight: 1,
  },
  { arbitrary: handling('readAll'), weight: 1 },
);

/** Programs that read, assign and dispose of tensors, differentiate and train. */
export const programs: fc.Arbitrary<Program> = fc.record({
  hasSpecials: fc.boolean(),
  inputs: fc.array(input, { minLength: 2, maxLength: 4 }),
  start: fc.array(step, { maxLength: 14 }),
  round: fc.array(step, { maxLength: 8 }),
  rounds: fc.integer({ min: 1, max: 4 }),
});

/** Programs that do nothing but compute tensors from their inputs. */
export const purePrograms: fc.Arbitrary<Program> = fc.record({
  hasSpecials: fc.boolean(),
  inputs: fc.array(input, { minLength: 2, maxLength: 4 }),
  start: fc.array(pureStep, { minLength: 1, maxLength: 12 }),
  round: noSteps,
  rounds: fc.constant(0),
});
