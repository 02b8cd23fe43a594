import { expect, test } from 'vitest';
import { takeMeasure } from './take-measure.ts';

test('of a long session only the last measures are kept', () => {
  performance.measure('another', { start: 0, end: 1 });
  for (let end = 1; end <= 250; end++) takeMeasure('step', { start: 0, end });
  const kept = performance.getEntriesByName('step', 'measure');
  expect(kept.at(-1)?.duration).toBe(250);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(performance.getEntriesByName('another')).toHaveLength(1);
});
