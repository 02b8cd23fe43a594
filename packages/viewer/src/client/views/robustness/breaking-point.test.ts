import { expect, test } from 'vitest';
import { breakingPoint, compareBreakingPoints } from './breaking-point.ts';

const strengths = [0, 0.1, 0.2, 0.4];

test('it lies where the line between the last that holds and the first that breaks crosses the limit', () => {
  expect(breakingPoint(strengths, [1, 0.95, 0.85, 0.3], 0.9)).toEqual({
    kind: 'at',
    at: expect.closeTo(0.15, 10) as number,
    holds: 0.1,
    breaks: 0.2,
  });
});

test('an accuracy just at the limit holds', () => {
  expect(breakingPoint(strengths, [0.9, 0.9, 0.9, 0.9], 0.9)).toEqual({ kind: 'never' });
});

test('it is the first fall that counts, whatever comes after', () => {
  expect(breakingPoint(strengths, [1, 0.8, 1, 0.2], 0.9)).toMatchObject({ kind: 'at', at: 0.05 });
});

test('what is below the limit without any perturbation was never sound', () => {
  expect(breakingPoint(strengths, [0.89, 0.95, 0.2, 0.1], 0.9)).toEqual({ kind: 'from-start' });
});

test('they are in the order in which they break', () => {
  const at = (place: number) => ({ kind: 'at', at: place, holds: 0, breaks: 1 }) as const;
  const [never, start] = [{ kind: 'never' }, { kind: 'from-start' }] as const;
  expect([never, at(0.5), start, never, at(0.2)].toSorted(compareBreakingPoints)).toEqual([
    start,
    at(0.2),
    at(0.5),
    never,
    never,
  ]);
});
