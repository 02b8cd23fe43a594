import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { language } from '../../i18n/language.ts';
import { route } from '../../state/route.ts';
import { theme } from '../../state/settings.ts';
import { drawMessages } from './draw-messages.ts';
import { isEmpty, type StrokePoint } from './drawing.ts';
import { penAfterKey, restingPen } from './keyboard-pen.ts';
import {
  beginStroke,
  drawingHistory,
  drawnSide,
  dropStroke,
  endStroke,
  extendStroke,
  strokeUnderWay,
} from './pad-state.ts';
import { paintPad } from './paint-pad.ts';

/** Widths of the brush in pixels of the 28 that models see, and the one to begin with: about MNIST's. */
export const brushWidths = { least: 1, most: 5, step: 0.5, first: 2.5 } as const;

/** The brush's width that the address names, in pixels of 28. */
export function brushPixels(): number {
  const named = Number(route.value.params.get('brush') ?? brushWidths.first);
  return named >= brushWidths.least && named <= brushWidths.most ? named : brushWidths.first;
}

/** Id of what says how to draw by keyboard. */
export const padKeysId = 'draw-keys';

/** Where the keyboard's pen is, and whether it is shown: from the first key on, until a pointer draws or the pad is left. */
const pen = signal({ ...restingPen, isShown: false });

/**
 * The sheet to draw on, by mouse, finger, pen or keyboard. Touching it never scrolls the page; everything else on the page
 * does.
 */
export function Pad({ onPenDown }: { onPenDown: () => void }) {
  const words = drawMessages();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointer = useRef<number | undefined>(undefined);
  const paint = () => {
    if (canvas.current === null) return;
    paintPad(canvas.current, {
      drawing: drawingHistory.peek().present,
      underWay: strokeUnderWay.peek(),
      pen: pen.peek().isShown ? pen.peek() : undefined,
      brush: brushPixels() / drawnSide,
    });
  };
  useLayoutEffect(paint, [drawingHistory.value, strokeUnderWay.value, pen.value, theme.value, brushPixels()]);
  useEffect(() => keepSharp(canvas.current!, paint), []);
  useEffect(
    () => () => {
      dropStroke();
      pen.value = { ...pen.peek(), isDown: false, isShown: false };
    },
    [],
  );

  const pointOf = (event: PointerEvent): StrokePoint => {
    const box = canvas.current!.getBoundingClientRect();
    // Only pens tell how hard they are pressed; half of the range is the brush as it is set.
    const pressed = event.pointerType === 'pen' && event.pressure > 0 ? 0.4 + 1.2 * event.pressure : 1;
    return {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
      width: (brushPixels() / drawnSide) * pressed,
    };
  };
  const lift = () => {
    endStroke();
    pen.value = { ...pen.peek(), isDown: false };
    pointer.current = undefined;
  };
  const onPointerDown = (event: PointerEvent) => {
    // A second finger or the heel of a hand does not draw.
    if (!event.isPrimary || event.button !== 0) return;
    if (strokeUnderWay.peek() !== undefined) lift();
    canvas.current!.setPointerCapture(event.pointerId);
    pointer.current = event.pointerId;
    pen.value = { ...pen.peek(), isShown: false };
    onPenDown();
    beginStroke(pointOf(event));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerId !== pointer.current) return;
    const events = event.getCoalescedEvents();
    extendStroke((events.length > 0 ? events : [event]).map(pointOf));
  };
  const onPointerEnd = (event: PointerEvent) => {
    if (event.pointerId !== pointer.current) return;
    if (event.type === 'pointercancel') {
      pointer.current = undefined;
      dropStroke();
    } else lift();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || pointer.current !== undefined) return;
    const before = pen.peek();
    const after = penAfterKey(before, event);
    if (after === undefined) return;
    event.preventDefault();
    const isToggle = after.isDown !== before.isDown;
    if (isToggle && event.repeat) return;
    pen.value = { ...after, isShown: true };
    const point = { x: after.x, y: after.y, width: brushPixels() / drawnSide };
    if (isToggle && after.isDown) {
      onPenDown();
      beginStroke(point);
    } else if (isToggle) lift();
    else if (after.isDown) extendStroke([point]);
  };

  const isBlank = isEmpty(drawingHistory.value.present) && strokeUnderWay.value === undefined;
  return (
    <div class="draw-pad">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={words.pad}
        aria-describedby={padKeysId}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
        onKeyDown={onKeyDown}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) pen.value = { ...pen.peek(), isShown: true };
        }}
        onBlur={() => {
          if (pen.peek().isDown) lift();
          pen.value = { ...pen.peek(), isShown: false };
        }}
      />
      {isBlank && (
        <p class="draw-pad-hint" aria-hidden="true" lang={language.value}>
          {words.padHint}
        </p>
      )}
    </div>
  );
}

/** Keeps a canvas as fine as the screen, and paints it when that or the system's colours change. */
function keepSharp(canvas: HTMLCanvasElement, paint: () => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    const size = Math.max(1, Math.round(entry.contentRect.width * devicePixelRatio));
    if (canvas.width !== size) canvas.width = canvas.height = size;
    paint();
  });
  observer.observe(canvas);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', paint);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', paint);
  };
}
