import { describe, expect, it } from 'vitest';
import { epochOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';
import { updateDocument } from './update-document.ts';

const sitting = sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 'not there'));

describe('updateDocument', () => {
  it('replaces what was measured anew, keeps the rest, and is as new as its newest part', () => {
    const later = {
      ...sittingOf(stepsOf('narrows', 3), epochOf('narrows', 2)),
      command: 'again',
      seconds: 10,
      date: '2026-03-04T05:06:07.000Z',
      machine: { ...sitting.machine, node: 'v24.0.0' },
    };
    const updated = updateDocument(sitting, later);
    expect(updated.measurements).toEqual([sitting.measurements[1], ...later.measurements]);
    expect([updated.command, updated.seconds]).toEqual(['npx nx run tools:bench`, then `again', 135]);
    expect([updated.date, updated.machine.node]).toEqual([later.date, 'v24.0.0']);
  });

  it('keeps the answers of who fails now, and takes those of who failed before', () => {
    const later = sittingOf(stepsOf('narrows', 'broken'), stepsOf('pytorch', 3));
    expect(updateDocument(sitting, later).measurements).toEqual([
      sitting.measurements[0],
      later.measurements[1],
    ]);
    expect(updateDocument(sitting, sittingOf(stepsOf('narrows', 'broken')))).toBe(sitting);
  });

  it('shows who fails for the first time', () => {
    const failed = stepsOf('jax-js', 'no such kernel', { threads: 1 });
    expect(updateDocument(sitting, sittingOf(failed)).measurements).toEqual([
      ...sitting.measurements,
      failed,
    ]);
  });

  it.each([
    [
      { machine: { ...sitting.machine, cpu: 'Other CPU' } },
      /measured on one machine, and the file's are of Some CPU, 2 cores, these would be of Other CPU, 2 cores/,
    ],
    [
      { settings: { threads: 4, quick: false } },
      /with as many threads, and the file's are of --threads=2, these would be of --threads=4/,
    ],
    [
      { settings: { threads: 2, quick: true } },
      /in runs of one length, and the file's are of full length, without --quick, these would be of --quick/,
    ],
  ])('refuses to mix with %j', (other, message) => {
    expect(() => updateDocument(sitting, { ...sitting, ...other })).toThrow(message);
  });
});
