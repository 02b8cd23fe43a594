/** What gestures on a map ask for. Places and ways are in CSS pixels from the top left corner of the map. */
export interface GestureHandlers {
  /** Whether a drag that begins now draws a lasso. */
  readonly isLasso: (event: PointerEvent) => boolean;
  /** Whether the map can't be seen smaller: a wheel that asks for it then scrolls the page. */
  readonly isWhole: () => boolean;
  readonly onPan: (way: readonly [number, number]) => void;
  readonly onZoom: (factor: number, at: readonly [number, number]) => void;
  /** The pointer rests there, or has left. */
  readonly onHover: (at: readonly [number, number] | undefined) => void;
  /** @param reach how far off a finger or pointer may be */
  readonly onTap: (at: readonly [number, number], reach: number) => void;
  readonly onLasso: (step: 'start' | 'move' | 'end' | 'cancel', at: readonly [number, number]) => void;
}

/** A press that moves less than this is a tap, in CSS pixels. */
const tapSlack = 5;
/** After the page was scrolled, a wheel goes on doing that for so long, in ms: it came across the map by chance. */
const scrollRest = 250;

/**
 * Follows mouse, pen and fingers on a map: drag, two fingers, wheel, tap, lasso.
 * @returns ends it
 */
export function followGestures(canvas: HTMLCanvasElement, handlers: GestureHandlers): () => void {
  const pressed = new Map<number, [number, number]>();
  let start: [number, number] | undefined;
  let isLasso = false;
  let lastScroll = -Infinity;
  const end = new AbortController();
  const options = { signal: end.signal };

  const placeOf = (event: MouseEvent): [number, number] => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const stopLasso = (step: 'end' | 'cancel', at: [number, number]): void => {
    if (isLasso) handlers.onLasso(step, at);
    isLasso = false;
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const at = placeOf(event);
      pressed.set(event.pointerId, at);
      canvas.setPointerCapture(event.pointerId);
      if (pressed.size > 1) {
        // A second finger zooms, and what the first one began was not meant.
        stopLasso('cancel', at);
        start = undefined;
        return;
      }
      start = at;
      isLasso = handlers.isLasso(event);
      if (isLasso) handlers.onLasso('start', at);
    },
    options,
  );

  canvas.addEventListener(
    'pointermove',
    (event) => {
      const at = placeOf(event);
      const from = pressed.get(event.pointerId);
      if (from === undefined) {
        if (event.pointerType !== 'touch') handlers.onHover(at);
        return;
      }
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
      pressed.set(event.pointerId, at);
      if (other !== undefined) {
        const [before, after] = [distanceOf(from, other), distanceOf(at, other)];
        const centre: [number, number] = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
        handlers.onPan([(at[0] - from[0]) / 2, (at[1] - from[1]) / 2]);
        if (before > 0 && after > 0) handlers.onZoom(after / before, centre);
        return;
      }
      if (start !== undefined && distanceOf(start, at) >= tapSlack) start = undefined;
      if (isLasso) handlers.onLasso('move', at);
      else if (start === undefined) handlers.onPan([at[0] - from[0], at[1] - from[1]]);
    },
    options,
  );

  canvas.addEventListener(
    'pointerup',
    (event) => {
      const at = placeOf(event);
      if (!pressed.delete(event.pointerId)) return;
      if (start !== undefined) {
        stopLasso('cancel', at);
        handlers.onTap(start, event.pointerType === 'touch' ? 24 : 12);
      } else stopLasso('end', at);
      start = undefined;
    },
    options,
  );
  canvas.addEventListener(
    'pointercancel',
    (event) => {
      pressed.delete(event.pointerId);
      start = undefined;
      stopLasso('cancel', placeOf(event));
    },
    options,
  );
  canvas.addEventListener(
    'pointerleave',
    () => {
      handlers.onHover(undefined);
    },
    options,
  );
  addEventListener(
    'scroll',
    () => {
      lastScroll = performance.now();
    },
    { ...options, passive: true },
  );
  canvas.addEventListener(
    'wheel',
    (event) => {
      const isOut = event.deltaY > 0;
      if (isOut && handlers.isWhole() && !event.ctrlKey) return;
      if (performance.now() - lastScroll < scrollRest && !event.ctrlKey) return;
      event.preventDefault();
      // Lines and pages as pixels; a pinch on a trackpad comes as a wheel with the control key, in small steps.
      const pixels = event.deltaY * [1, 16, 400][event.deltaMode] * (event.ctrlKey ? 6 : 1);
      handlers.onZoom(Math.exp(-Math.max(-400, Math.min(400, pixels)) / 500), placeOf(event));
    },
    { ...options, passive: false },
  );
  return () => {
    end.abort();
  };
}

function distanceOf([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  return Math.hypot(ax - bx, ay - by);
}
