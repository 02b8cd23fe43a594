import { expect, test } from 'vitest';
import { describeEpochs } from './describe-epochs.ts';

test('a family whose models agree is named once, others one by one', () => {
  const epochs = { cnn: 12, 'basic-8': 5, 'deeper-4': 3, 'basic-16': 5, 'deeper-8': 4 };
  const models = Object.fromEntries(Object.entries(epochs).map(([id, count]) => [id, { epochs: count }]));
  expect(describeEpochs(models)).toBe('cnn 12, basic 5, deeper-4 3, deeper-8 4');
  expect(describeEpochs({})).toBe('');
});
