import { expect, test } from 'vitest';
import { mapCsv } from './map-csv.ts';

test('a map as a table: one line each, and numbers that come back as they were', () => {
  const coordinates = Float32Array.of(1.5, -2, 0.1, 123.45678, 1e-7 / 3, 16777216);
  const text = mapCsv(coordinates, { labels: Uint8Array.of(7, 2, 1, 0), of: 'basic-32', method: 'tsne' });
  const lines = text.split('\r\n');
  expect(lines.slice(0, 3)).toEqual([
    'index,label,x,y,of,method',
    '0,7,1.5,-2,basic-32,tsne',
    '1,2,0.1,123.45678,basic-32,tsne',
  ]);
  expect(lines).toHaveLength(5);
  expect(lines[4]).toBe('');
  const numbers = lines.slice(1, 4).flatMap((line) => line.split(',').slice(2, 4).map(Number));
  expect(Float32Array.from(numbers)).toEqual(coordinates);
});
