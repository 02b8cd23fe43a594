import { expect, it } from 'vitest';
import { parseBenchDocument } from './bench-document.ts';
import { epochOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';
import { updateDocument } from './update-document.ts';

const sitting = sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 'not there'));

it('reads what it wrote', () => {
  expect(parseBenchDocument(JSON.stringify(sitting), 'training.json')).toEqual(sitting);
});

it('says where a file is wrong', () => {
  const broken = JSON.stringify(sitting).replace('"cores":2', '"cores":"two"');
  expect(() => parseBenchDocument(broken, 'training.json')).toThrow(
    /Cannot read "training.json" as a bench's results: machine.cores: /,
  );
});

it('replaces what was measured anew and keeps the rest', () => {
  const later = { ...sittingOf(stepsOf('narrows', 3), epochOf('narrows', 2)), command: 'again', seconds: 10 };
  const updated = updateDocument(sitting, later);
  expect(updated.measurements).toEqual([sitting.measurements[1], ...later.measurements]);
  expect([updated.command, updated.seconds]).toEqual(['npx nx run tools:bench`, then `again', 135]);
});

it('refuses to mix machines', () => {
  const other = { ...sitting, machine: { ...sitting.machine, cpu: 'Other CPU' } };
  expect(() => updateDocument(sitting, other)).toThrow(
    /of one machine \(Some CPU, 2 cores\) on another \(Other CPU/,
  );
});
