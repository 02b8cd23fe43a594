import { describe, expect, it } from 'vitest';
import { knownTensor, recordNode } from '../testing/lazy-values.ts';
import type { PendingNode } from './pending-graph.ts';
import { placeToCut } from './periodic-cut.ts';

/** Turns that make many elements of one, and one of these. */
function turns(count: number, many: (turn: number) => number = () => 1000): PendingNode[] {
  const nodes: PendingNode[] = [];
  let x = knownTensor([1]);
  for (let turn = 0; turn < count; turn++) {
    const tiled = recordNode('Tile', [x], { reps: [many(turn)] });
    const sum = recordNode('Sum', [tiled.outputs[0]], { axis: 0, keepDims: true });
    nodes.push(tiled, sum);
    [x] = sum.outputs;
  }
  return nodes;
}

describe('where a loop is cut', () => {
  it('is after whole turns', () => {
    expect(placeToCut(turns(10))).toBe(20);
  });

  it('is where least is handed over, wherever in a turn it is that the recording began and ended', () => {
    expect(placeToCut(turns(10).slice(0, -1))).toBe(18);
    expect(placeToCut(turns(10).slice(1))).toBe(19);
    expect(placeToCut(turns(10).slice(1, -1))).toBe(17);
  });

  it('takes what comes before a loop into the first part', () => {
    const before = ['Sin', 'Cos', 'Exp'].map((name) => recordNode(name, [knownTensor([1])]));
    expect(placeToCut([...before, ...turns(10)])).toBe(23);
  });

  it('is nowhere where the later half does not repeat itself', () => {
    expect(placeToCut([])).toBe(0);
    expect(placeToCut(turns(1))).toBe(0);
    expect(placeToCut(turns(10, (turn) => 2 + turn))).toBe(0);
    expect(placeToCut([...turns(10), recordNode('Sin', [knownTensor([1])])])).toBe(0);
  });
});
