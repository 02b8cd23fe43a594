import { describe, expect, it } from 'vitest';
import { conformanceTable } from './conformance-table.ts';
import { knownFailures } from './known-failures.ts';
import { readPeerCounts } from './peer-counts.ts';
import type { SpecResult } from './spec-result.ts';

const result = (name: string, status: SpecResult['status']): SpecResult => ({
  id: name,
  name,
  status,
  fallbacks: [],
  message: 'Expected 1 to be 2.\n    at spec.js',
});
const known = knownFailures.flatMap(({ specs }) => specs);
const failures = known.map((name) => result(name, 'failed'));
const peers = readPeerCounts();

describe('the table of conformance', () => {
  it("has each backend's own total", async () => {
    const table = await conformanceTable([...failures, result('add', 'passed'), result('sub', 'pending')], {
      ...peers,
      cpu: { specs: 90, passed: 80, withoutFallback: 80, failed: 7, pending: 3 },
    });
    const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const cellsOf = (backend: string): string[] => rows.find((cells) => cells[1] === backend)!.slice(2, -1);
    expect(cellsOf('**onnx**')).toEqual([`${known.length + 2}`, '1', '1', `${known.length}`, '1']);
    expect(cellsOf('tfjs `cpu` 4.22')).toEqual(['90', '80', '–', '7', '3']);
  });

  it('is not made while a spec fails without a reason', async () => {
    await expect(conformanceTable([...failures, result('add', 'failed')], peers)).rejects.toThrow(
      'not listed: add: Expected 1 to be 2.',
    );
  });

  it.each([
    ['passes', [result(known[0], 'passed')]],
    ['is left out', [result(known[0], 'pending')]],
    ['is gone', []],
  ])('is not made while a spec with a reason %s', async (_, first) => {
    await expect(conformanceTable([...first, ...failures.slice(1)], peers)).rejects.toThrow(
      `listed, but does not fail: ${known[0]}`,
    );
  });
});
