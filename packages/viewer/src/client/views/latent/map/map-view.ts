/** How far one can zoom in: about four points of 10,000 then fill the map. */
export const largestZoom = 64;

/** So much closer or further with each press of a button or key. */
export const zoomStep = 1.6;

/** Pixels between the outermost points and the edge when the whole map is seen. */
const margin = 24;

/** What part of a map is seen: the place at its centre, in the map's own units, and how often larger than the whole. */
export interface MapView {
  /** From 1, the whole map, to `largestZoom`. */
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** The smallest box around all points, in the map's units; never flat. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** A map and the place that it is drawn in, in CSS pixels. */
export interface MapFrame {
  readonly bounds: Bounds;
  readonly width: number;
  readonly height: number;
}

/** @param coordinates float32 `[points, 2]`, at least one point */
export function boundsOf(coordinates: Float32Array): Bounds {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < coordinates.length; i += 2) {
    left = Math.min(left, coordinates[i]);
    right = Math.max(right, coordinates[i]);
    bottom = Math.min(bottom, coordinates[i + 1]);
    top = Math.max(top, coordinates[i + 1]);
  }
  // A map whose points coincide in an axis still has a scale.
  const wider = right > left ? 0 : 0.5;
  const higher = top > bottom ? 0 : 0.5;
  return { left: left - wider, right: right + wider, bottom: bottom - higher, top: top + higher };
}

/** The view that shows all points. */
export function wholeMap({ left, right, bottom, top }: Bounds): MapView {
  return { zoom: 1, x: (left + right) / 2, y: (bottom + top) / 2 };
}

/** Pixels per unit of the map. */
export function pixelsPerUnit(view: MapView, { bounds, width, height }: MapFrame): number {
  const across = Math.max(1, width - 2 * margin) / (bounds.right - bounds.left);
  const up = Math.max(1, height - 2 * margin) / (bounds.top - bounds.bottom);
  return view.zoom * Math.min(across, up);
}

/** Where a place of the map is drawn, in pixels from the top left corner. */
export function toScreen(
  view: MapView,
  frame: MapFrame,
  [x, y]: readonly [number, number],
): [number, number] {
  const scale = pixelsPerUnit(view, frame);
  return [frame.width / 2 + (x - view.x) * scale, frame.height / 2 - (y - view.y) * scale];
}

/** The place of the map that is drawn there: the inverse of `toScreen`. */
export function toMap(view: MapView, frame: MapFrame, [x, y]: readonly [number, number]): [number, number] {
  const scale = pixelsPerUnit(view, frame);
  return [view.x + (x - frame.width / 2) / scale, view.y - (y - frame.height / 2) / scale];
}

/** The view after the map was dragged by so many pixels. Its centre stays within the bounds. */
export function panBy(view: MapView, frame: MapFrame, [dx, dy]: readonly [number, number]): MapView {
  const scale = pixelsPerUnit(view, frame);
  return keepInside({ ...view, x: view.x - dx / scale, y: view.y + dy / scale }, frame.bounds);
}

/** The view so many times closer, with the place under the pixel `at` held where it is. */
export function zoomAt(
  view: MapView,
  frame: MapFrame,
  { factor, at }: { factor: number; at: readonly [number, number] },
): MapView {
  const zoom = Math.min(largestZoom, Math.max(1, view.zoom * factor));
  const [x, y] = toMap(view, frame, at);
  const shrink = view.zoom / zoom;
  return keepInside({ zoom, x: x + (view.x - x) * shrink, y: y + (view.y - y) * shrink }, frame.bounds);
}

/** The view itself while it shows this place, else one of the same zoom that has it in its centre. */
export function viewWith(view: MapView, frame: MapFrame, place: readonly [number, number]): MapView {
  const [x, y] = toScreen(view, frame, place);
  const isSeen = x >= margin && y >= margin && x <= frame.width - margin && y <= frame.height - margin;
  return isSeen ? view : { zoom: view.zoom, x: place[0], y: place[1] };
}

function keepInside(view: MapView, { left, right, bottom, top }: Bounds): MapView {
  return {
    zoom: view.zoom,
    x: Math.min(right, Math.max(left, view.x)),
    y: Math.min(top, Math.max(bottom, view.y)),
  };
}
