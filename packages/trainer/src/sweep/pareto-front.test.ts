import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { paretoFront } from './pareto-front.ts';

test('the front of a few choices, by hand', () => {
  const choices = [
    { x: 4, y: 1 },
    { x: 1, y: 5 },
    { x: 2, y: 5 },
    { x: 2, y: 3 },
    { x: 3, y: 4 },
    { x: 4, y: 2 },
  ];
  expect(paretoFront(choices)).toStrictEqual([1, 3, 0]);
});

test('of equal choices all are on the front', () => {
  expect(
    paretoFront([
      { x: 1, y: 1 },
      { x: 1, y: 1 },
    ]),
  ).toStrictEqual([0, 1]);
});

test('no choices have no front', () => {
  expect(paretoFront([])).toStrictEqual([]);
});

test('whatever is not on the front is beaten by something on it, and nothing on it is', () => {
  const choice = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(choice, { minLength: 1, maxLength: 12 }), (choices) => {
      const front = paretoFront(choices);
      const beats = (a: number, b: number): boolean =>
        choices[a].x <= choices[b].x &&
        choices[a].y <= choices[b].y &&
        (choices[a].x < choices[b].x || choices[a].y < choices[b].y);
      for (const i of choices.keys()) {
        expect(front.some((other) => beats(other, i))).toBe(!front.includes(i));
      }
    }),
  );
});
