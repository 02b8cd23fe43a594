import { expect, it } from 'vitest';
import { renderReport, renderSummary } from './render-report.ts';
import { compiledIn, curveOf, epochOf, sittingOf, stepsOf } from './testing/made-up-sitting.ts';

const sitting = sittingOf(
  compiledIn(98.7654),
  stepsOf('narrows', 1.23456),
  stepsOf('narrows', 1.5, { round: 2 }),
  stepsOf('pytorch', 3),
  stepsOf('tfjs-wasm', 'no such kernel', { threads: 1 }),
  epochOf('narrows', 1.8),
  curveOf('narrows', [0.02, 0.01]),
);

it('shows every figure in three digits, with its spread, beside ours', () => {
  const report = renderReport(sitting);
  expect(report).toContain('| basic-32 | Narrows, compiled step | 1.37 (1.23–1.5) | 46808 | 1.00× |');
  expect(report).toContain('| basic-32 | PyTorch | 3 | 21333 | 2.19× |');
  expect(report).toContain('| basic-32 | compiler | 98.8 | 20 | 50 |');
  expect(report).toContain('| basic-32 | Narrows, compiled step | 1.8 | 1.00× | 256 |');
  expect(report).toContain('| basic-32 | Narrows, compiled step | MSE ≤ 0.01 | 2 | 1.00× |');
  expect(report).toContain('| all | compiling a train step, with the probe | < 1 s | – | – | yes |');
});

it('says who cannot, and once why', () => {
  expect(renderReport(sitting)).toContain('| basic-32 | tfjs `wasm`, `model.fit()` | cannot | – | – |');
  expect(renderReport(sitting)).toContain(
    '- tfjs `wasm`, `model.fit()`, basic-32: cannot: no such kernel (steps)',
  );
});

it('prints no ratio of a step that was too slow to be taken several times', () => {
  const report = renderReport(
    sittingOf(stepsOf('narrows', 10), stepsOf('jax-js', 12_345, { threads: 1, steps: 2 })),
  );
  expect(report).toContain('| basic-32 | jax-js on wasm, 1 thread | too slow | – | – |');
  expect(report).toContain('| basic-32 | jax-js | ≥ 5× | – | – | not measured |');
  expect(report).toContain(
    '- jax-js on wasm, 1 thread, basic-32: too slow to measure: one step took 12.3 s (steps)',
  );
});

it('leaves out the tables of what was not measured', () => {
  const report = renderReport(sittingOf(compiledIn(90)));
  expect(report.match(/^## .*/gm)).toEqual(['## Compiling a train step']);
});

it('names the machine, the command and the versions, in the short form too', () => {
  const [first] = renderSummary(sitting).split('\n');
  expect(first).toContain(
    'Made by `npx nx run tools:bench` on 2026-02-03 in 2 minutes: Some CPU, 2 cores, 16 GiB',
  );
  expect(first).toContain('compile 1.0, narrows 1.0, pytorch 1.0');
});

it('has one line for each peer and model in the short form', () => {
  expect(renderSummary(sitting)).toContain(
    '| basic-32 | Narrows, compiled step | 1.37 (1.23–1.5) | 46808 | 1.00× | 1.8 | 2 | 256 |',
  );
});
