import { describe, expect, it } from 'vitest';
import { isCompiledInTime, judgeGoals } from './goals.ts';
import { compiledIn, epochOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';

describe('judgeGoals', () => {
  it('needs both ways of timing to be good enough', () => {
    const [goal] = judgeGoals(
      sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 3), epochOf('narrows', 2), epochOf('pytorch', 3.9)),
    );
    expect(goal).toEqual({
      model: 'basic-32',
      name: 'PyTorch',
      goal: '≥ 2×',
      bySteps: 3,
      byEpochs: 1.95,
      isMet: false,
    });
  });

  it('compares with whichever way of running jax-js is faster', () => {
    const [goal] = judgeGoals(
      sittingOf(stepsOf('narrows', 1), stepsOf('jax-js', 9, { threads: 1 }), stepsOf('jax-js-workers', 6)),
    );
    expect(goal).toMatchObject({ name: 'jax-js', bySteps: 6, byEpochs: undefined, isMet: true });
  });

  it('wants the lazy backend to be hardly slower', () => {
    const judge = (ms: number) => judgeGoals(sittingOf(stepsOf('narrows', 1), stepsOf('narrows-fit', ms)))[0];
    expect(judge(1.4).isMet).toBe(true);
    expect(judge(1.6).isMet).toBe(false);
  });

  it('judges epochs alone where no short runs were measured', () => {
    expect(judgeGoals(sittingOf(epochOf('narrows', 2), epochOf('pytorch', 5)))).toMatchObject([
      { name: 'PyTorch', bySteps: undefined, byEpochs: 2.5, isMet: true },
    ]);
  });

  it('has no verdict on who could not be measured', () => {
    const [goal] = judgeGoals(sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 'not there')));
    expect(goal.isMet).toBeUndefined();
  });
});

it("adds up the study's epochs, once all of its models are measured", () => {
  const epochs = (peer: string, seconds: readonly number[]) =>
    ['basic-32', 'deeper-64', 'cnn'].map((model, i) => epochOf(peer, seconds[i], { model }));
  const all = [...epochs('narrows', [1, 5, 10]), ...epochs('pytorch', [3, 10, 20])];
  // 20·3 + 20·10 + 10·20 seconds beside 20·1 + 20·5 + 10·10.
  expect(judgeGoals(sittingOf(...all)).at(-1)).toMatchObject({
    model: 'all',
    byEpochs: 460 / 220,
    isMet: true,
  });
  const partial = judgeGoals(sittingOf(...all.slice(1)));
  expect(partial.map(({ model }) => model)).toEqual(['basic-32', 'deeper-64', 'cnn']);
  expect(partial[0].isMet).toBeUndefined();
});

it('judges the slowest compilation, with finding out what the machine can do', () => {
  expect(isCompiledInTime(sittingOf(compiledIn(90), compiledIn(1100, 'cnn')))).toBe(false);
  expect(isCompiledInTime(sittingOf(compiledIn(90)))).toBe(true);
  expect(isCompiledInTime(sittingOf(compiledIn(990)))).toBe(false);
  expect(isCompiledInTime(sittingOf(stepsOf('narrows', 1)))).toBeUndefined();
});
