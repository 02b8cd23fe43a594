import type { ClassAnchor } from './class-anchors.ts';
import { toScreen, type MapFrame, type MapView } from './map-view.ts';

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

/** Colours as the canvas understands them. */
export interface MapPaint {
  readonly ground: string;
  readonly ink: string;
  readonly classes: readonly string[];
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
  readonly dots: Dots;
  /** A small picture for a point, drawn in place of its dot. */
  readonly pictureOf: (index: number) => CanvasImageSource | undefined;
  /** Corners of the lasso that is being drawn, in the map's units. */
  readonly lasso: readonly (readonly [number, number])[];
}

/** A dot of each class, side by side in one canvas: copying them is several times faster than filling circles. */
export interface Dots {
  readonly sheet: HTMLCanvasElement;
  /** Side of a dot's square, in device pixels. */
  readonly side: number;
}

/** Side of a point's picture, in CSS pixels. */
const pictureSide = 30;

/** Draws a dot of each colour. @param radius in device pixels */
export function drawDots(colours: readonly string[], radius: number): Dots {
  const side = Math.ceil(2 * radius) + 2;
  const sheet = document.createElement('canvas');
  sheet.width = side * colours.length;
  sheet.height = side;
  const context = sheet.getContext('2d')!;
  colours.forEach((colour, i) => {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(side * (i + 0.5), side / 2, radius, 0, 2 * Math.PI);
    context.fill();
  });
  return { sheet, side };
}

/** Radius of a dot in CSS pixels: they grow, slower than the map, as one comes closer. */
export function dotRadius(zoom: number, points: number): number {
  return Math.min(6, (points > 4000 ? 1.7 : 2.4) * zoom ** 0.35);
}

/** Draws the whole map anew. */
export function drawMap(context: CanvasRenderingContext2D, drawing: MapDrawing): void {
  const { scene, frame, ratio, paint } = drawing;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, frame.width * ratio, frame.height * ratio);
  if (scene.selected !== undefined) {
    context.globalAlpha = 0.14;
    drawPoints(context, drawing, (i) => scene.selected![i] === 0);
  }
  context.globalAlpha = 0.85;
  drawPoints(context, drawing, (i) => scene.selected?.[i] !== 0);
  context.globalAlpha = 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
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

function drawPoints(
  context: CanvasRenderingContext2D,
  { scene, view, frame, ratio, dots, pictureOf, paint }: MapDrawing,
  isWanted: (index: number) => boolean,
): void {
  const { coordinates, labels, shown } = scene;
  const [left, top] = toScreen(view, frame, [0, 0]);
  const [right] = toScreen(view, frame, [1, 0]);
  const scale = (right - left) * ratio;
  const { sheet, side } = dots;
  const [width, height] = [frame.width * ratio, frame.height * ratio];
  const square = Math.round(pictureSide * ratio);
  for (let i = 0; i < shown.length; i++) {
    const x = left * ratio + coordinates[2 * i] * scale;
    const y = top * ratio - coordinates[2 * i + 1] * scale;
    if (shown[i] === 0 || x < -square || y < -square || x > width + square || y > height + square) continue;
    if (!isWanted(i)) continue;
    const picture = pictureOf(i);
    if (picture === undefined) {
      // Whole pixels: nothing is blended between them, which is faster and sharper.
      context.drawImage(
        sheet,
        labels[i] * side,
        0,
        side,
        side,
        Math.round(x - side / 2),
        Math.round(y - side / 2),
        side,
        side,
      );
      continue;
    }
    const [pictureX, pictureY] = [Math.round(x - square / 2), Math.round(y - square / 2)];
    context.fillStyle = paint.ground;
    context.fillRect(pictureX, pictureY, square, square);
    context.drawImage(picture, pictureX, pictureY, square, square);
    context.strokeStyle = paint.classes[labels[i]];
    context.lineWidth = ratio;
    context.strokeRect(pictureX, pictureY, square, square);
  }
}

/** A line under its own halo of the ground's colour, so that it is seen on a crowd of dots. */
function strokeTwice(context: CanvasRenderingContext2D, paint: MapPaint, width: number): void {
  context.strokeStyle = paint.ground;
  context.lineWidth = width + 3;
  context.stroke();
  context.strokeStyle = paint.ink;
  context.lineWidth = width;
  context.stroke();
}

function drawText(
  context: CanvasRenderingContext2D,
  { view, frame, paint }: MapDrawing,
  { text, at }: MapMark,
): void {
  const [x, y] = toScreen(view, frame, at);
  context.strokeStyle = paint.ground;
  context.lineWidth = 5;
  context.strokeText(text, x, y);
  context.fillStyle = paint.ink;
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
  context.fillStyle = paint.ink;
  context.fill();
  // The name stays within the picture.
  const half = context.measureText(text).width / 2 + 4;
  const textX = Math.min(frame.width - half, Math.max(half, x));
  const textY = y < 28 ? y + 18 : y - 18;
  context.strokeStyle = paint.ground;
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
    context.fillStyle = paint.ground;
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
  context.fillStyle = paint.ink;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.strokeStyle = paint.ink;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}
