import { expect, test } from 'vitest';
import { canTrain, doctorReport } from './doctor-report.ts';
import type { Finding } from './finding.ts';

const cpu: Finding = { section: 'Engines', name: 'onnx cpu', status: 'ok', text: '2 threads: 1.30 ms' };
const cuda: Finding = {
  section: 'Engines',
  name: 'onnx cuda',
  status: 'absent',
  text: "onnxruntime can't use cuda here (a reason that is so long that it goes on in the line below it)",
  remedy: 'Install something.',
};
const memory: Finding = {
  section: 'Machine',
  name: 'memory',
  status: 'broken',
  text: '1.0 GB free of 2.0 GB',
};

test('has a line for each thing under its heading, in the order of headings, with what to do below', () => {
  expect(doctorReport([cpu, cuda, memory])).toMatchInlineSnapshot(`
    "Machine
      ✗ memory     1.0 GB free of 2.0 GB

    Engines
      ✓ onnx cpu   2 threads: 1.30 ms
      – onnx cuda  onnxruntime can't use cuda here (a reason that is so long that it goes on in the line
                   below it)
                   → Install something.

    This machine can train on onnx cpu. One thing is broken: see ✗ above.
    "
  `);
});

test('says when nothing can train', () => {
  const broken: Finding = { ...cpu, status: 'broken' };
  expect(doctorReport([broken, cuda])).toMatch(/\n\nNo engine works here: this machine can't train\.\n$/);
  expect(canTrain([broken, cuda])).toBe(false);
  expect(canTrain([cpu, cuda])).toBe(true);
  // Another thing that is all right trains nothing.
  expect(canTrain([broken, { ...memory, status: 'ok' }])).toBe(false);
});
