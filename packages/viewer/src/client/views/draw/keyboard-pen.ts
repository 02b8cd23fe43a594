/** The pen as the keyboard moves it. The pad is 1 wide and 1 high. */
export interface KeyboardPen {
  readonly x: number;
  readonly y: number;
  readonly isDown: boolean;
}

/** Where the pen begins: the middle of the pad, lifted. */
export const restingPen: KeyboardPen = { x: 0.5, y: 0.5, isDown: false };

/** A press of an arrow key moves by a pixel of the 28 that models see, with Shift by four. */
const step = 1 / 28;

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The pen after a key: arrows move it within the pad, Space and Enter put it down and lift it, Escape lifts it.
 * @param key as `KeyboardEvent.key` names it
 * @returns `undefined` for keys that mean nothing to it
 */
export function penAfterKey(
  pen: KeyboardPen,
  { key, shiftKey }: { key: string; shiftKey: boolean },
): KeyboardPen | undefined {
  if (key === ' ' || key === 'Enter') return { ...pen, isDown: !pen.isDown };
  if (key === 'Escape') return pen.isDown ? { ...pen, isDown: false } : undefined;
  if (!Object.hasOwn(directions, key)) return undefined;
  const [right, down] = directions[key];
  const by = shiftKey ? 4 * step : step;
  return { ...pen, x: within(pen.x + right * by), y: within(pen.y + down * by) };
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
