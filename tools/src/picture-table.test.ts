import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { drawPictureTable } from './picture-table.ts';

const size = { width: 2, height: 1 };
const rows = [
  { title: 'original', figures: ['', '99 %'], images: Float32Array.of(0, 1, 0.5, 2), marked: [false, true] },
  { title: 'pca-4', figures: ['MSE 0.1'], images: Float32Array.of(-1, 0, 0, 0), marked: [] },
];
const svg = drawPictureTable(rows, size);

it('draws every image with ink dark on white, clipped to what a pixel holds', () => {
  const urls = [...svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)].map(([, data]) => data);
  const greys = urls.map((data) => {
    const { data: rgba } = PNG.sync.read(Buffer.from(data, 'base64'));
    return [rgba[0], rgba[4]];
  });
  expect(greys).toEqual([
    [255, 0],
    [128, 0],
    [255, 255],
    [255, 255],
  ]);
});

it('frames what is marked and nothing else', () => {
  expect([...svg.matchAll(/<rect [^>]*stroke=/g)]).toHaveLength(1);
  expect(svg.indexOf('stroke=')).toBeGreaterThan(svg.indexOf('<image', svg.indexOf('<image') + 1));
});

it('says what each row is and what was measured', () => {
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(['original', '99 %', 'pca-4', 'MSE 0.1']);
});
