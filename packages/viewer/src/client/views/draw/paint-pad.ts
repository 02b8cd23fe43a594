import type { Specimen } from '../../state/specimen.ts';
import type { Drawing, Stroke } from './drawing.ts';
import type { KeyboardPen } from './keyboard-pen.ts';

/** What the pad shows. */
export interface PadScene {
  readonly drawing: Drawing;
  /** The stroke that is being drawn. */
  readonly underWay: Stroke | undefined;
  /** The pen that the keyboard moves, while it does. */
  readonly pen: KeyboardPen | undefined;
  /** Width of the brush as a share of the pad. */
  readonly brush: number;
}

/** Paints the pad in the text's colour on nothing: the ground is the page's. Takes the canvas's size as it is. */
export function paintPad(canvas: HTMLCanvasElement, { drawing, underWay, pen, brush }: PadScene): void {
  const context = canvas.getContext('2d')!;
  const size = canvas.width;
  const { color, accentColor } = getComputedStyle(canvas);
  context.clearRect(0, 0, size, size);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = context.fillStyle = color;
  if (drawing.ground.kind !== 'none') paintGround(context, drawing.ground, size);
  for (const stroke of drawing.strokes) paintStroke(context, stroke, size);
  if (underWay !== undefined) paintStroke(context, underWay, size);
  if (pen !== undefined) paintPen(context, pen, { size, brush, colour: accentColor });
}

/** An image of the test set or of an address, its pixels left visible, as opaque as they are bright. */
function paintGround(
  context: CanvasRenderingContext2D,
  ground: Exclude<Specimen, { kind: 'none' }>,
  size: number,
): void {
  const side = Math.sqrt(ground.image.length);
  const edge = (i: number): number => Math.round((i / side) * size);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = ground.image[y * side + x];
      if (value === 0) continue;
      context.globalAlpha = value;
      context.fillRect(edge(x), edge(y), edge(x + 1) - edge(x), edge(y + 1) - edge(y));
    }
  }
  context.globalAlpha = 1;
}

function paintStroke(context: CanvasRenderingContext2D, stroke: Stroke, size: number): void {
  stroke.forEach((to, i) => {
    const from = stroke[Math.max(0, i - 1)];
    context.lineWidth = ((from.width + to.width) / 2) * size;
    context.beginPath();
    context.moveTo(from.x * size, from.y * size);
    context.lineTo(to.x * size, to.y * size);
    context.stroke();
  });
}

/** A ring as wide as the brush with a cross through it; filled while the pen is down. */
function paintPen(
  context: CanvasRenderingContext2D,
  pen: KeyboardPen,
  { size, brush, colour }: { size: number; brush: number; colour: string },
): void {
  const x = pen.x * size;
  const y = pen.y * size;
  const radius = Math.max(brush / 2, 0.03) * size;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = Math.max(2, size / 180);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  if (pen.isDown) {
    context.beginPath();
    context.arc(x, y, radius / 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    context.moveTo(x + dx * radius, y + dy * radius);
    context.lineTo(x + dx * radius * 1.7, y + dy * radius * 1.7);
  }
  context.stroke();
}
