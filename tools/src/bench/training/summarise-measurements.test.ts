import { describe, expect, it } from 'vitest';
import { cellText } from './number-text.ts';
import {
  epochRows,
  figureOf,
  peakBytes,
  stepRows,
  targetRows,
  threadRows,
  versionsOf,
} from './summarise-measurements.ts';
import { curveOf, epochOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';

describe('stepRows', () => {
  it('takes median, least and most over the rounds, at the most threads', () => {
    const sitting = sittingOf(
      stepsOf('pytorch', 3),
      stepsOf('narrows', 1, { threads: 1 }),
      stepsOf('narrows', 5),
      stepsOf('narrows', 2, { round: 2 }),
      stepsOf('narrows', 4, { round: 3 }),
    );
    const [own, other] = stepRows(sitting);
    expect([own.peer.id, own.threads, own.cells.get(64)]).toEqual([
      'narrows',
      2,
      { median: 4, least: 2, most: 5, count: 3 },
    ]);
    expect(other.peer.id).toBe('pytorch');
  });

  it('says why there is no figure', () => {
    const [row] = stepRows(sittingOf(stepsOf('tfjs-wasm', 'no such kernel')));
    expect(row.cells.get(64)).toEqual({ failure: 'no such kernel' });
  });
});

it('takes no time of a step from fewer than three warm ones', () => {
  const [cold] = stepRows(sittingOf(stepsOf('jax-js', 12_000, { steps: 2 })));
  expect(cold.cells.get(64)).toEqual({ tooSlowMs: 12_000 });
  const some = sittingOf(
    stepsOf('jax-js', 12_000, { steps: 2 }),
    stepsOf('jax-js', 9000, { round: 2, steps: 3 }),
    stepsOf('jax-js', 9000, { threads: 1, steps: 2 }),
  );
  expect(stepRows(some)[0].cells.get(64)).toMatchObject({ median: 9000, count: 1 });
  const [threads] = threadRows(some);
  expect([...threads.cells.values()]).toEqual([{ leftOut: 'not measured' }, figureOf([9000])]);
});

describe('targetRows', () => {
  it('finds the first moment at which the test set is content, of an error below and an accuracy above', () => {
    const [basic, cnn] = targetRows(
      sittingOf(
        curveOf('narrows', [0.02, 0.01, 0.009]),
        curveOf('narrows', [0.9, 0.98, 0.985], { model: 'cnn', target: 0.985 }),
      ),
    );
    expect([basic, cnn].map(({ cells }) => cells.get(0))).toMatchObject([{ median: 2 }, { median: 3 }]);
  });

  it('says how long nothing came of it', () => {
    const [row] = targetRows(sittingOf(curveOf('narrows', [0.03, 0.02])));
    expect(row.cells.get(0)).toEqual({ leftOut: 'not within 2 s' });
  });

  it('takes the median of several starts, with those from which nothing came', () => {
    const starts = [[0.03, 0.01], [0.01], [0.03, 0.02, 0.02]].map((values, i) =>
      curveOf('narrows', values, { seed: i + 1 }),
    );
    const cell = targetRows(sittingOf(...starts))[0].cells.get(0);
    expect(cell).toEqual({ median: 2, least: 1, most: Infinity, count: 3 });
    expect(cellText(cell)).toBe('2 (1–∞)');
  });
});

it('shows threads of those alone who were measured at several', () => {
  const rows = threadRows(
    sittingOf(stepsOf('narrows', 4, { threads: 1 }), stepsOf('narrows', 2), stepsOf('pytorch', 3)),
  );
  expect(rows.map(({ peer, cells }) => [peer.id, ...cells.keys()])).toEqual([['narrows', 1, 2]]);
});

it('keeps the data apart by how much of it was trained on', () => {
  expect([...epochRows(sittingOf(epochOf('narrows', 1.5)))[0].cells]).toEqual([
    [60_000, { median: 1.5, least: 1.5, most: 1.5, count: 1 }],
  ]);
});

it('knows memory and versions', () => {
  const sitting = sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 'not there'));
  expect(peakBytes(sitting, 'narrows', 'basic-32')).toBe(2 ** 28);
  expect(peakBytes(sitting, 'pytorch', 'basic-32')).toBeUndefined();
  expect(versionsOf(sitting)).toEqual(['narrows 1.0']);
});
