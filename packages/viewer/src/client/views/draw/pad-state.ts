import { batch, effect, signal } from '@preact/signals';
import { centreDigit } from '../../images/centre-digit.ts';
import { specimen, takeDrawing, takeTestImage, type Specimen } from '../../state/specimen.ts';
import {
  advance,
  emptyDrawing,
  emptyHistory,
  isEmpty,
  redo,
  undo,
  type Drawing,
  type Stroke,
  type StrokePoint,
} from './drawing.ts';
import { inkRaster } from './ink-raster.ts';
import { markPenUp, nameFinished } from './pen-up-timing.ts';

/** Pixels on a side of what models see of a drawing. */
export const drawnSide = 28;

/** What is on the pad and was before. It outlives the view, so that a visitor who comes back can still undo. */
export const drawingHistory = signal(emptyHistory);

/** The stroke that is being drawn, `undefined` while the pen is up. */
export const strokeUnderWay = signal<Stroke | undefined>(undefined);

/** What models would see if the pen were lifted now, `undefined` while it is up. */
export const imageUnderWay = signal<Float32Array | undefined>(undefined);

/** Image that the pad gave out last, by which it knows its own again. */
let given: Float32Array | undefined;

let points: StrokePoint[] = [];
let frame: number | undefined;

/** Puts the pen down. */
export function beginStroke(point: StrokePoint): void {
  points = [point];
  showStroke();
}

/** Moves the pen that is down. The pad is drawn once a frame, however many points there are. */
export function extendStroke(more: readonly StrokePoint[]): void {
  // It may have been dropped while a finger still moves.
  if (strokeUnderWay.peek() === undefined) return;
  points.push(...more);
  frame ??= requestAnimationFrame(showStroke);
}

function showStroke(): void {
  if (frame !== undefined) cancelAnimationFrame(frame);
  frame = undefined;
  const stroke = [...points];
  const { present } = drawingHistory.peek();
  const image = imageOf({ ...present, strokes: [...present.strokes, stroke] });
  batch(() => {
    strokeUnderWay.value = stroke;
    imageUnderWay.value = image;
  });
}

/** Lifts the pen: the stroke is a step that can be undone, and the drawing is the image at hand in all views. */
export function endStroke(): void {
  if (strokeUnderWay.peek() === undefined) return;
  markPenUp();
  // The models begin with what is new before the page is busy with taking it up.
  if (frame !== undefined) showStroke();
  const image = imageUnderWay.peek()!;
  const { present } = drawingHistory.peek();
  nameFinished(image);
  given = image;
  batch(() => {
    drawingHistory.value = advance(drawingHistory.peek(), {
      ...present,
      strokes: [...present.strokes, strokeUnderWay.peek()!],
    });
    takeDrawing(image);
    dropStroke();
  });
}

/** Takes back the stroke that is being drawn, as when the browser makes a gesture of it. */
export function dropStroke(): void {
  if (frame !== undefined) cancelAnimationFrame(frame);
  frame = undefined;
  points = [];
  batch(() => {
    strokeUnderWay.value = undefined;
    imageUnderWay.value = undefined;
  });
}

export function undoStep(): void {
  goTo(undo(drawingHistory.peek()));
}

export function redoStep(): void {
  goTo(redo(drawingHistory.peek()));
}

export function clearPad(): void {
  const history = drawingHistory.peek();
  if (!isEmpty(history.present)) goTo(advance(history, emptyDrawing));
}

function goTo(history: typeof emptyHistory): void {
  dropStroke();
  if (history === drawingHistory.peek()) return;
  const { present } = history;
  batch(() => {
    drawingHistory.value = history;
    if (present.strokes.length === 0 && present.ground.kind === 'test') takeTestImage(present.ground.index);
    else takeDrawing((given = imageOf(present)));
  });
}

/** `[28, 28]`, float32 in [0, 1] */
function imageOf(drawing: Drawing): Float32Array {
  const { ground, strokes } = drawing;
  if (strokes.length > 0) {
    return centreDigit(inkRaster(drawing, drawnSide), drawnSide);
  }
  // What was on the pad before any stroke has been centred already.
  return ground.kind === 'none' ? new Float32Array(drawnSide ** 2) : ground.image;
}

/**
 * Puts onto the pad what comes from elsewhere: a test image that was picked, the drawing of an address. Call the function
 * that it returns to end that.
 */
export function followSpecimen(): () => void {
  return effect(() => {
    takeIn(specimen.value);
  });
}

function takeIn(next: Specimen): void {
  if (next.kind !== 'none' && next.image.length !== drawnSide ** 2) return;
  if (next.kind === 'drawn' && next.image === given) return;
  const history = drawingHistory.peek();
  const { present } = history;
  if (next.kind === 'none' && isEmpty(present)) return;
  const drawing: Drawing = { ground: next, strokes: [] };
  const isSameTestImage =
    next.kind === 'test' &&
    present.strokes.length === 0 &&
    present.ground.kind === 'test' &&
    present.ground.index === next.index;
  // It comes anew when a step is undone and when another run is chosen, whose images may be others.
  drawingHistory.value = isSameTestImage ? { ...history, present: drawing } : advance(history, drawing);
}
