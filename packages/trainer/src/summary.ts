import type { RunManifest } from '@narrows/shared';
import { formatDuration } from './cli/format-duration.ts';

/** A few lines for the terminal that tell how a run came out and where it is. */
export function summarise(run: RunManifest, out: string): string {
  const { codecs, classifications } = run.evaluation;
  const accuracyOn = (on: string): string =>
    classifications
      .filter((entry) => entry.on === on)
      .map(({ classifier, accuracy }) => `${classifier} ${(100 * accuracy).toFixed(2)} %`)
      .join(', ');
  const rows = [
    ...(classifications.length === 0 ? [] : [['originals', '', accuracyOn('original')]]),
    ...codecs.map(({ id, mse }) => [id, `MSE ${mse.toFixed(6)}`, accuracyOn(id)]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, mse, accuracy]) =>
    `  ${name.padEnd(width)}  ${mse.padEnd(12)}  ${accuracy}`.trimEnd(),
  );
  return [
    '',
    `On the ${run.dataset.testCount.toLocaleString('en-US')} test images:`,
    ...lines,
    '',
    `Done in ${formatDuration(run.durations.totalMs)}. The run is in ${out}. See its report: ${out}/report/index.html`,
    '',
  ].join('\n');
}
