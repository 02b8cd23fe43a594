import type { Specimen } from '../../state/specimen.ts';

/** Where a pen was. The pad is 1 wide and 1 high, its origin at the upper left. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** How wide the ink is there, as a share of the pad. */
  readonly width: number;
}

/** What a pen leaves between being put down and lifted: points to be joined, at least one. */
export type Stroke = readonly StrokePoint[];

/** What is on the pad: strokes on an empty ground, or on an image that was there before them. */
export interface Drawing {
  readonly ground: Specimen;
  readonly strokes: readonly Stroke[];
}

/** A drawing with what it was before and, after undoing, was to become. */
export interface DrawingHistory {
  readonly past: readonly Drawing[];
  readonly present: Drawing;
  readonly future: readonly Drawing[];
}

/** So many steps can be undone. */
const keptSteps = 200;

export const emptyDrawing: Drawing = { ground: { kind: 'none' }, strokes: [] };

/** A pad that nobody has drawn on. */
export const emptyHistory: DrawingHistory = { past: [], present: emptyDrawing, future: [] };

/** Whether there is nothing on the pad. */
export function isEmpty({ ground, strokes }: Drawing): boolean {
  return ground.kind === 'none' && strokes.length === 0;
}

/** The history after one more step; what had been undone is gone. */
export function advance({ past, present }: DrawingHistory, next: Drawing): DrawingHistory {
  return { past: [...past, present].slice(-keptSteps), present: next, future: [] };
}

/** One step back; the same history where there is none. */
export function undo(history: DrawingHistory): DrawingHistory {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
  };
}

/** One undone step forward again; the same history where there is none. */
export function redo(history: DrawingHistory): DrawingHistory {
  const [next, ...future] = history.future;
  if (history.future.length === 0) return history;
  return { past: [...history.past, history.present], present: next, future };
}
