import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Holdings } from '../testing/train-for-long.ts';

const program = fileURLToPath(new URL('../testing/train-for-long.ts', import.meta.url));

it('holds no more after 10,000 steps of a training than after the first', { timeout: 600_000 }, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', program],
    { cwd: import.meta.dirname },
  );
  const lines = stdout.trim().split('\n');
  const reports = lines.map((line) => JSON.parse(line) as Holdings);
  expect(reports.map(({ step }) => step)).toEqual([100, 2000, 4000, 6000, 8000, 10_000]);
  const [first] = reports;
  for (const { residentMb, heldMb, step, ...holdings } of reports) {
    expect({ ...first, ...holdings }, `after step ${step}`).toEqual(first);
    // 400 bytes more a step would exceed that.
    expect(heldMb).toBeLessThan(first.heldMb + 4);
    // What V8 and the allocators keep for later goes up and down by tens of MB.
    if (step > 2000) expect(residentMb).toBeLessThan(reports[1].residentMb + 128);
  }
});
