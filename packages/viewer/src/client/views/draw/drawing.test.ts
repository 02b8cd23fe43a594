import { expect, test } from 'vitest';
import { advance, emptyDrawing, emptyHistory, isEmpty, redo, undo, type Drawing } from './drawing.ts';

const dot = [{ x: 0.5, y: 0.5, width: 0.1 }];
const one: Drawing = { ...emptyDrawing, strokes: [dot] };
const two: Drawing = { ...emptyDrawing, strokes: [dot, dot] };

test('steps are undone and redone one by one', () => {
  const drawn = advance(advance(emptyHistory, one), two);
  expect(undo(drawn).present).toBe(one);
  expect(undo(undo(drawn)).present).toBe(emptyDrawing);
  expect(redo(undo(drawn))).toEqual(drawn);
  expect(redo(redo(undo(undo(drawn)))).present).toBe(two);
});

test('nothing is undone on a fresh pad and nothing redone after the last step', () => {
  expect(undo(emptyHistory)).toBe(emptyHistory);
  const drawn = advance(emptyHistory, one);
  expect(redo(drawn)).toBe(drawn);
});

test('a new step forgets what was undone', () => {
  const changed = advance(undo(advance(emptyHistory, one)), two);
  expect(redo(changed).present).toBe(two);
});

test('the oldest of more than 200 steps are forgotten', () => {
  let history = emptyHistory;
  for (let i = 0; i < 250; i++) history = advance(history, one);
  expect(history.past).toHaveLength(200);
});

test('a pad is empty without strokes and without an image beneath them', () => {
  expect(isEmpty(emptyDrawing)).toBe(true);
  expect(isEmpty(one)).toBe(false);
  expect(isEmpty({ ground: { kind: 'drawn', image: new Float32Array(784) }, strokes: [] })).toBe(false);
});
