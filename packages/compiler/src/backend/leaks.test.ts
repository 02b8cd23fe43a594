import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Holdings } from '../testing/holdings.ts';

/** What a program of `testing/` reports. */
async function reportsOf(program: string, ...argv: string[]): Promise<Holdings[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      'tsx',
      fileURLToPath(new URL(`../testing/${program}`, import.meta.url)),
      ...argv,
    ],
    { cwd: import.meta.dirname },
  );
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Holdings);
}

it.each<[string, string[]]>([
  ['recorded', []],
  ['taken again as they were recorded', ['steady']],
])(
  'holds no more after 10,000 steps that are %s than after the first',
  { timeout: 600_000 },
  async (_, argv) => {
    const reports = await reportsOf('train-for-long.ts', ...argv);
    expect(reports.map(({ step }) => step)).toEqual([100, 2000, 4000, 6000, 8000, 10_000]);
    const [first] = reports;
    for (const { residentMb, heldMb, pooledBytes, step, ...holdings } of reports) {
      expect({ ...first, ...holdings }, `after step ${step}`).toEqual(first);
      // 6 bytes more a step would exceed that.
      expect(pooledBytes).toBeLessThan(first.pooledBytes + 2 ** 16);
      // 400 bytes more a step would exceed that.
      expect(heldMb).toBeLessThan(first.heldMb + 4);
      // What V8 and the allocators keep for later goes up and down by tens of MB.
      if (step > 2000) expect(residentMb).toBeLessThan(reports[1].residentMb + 128);
    }
  },
);

it(
  'holds what the largest step takes where steps vary and much is not read',
  { timeout: 600_000 },
  async () => {
    const reports = await reportsOf('vary-for-long.ts');
    expect(reports.map(({ step }) => step)).toEqual([200, 400, 600]);
    const [first] = reports;
    for (const {
      heldMb,
      residentMb,
      step,
      numTensors,
      numDataIds,
      pending,
      pooledBytes,
      loaded,
    } of reports) {
      const name = `after step ${step}`;
      expect({ numTensors, numDataIds, pending }, name).toEqual({
        numTensors: first.numTensors,
        numDataIds: first.numDataIds,
        pending: 0,
      });
      expect(loaded, name).toBeLessThanOrEqual(256);
      // The largest step makes 2 MB of them; what steps of all sizes make is 80 MB.
      expect(pooledBytes, name).toBeLessThan(32e6);
      expect(heldMb - first.heldMb, name).toBeLessThan(32);
      expect(residentMb - first.residentMb, name).toBeLessThan(256);
    }
  },
);
