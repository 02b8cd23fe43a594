import { plot, text, type Markish, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Width of a character of a label, in px; that of most letters is less. */
const characterWidth = 7;
const labelHeight = 15;
const dotReach = 9;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Labels for the dots of a chart that cover neither each other nor a dot, as far as there is room: to the right of its
 * dot, else to the left, above, below or further off.
 *
 * @param options the chart without its marks; its scales tell where the dots are
 * @param channels what each point's place and label are
 * @returns a mark for each label
 */
export function placeLabels<T>(
  points: readonly T[],
  options: PlotOptions & {
    readonly width: number;
    readonly marginLeft: number;
    readonly marginRight: number;
  },
  channels: { x: (point: T) => number; y: (point: T) => number; text: (point: T) => string },
): Markish[] {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  // A chart without marks has no scales.
  const drawn = plot({
    ...options,
    document,
    marks: [text(points as T[], { x: channels.x, y: channels.y, text: channels.text })],
  });
  const scaleX = drawn.scale('x')!;
  const scaleY = drawn.scale('y')!;
  const places = points.map((point) => ({
    point,
    x: scaleX.apply(channels.x(point)) as number,
    y: scaleY.apply(channels.y(point)) as number,
  }));
  const taken: Box[] = places.map(({ x, y }) => ({
    left: x - dotReach,
    right: x + dotReach,
    top: y - dotReach,
    bottom: y + dotReach,
  }));
  return places.map(({ point, x, y }) => {
    const width = characterWidth * channels.text(point).length;
    const candidates = [0, -1, 1, -2, 2].flatMap((step) => [
      { anchor: 'start' as const, dx: 11, dy: step * labelHeight },
      { anchor: 'end' as const, dx: -11, dy: step * labelHeight },
    ]);
    const boxOf = ({ anchor, dx, dy }: (typeof candidates)[number]): Box => {
      const left = anchor === 'start' ? x + dx : x + dx - width;
      return { left, right: left + width, top: y + dy - labelHeight / 2, bottom: y + dy + labelHeight / 2 };
    };
    const inside = ({ left, right }: Box): boolean =>
      left >= options.marginLeft && right <= options.width - options.marginRight / 4;
    const free =
      candidates.find((candidate) => {
        const box = boxOf(candidate);
        return inside(box) && !taken.some((other) => overlap(box, other));
      }) ?? candidates[0];
    taken.push(boxOf(free));
    return text([point], {
      ...channels,
      textAnchor: free.anchor,
      dx: free.dx,
      dy: free.dy,
      stroke: 'var(--ground)',
      strokeWidth: 4,
      fill: 'currentColor',
    });
  });
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
