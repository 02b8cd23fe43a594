import { expect, test } from 'vitest';
import { penAfterKey, restingPen, type KeyboardPen } from './keyboard-pen.ts';

const press = (pen: KeyboardPen, key: string, shiftKey = false) => penAfterKey(pen, { key, shiftKey });

test('arrows move the pen by a pixel, with Shift by four', () => {
  expect(press(restingPen, 'ArrowRight')).toEqual({ x: 0.5 + 1 / 28, y: 0.5, isDown: false });
  expect(press(restingPen, 'ArrowUp', true)).toEqual({ x: 0.5, y: 0.5 - 4 / 28, isDown: false });
});

test('the pen stays on the pad', () => {
  expect(press({ x: 0.01, y: 0.99, isDown: true }, 'ArrowLeft')!.x).toBe(0);
  expect(press({ x: 0.01, y: 0.99, isDown: true }, 'ArrowDown', true)!.y).toBe(1);
});

test.each([' ', 'Enter'])('%j puts the pen down and lifts it', (key) => {
  const down = press(restingPen, key)!;
  expect(down.isDown).toBe(true);
  expect(press(down, key)!.isDown).toBe(false);
});

test('Escape lifts the pen, and is left to others while it is up', () => {
  expect(press({ ...restingPen, isDown: true }, 'Escape')!.isDown).toBe(false);
  expect(press(restingPen, 'Escape')).toBeUndefined();
});

test.each(['Tab', 'a', 'toString'])('%s means nothing to it', (key) => {
  expect(press(restingPen, key)).toBeUndefined();
});
