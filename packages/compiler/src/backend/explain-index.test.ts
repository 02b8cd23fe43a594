import { expect, it } from 'vitest';
import { explainIndex } from './explain-index.ts';

const said = (name: string, index: number): string =>
  `Non-zero status code returned while running Gather node. Name:'${name}' Status Message: indices element out of data bounds, idx=${index} must be within the inclusive range [-4,3]`;

it('tells kernel, layer and index, also one that was negative', () => {
  const subject = 'kernel "GatherV2" of layer "model/words"';
  expect(explainIndex(said('model/words/GatherV2/Gather_6', 9))).toEqual({
    subject,
    rule: 'indices must be rows from 0 to 3, and one is 9; look at what it is given',
  });
  expect(explainIndex(said('model/words/GatherV2/Gather_6', -5))?.rule).toContain('and one is -1;');
});

it('tells no index of kernels that reckon with it before', () => {
  expect(explainIndex(said('ScatterNd/ScatterElements_4', 4))).toEqual({
    subject: 'kernel "ScatterNd"',
    rule: 'positions must be rows from 0 to 3, and one is not; look at what it is given',
  });
});

it('leaves other failures alone', () => {
  expect(explainIndex('bad allocation')).toBeUndefined();
});
