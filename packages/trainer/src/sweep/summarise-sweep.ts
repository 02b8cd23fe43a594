import type { SweepResult } from '@narrows/shared';
import { formatDuration } from '../cli/format-duration.ts';

/** A table of accuracies for the terminal, and where the sweep is. */
export function summariseSweep(result: SweepResult, out: string): string {
  const { grid, summaries, classifier, testCount, failures, durations } = result;
  const head = ['latent', ...grid.latents.map(String)];
  const rows = grid.families.map((family) => [
    family,
    ...grid.latents.map((latent) => {
      const summary = summaries.find((one) => one.family === family && one.latent === latent);
      return summary === undefined ? '–' : (100 * summary.plain.accuracy.mean).toFixed(2);
    }),
  ]);
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i].length)));
  const lines = [head, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  return [
    '',
    `Accuracy on reconstructions of ${testCount.toLocaleString('en-US')} test images, in %, means over the seeds ` +
      `(originals ${(100 * classifier.accuracy).toFixed(2)}):`,
    ...lines.map((line) => `  ${line}`),
    '',
    ...failures.map(({ id, reason }) => `Failed: ${id}: ${reason}`),
    `Done in ${formatDuration(durations.totalMs)}. The sweep is in ${out}. See its report: ${out}/report/index.html`,
    '',
  ].join('\n');
}
