import type { SweepResult, SweepSummary } from '@narrows/shared';
import { expect, test } from 'vitest';
import { drawWidths } from './draw-widths.ts';

const around = (mean: number) => ({ mean, min: mean - 0.01, max: mean + 0.01, std: 0.01 });
const summary = (family: string, latent: number, accuracy: number) =>
  ({ family, latent, plain: { accuracy: around(accuracy) } }) as unknown as SweepSummary;

const sweep = {
  grid: { families: ['pca-L', 'own-L'], latents: [8, 2], seeds: [1, 2] },
  classifier: { accuracy: 0.9912 },
  summaries: [
    summary('pca-L', 8, 0.8),
    summary('pca-L', 2, 0.45),
    summary('own-L', 2, 0.6),
    summary('own-L', 8, 0.95),
  ],
} as unknown as SweepResult;
const svg = drawWidths(sweep);

/** The places of a family's points, from left to right. */
function points(colour: string): { x: number; y: number }[] {
  const circles = svg.matchAll(
    new RegExp(`<circle cx="([\\d.]+)" cy="([\\d.]+)" r="3.5" fill="${colour}"/>`, 'g'),
  );
  return [...circles].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

test('widths go to the right and accuracy up, on one scale for all families', () => {
  const [pca, own] = [points('#0072b2'), points('#d55e00')];
  expect(pca).toHaveLength(2);
  expect(pca[0].x).toBeLessThan(pca[1].x);
  expect(pca[0].y).toBeGreaterThan(pca[1].y);
  expect(own.map(({ x }) => x)).toEqual(pca.map(({ x }) => x));
  // 15 points of accuracy between them at either width.
  expect(pca[0].y - own[0].y).toBeCloseTo(pca[1].y - own[1].y, 0);
});

test('a band reaches from the least to the greatest of each width', () => {
  const [band] = /<path d="M[^"]*Z" fill="#0072b2"/.exec(svg)!;
  const ys = [...band.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, , y]) => Number(y));
  expect(ys).toHaveLength(4);
  const [{ y }] = points('#0072b2');
  expect(Math.min(...ys.filter((_, i) => i === 0 || i === 3))).toBeLessThan(y);
  expect(Math.max(...ys.filter((_, i) => i === 0 || i === 3))).toBeGreaterThan(y);
});

test('it says what is drawn: families, widths and the originals', () => {
  for (const text of ['>PCA<', '>own-L<', '>2<', '>8<', '>originals, 99.12 %<', '>40 %<', '>100 %<']) {
    expect(svg).toContain(text);
  }
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
