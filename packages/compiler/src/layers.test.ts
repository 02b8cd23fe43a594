import { describe, expect, it } from 'vitest';
import { layerCases } from './layers.cases.ts';
import { lossCases } from './losses.cases.ts';
import { describeLayerCases } from './testing/run-layer-case.ts';

const table = { ...layerCases, ...lossCases };
for (const [title, rows] of Object.entries(table)) describeLayerCases(title, rows);

describe('the tables of layers and losses', () => {
  const rows = Object.values(table).flat();

  it('have unique names', () => {
    const names = rows.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('say why a gradient is not checked in the usual way', () => {
    expect(rows.filter(({ gradient }) => gradient !== undefined && gradient.because.length < 20)).toEqual([]);
  });
});
