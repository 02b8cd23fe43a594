import type { Rgb } from '@narrows/shared';
import { dotRadius, drawMap, type MapPaint, type MapScene } from './draw-map.ts';
import { toScreen, wholeMap, type Bounds, type MapFrame, type MapView } from './map-view.ts';
import { collectPointPictures, type PointPictures } from './point-pictures.ts';
import { readColour } from './read-colour.ts';
import { dotMask, type DotMask } from './stamp-dots.ts';

/** So many points in sight, or fewer, are drawn as their images. */
const mostPictures = 120;
/** More device pixels than this per CSS pixel are not worth their time. */
const largestRatio = 2;

/** A map on a canvas. It is drawn at most once a frame, whatever changes in between. */
export interface PaintedMap {
  readonly view: () => MapView;
  readonly frame: () => MapFrame;
  readonly setView: (view: MapView) => void;
  readonly setScene: (scene: MapScene) => void;
  /** @param corners in the map's units; none while no lasso is drawn */
  readonly setLasso: (corners: readonly (readonly [number, number])[]) => void;
  /** Reads the colours again, after the theme changed. */
  readonly readColours: () => void;
  /** Ends the drawing. */
  readonly end: () => void;
}

/**
 * Draws a map on a canvas, as large as its place and again whenever that changes.
 *
 * @param options.colours of the classes, as CSS has them
 * @param options.loadImages pixels of test images as bytes, `[indices, H, W, C]`
 * @param options.onView told of every other view
 */
export function paintMap(
  canvas: HTMLCanvasElement,
  {
    scene: firstScene,
    bounds,
    colours,
    loadImages,
    imageShape,
    onView,
  }: {
    scene: MapScene;
    bounds: Bounds;
    colours: readonly string[];
    loadImages: (indices: readonly number[]) => Promise<Uint8Array>;
    imageShape: readonly [number, number, number];
    onView: (view: MapView) => void;
  },
): PaintedMap {
  const context = canvas.getContext('2d')!;
  let scene = firstScene;
  let view = wholeMap(bounds);
  let frame: MapFrame = { bounds, width: 0, height: 0 };
  let ratio = 1;
  let lasso: readonly (readonly [number, number])[] = [];
  let paint: MapPaint;
  let pictures: PointPictures;
  let pixels: ImageData | undefined;
  let dot: { radius: number; mask: DotMask } | undefined;
  let request = 0;

  const draw = (): void => {
    request = 0;
    if (pixels === undefined) return;
    const radius = Math.round(4 * dotRadius(view.zoom, scene.shown.length) * ratio) / 4;
    if (dot?.radius !== radius) dot = { radius, mask: dotMask(radius) };
    const near = pointsInSight(scene, view, frame) ?? [];
    pictures.want(near);
    const isNear = new Set(near);
    const pictureOf = (index: number) => (isNear.has(index) ? pictures.of(index) : undefined);
    drawMap(context, { scene, view, frame, ratio, paint, lasso, pixels, dot: dot.mask, near, pictureOf });
  };
  const requestDraw = (): void => {
    if (request === 0) request = requestAnimationFrame(draw);
  };
  const readColours = (): void => {
    paint = {
      ground: resolveColour(canvas, 'var(--raised)'),
      ink: resolveColour(canvas, 'var(--ink)'),
      classes: colours.map((colour) => resolveColour(canvas, colour)),
      font: getComputedStyle(canvas).fontFamily,
    };
    pictures = collectPointPictures({
      load: loadImages,
      shape: imageShape,
      colourOf: (index) => paint.classes[scene.labels[index]],
      onArrived: requestDraw,
    });
    requestDraw();
  };
  const resize = (): void => {
    ratio = Math.min(largestRatio, devicePixelRatio);
    frame = { bounds, width: canvas.clientWidth, height: canvas.clientHeight };
    canvas.width = Math.round(frame.width * ratio);
    canvas.height = Math.round(frame.height * ratio);
    const isSeen = canvas.width > 0 && canvas.height > 0;
    pixels = isSeen ? context.createImageData(canvas.width, canvas.height) : undefined;
    // Setting the size wiped it: drawn at once, it does not flicker.
    draw();
  };

  readColours();
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  return {
    view: () => view,
    frame: () => frame,
    setView: (next) => {
      if (next === view) return;
      view = next;
      onView(view);
      requestDraw();
    },
    setScene: (next) => {
      scene = next;
      requestDraw();
    },
    setLasso: (corners) => {
      lasso = corners;
      requestDraw();
    },
    readColours,
    end: () => {
      observer.disconnect();
      cancelAnimationFrame(request);
    },
  };
}

/** The points that are in sight, if they are few; `undefined` else. */
function pointsInSight(scene: MapScene, view: MapView, frame: MapFrame): number[] | undefined {
  const found: number[] = [];
  const [left, top] = toScreen(view, frame, [0, 0]);
  const scale = toScreen(view, frame, [1, 0])[0] - left;
  for (let i = 0; i < scene.shown.length; i++) {
    const x = left + scene.coordinates[2 * i] * scale;
    const y = top - scene.coordinates[2 * i + 1] * scale;
    if (scene.shown[i] === 0 || x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    if (found.push(i) > mostPictures) return undefined;
  }
  return found;
}

/** A colour with variables and `light-dark()` as the plain colour that it is now. */
function resolveColour(canvas: HTMLCanvasElement, colour: string): Rgb {
  canvas.style.color = colour;
  const resolved = readColour(getComputedStyle(canvas).color);
  canvas.style.color = '';
  return resolved;
}
