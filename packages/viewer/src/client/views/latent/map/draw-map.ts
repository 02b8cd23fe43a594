import type { Rgb } from '@narrows/shared';
import type { ClassAnchor } from './class-anchors.ts';
import { pixelsPerUnit, toScreen, type MapFrame, type MapView } from './map-view.ts';
import { fillPixels, stampDots, type DotMask } from './stamp-dots.ts';

/** A place on the map with a name. */
export interface MapMark {
  readonly at: readonly [number, number];
  readonly text: string;
}

/** What there is on a map. */
export interface MapScene {
  /** float32 `[points, 2]` */
  readonly coordinates: Float32Array;
  /** `[points]` or longer */
  readonly labels: Uint8Array;
  /** `[points]`, 0 for a point of a class that is hidden. */
  readonly shown: Uint8Array;
  /** `[points]`, 0 for a point that steps back behind those selected; `undefined` while nothing is selected. */
  readonly selected: Uint8Array | undefined;
  readonly anchors: readonly ClassAnchor[];
  readonly classNames: readonly string[];
  /** Indices of points that are ringed. */
  readonly marked: number | undefined;
  readonly hovered: number | undefined;
  readonly marks: readonly MapMark[];
  /** Places joined by a line, none or several. */
  readonly path: readonly (readonly [number, number])[];
}

/** Colours, and the font of names. */
export interface MapPaint {
  readonly ground: Rgb;
  readonly ink: Rgb;
  readonly classes: readonly Rgb[];
  readonly font: string;
}

/** How a map is drawn this time. */
export interface MapDrawing {
  readonly scene: MapScene;
  readonly view: MapView;
  readonly frame: MapFrame;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly paint: MapPaint;
  readonly dot: DotMask;
  /** As large as the canvas; what was drawn before is written over. */
  readonly pixels: ImageData;
  /** Points that may have a picture. */
  readonly near: readonly number[];
  /** A small picture for a point, drawn in place of its dot. */
  readonly pictureOf: (index: number) => CanvasImageSource | undefined;
  /** Corners of the lasso that is being drawn, in the map's units. */
  readonly lasso: readonly (readonly [number, number])[];
}

/** Side of a point's picture, in CSS pixels. */
const pictureSide = 30;

/** Radius of a dot in CSS pixels: they grow, slower than the map, as one comes closer. */
export function dotRadius(zoom: number, points: number): number {
  return Math.min(6, (points > 4000 ? 1.7 : 2.4) * zoom ** 0.35);
}

/** Draws the whole map anew. */
export function drawMap(context: CanvasRenderingContext2D, drawing: MapDrawing): void {
  const { scene, ratio, paint, pixels } = drawing;
  const { selected } = scene;
  fillPixels(pixels, paint.ground);
  if (selected !== undefined) drawDots(drawing, 0.14, (i) => selected[i] === 0);
  drawDots(drawing, 0.85, (i) => selected?.[i] !== 0);
  context.putImageData(pixels, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawPictures(context, drawing);
  context.lineJoin = 'round';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  drawPath(context, drawing);
  for (const { label, x, y } of scene.anchors) {
    const name = scene.classNames[label];
    context.font = `600 ${name.length > 2 ? 13 : 19}px ${paint.font}`;
    drawText(context, drawing, { text: name, at: [x, y] });
  }
  if (scene.marked !== undefined) drawRing(context, drawing, { index: scene.marked, width: 2.5 });
  if (scene.hovered !== undefined) drawRing(context, drawing, { index: scene.hovered, width: 1.5 });
  context.font = `600 13px ${paint.font}`;
  for (const mark of scene.marks) drawMark(context, drawing, mark);
  drawLasso(context, drawing);
}

function drawDots(
  { scene, view, frame, ratio, paint, dot, pixels, pictureOf }: MapDrawing,
  opacity: number,
  isWanted: (index: number) => boolean,
): void {
  const [left, top] = toScreen(view, frame, [0, 0]);
  stampDots(pixels, {
    coordinates: scene.coordinates,
    labels: scene.labels,
    colours: paint.classes,
    mask: dot,
    left: left * ratio,
    top: top * ratio,
    scale: pixelsPerUnit(view, frame) * ratio,
    opacity,
    isWanted: (i) => scene.shown[i] !== 0 && isWanted(i) && pictureOf(i) === undefined,
  });
}

function drawPictures(
  context: CanvasRenderingContext2D,
  { scene, view, frame, paint, near, pictureOf }: MapDrawing,
): void {
  context.lineWidth = 1;
  for (const i of near) {
    const picture = pictureOf(i);
    if (picture === undefined) continue;
    const [x, y] = toScreen(view, frame, [scene.coordinates[2 * i], scene.coordinates[2 * i + 1]]);
    const [left, top] = [Math.round(x - pictureSide / 2), Math.round(y - pictureSide / 2)];
    context.globalAlpha = scene.selected?.[i] === 0 ? 0.3 : 1;
    context.fillStyle = css(paint.ground);
    context.fillRect(left, top, pictureSide, pictureSide);
    context.drawImage(picture, left, top, pictureSide, pictureSide);
    context.strokeStyle = css(paint.classes[scene.labels[i]]);
    context.strokeRect(left + 0.5, top + 0.5, pictureSide - 1, pictureSide - 1);
  }
  context.globalAlpha = 1;
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** A line under its own halo of the ground's colour, so that it is seen on a crowd of dots. */
function strokeTwice(context: CanvasRenderingContext2D, paint: MapPaint, width: number): void {
  context.strokeStyle = css(paint.ground);
  context.lineWidth = width + 3;
  context.stroke();
  context.strokeStyle = css(paint.ink);
  context.lineWidth = width;
  context.stroke();
}

function drawText(
  context: CanvasRenderingContext2D,
  { view, frame, paint }: MapDrawing,
  { text, at }: MapMark,
): void {
  const [x, y] = toScreen(view, frame, at);
  context.strokeStyle = css(paint.ground);
  context.lineWidth = 5;
  context.strokeText(text, x, y);
  context.fillStyle = css(paint.ink);
  context.fillText(text, x, y);
}

function drawRing(
  context: CanvasRenderingContext2D,
  { scene, view, frame, paint, pictureOf }: MapDrawing,
  { index, width }: { index: number; width: number },
): void {
  const [x, y] = toScreen(view, frame, [scene.coordinates[2 * index], scene.coordinates[2 * index + 1]]);
  context.beginPath();
  if (pictureOf(index) === undefined) {
    context.arc(x, y, dotRadius(view.zoom, scene.shown.length) + 4, 0, 2 * Math.PI);
  } else {
    context.rect(x - pictureSide / 2 - 2, y - pictureSide / 2 - 2, pictureSide + 4, pictureSide + 4);
  }
  strokeTwice(context, paint, width);
}

/** A filled square on its tip, with its name above: dots are round, so it is told from them without colour. */
function drawMark(context: CanvasRenderingContext2D, drawing: MapDrawing, { at, text }: MapMark): void {
  const { view, frame, paint } = drawing;
  const [x, y] = toScreen(view, frame, at);
  context.beginPath();
  context.moveTo(x, y - 7);
  context.lineTo(x + 7, y);
  context.lineTo(x, y + 7);
  context.lineTo(x - 7, y);
  context.closePath();
  strokeTwice(context, paint, 1);
  context.fillStyle = css(paint.ink);
  context.fill();
  // The name stays within the picture.
  const half = context.measureText(text).width / 2 + 4;
  const textX = Math.min(frame.width - half, Math.max(half, x));
  const textY = y < 28 ? y + 18 : y - 18;
  context.strokeStyle = css(paint.ground);
  context.lineWidth = 5;
  context.strokeText(text, textX, textY);
  context.fillText(text, textX, textY);
}

function drawPath(context: CanvasRenderingContext2D, { scene, view, frame, paint }: MapDrawing): void {
  if (scene.path.length === 0) return;
  const places = scene.path.map((place) => toScreen(view, frame, place));
  context.beginPath();
  places.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  strokeTwice(context, paint, 1.5);
  for (const [x, y] of places) {
    context.beginPath();
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    strokeTwice(context, paint, 1);
    context.fillStyle = css(paint.ground);
    context.fill();
  }
}

function drawLasso(context: CanvasRenderingContext2D, { lasso, view, frame, paint }: MapDrawing): void {
  if (lasso.length < 2) return;
  context.beginPath();
  lasso.forEach((corner, i) => {
    const [x, y] = toScreen(view, frame, corner);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
  context.globalAlpha = 0.08;
  context.fillStyle = css(paint.ink);
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.strokeStyle = css(paint.ink);
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}
