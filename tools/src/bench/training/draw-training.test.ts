import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { drawTraining, logTicks } from './draw-training.ts';
import { curveOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';

const svg = drawTraining(
  sittingOf(
    stepsOf('narrows', 1),
    stepsOf('pytorch', 10),
    stepsOf('tfjs-wasm', 100, { threads: 1 }),
    stepsOf('narrows', 7, { model: 'cnn' }),
    stepsOf('tfjs-wasm', 'no such kernel', { model: 'cnn', threads: 1 }),
    curveOf('narrows', [0.02, 0.01]),
    curveOf('narrows', [0.03, 0.02], { seed: 2 }),
  ),
);
const { document } = parseHTML(svg);

/** Where the dots of one colour and radius are, in their own panels. */
function dots(colour: string, radius: number): { x: number; y: number }[] {
  return [...document.querySelectorAll(`circle[fill="${colour}"][r="${radius}"]`)].map((circle) => ({
    x: Number(circle.getAttribute('cx')),
    y: Number(circle.getAttribute('cy')),
  }));
}

it('puts ten times as long equally far to the right, each peer in its own row', () => {
  const [ours] = dots('#0072b2', 4);
  const [torch] = dots('#d55e00', 4);
  const [wasm] = dots('#cc79a7', 4);
  expect(torch.x - ours.x).toBeCloseTo(wasm.x - torch.x, 0);
  expect(torch.x - ours.x).toBeGreaterThan(20);
  expect(new Set([ours.y, torch.y, wasm.y]).size).toBe(3);
});

it('leaves the place of a peer empty that could not train the model', () => {
  expect(dots('#0072b2', 4)).toHaveLength(2);
  expect(dots('#cc79a7', 4)).toHaveLength(1);
});

it('has errors fall over the seconds, with the target as a dashed line', () => {
  const curve = dots('#0072b2', 2.5).slice(-2);
  expect(curve[0].x).toBeLessThan(curve[1].x);
  expect(curve[0].y).toBeLessThan(curve[1].y);
  expect(document.querySelectorAll('[aria-label="line"] path[d*="L"]')).toHaveLength(2);
  expect(document.querySelectorAll('[stroke-dasharray]')).toHaveLength(1);
});

it('brings its own background and ink, for it is shown on light and dark pages', () => {
  expect(svg).toContain('<rect width="100%" height="100%" rx="8" fill="#f6f8fa"/>');
  expect(document.querySelector('svg')!.getAttribute('color')).toBe('#1f2328');
  expect(svg).not.toContain('<style');
});

it.each<[[number, number], number[]]>([
  [
    [0.9, 21],
    [1, 2, 5, 10, 20],
  ],
  [
    [0.0045, 0.05],
    [0.005, 0.01, 0.02, 0.05],
  ],
  [
    [0.9, 50_000],
    [1, 10, 100, 1000, 10_000],
  ],
])('has few round ticks from %j', (range, ticks) => {
  expect(logTicks(range)).toEqual(ticks);
});
