import { stringify } from 'yaml';
import { formatDuration } from '../../cli/format-duration.ts';
import { countText, sizeText, timeText } from '../number-text.ts';
import type { ReportData } from '../report-data.ts';
import type { Section, Table, Text } from '../report-document.ts';

/** Everything it takes to repeat the run and to check what it left. */
export function runSection({ run }: ReportData): Section {
  const { dataset, platform, engine } = run;
  return {
    id: 'run',
    title: 'How it was made, and how to repeat it',
    blocks: [
      {
        kind: 'paragraph',
        text: [
          `Seed ${run.seed}, preset `,
          { code: run.preset },
          `, Narrows ${run.narrowsVersion}. The same seed, versions, processor and number of threads give the same bytes. ` +
            'With the run’s folder in the place of RUN, these commands check its files and figures, and make this report anew:',
        ],
      },
      {
        kind: 'code',
        language: 'sh',
        text: 'npx nx run trainer:evaluate -- RUN\nnpx nx run trainer:report -- RUN',
      },
      {
        kind: 'paragraph',
        text: ['This command trains it again; what it resolves to stands below.'],
      },
      {
        kind: 'code',
        language: 'sh',
        text: ['npx nx run trainer:train --', ...run.flags.map(quoted), '--out=runs/again'].join(' '),
      },
      { kind: 'code', language: 'yaml', text: stringify(run.configuration, { lineWidth: 0 }) },
      {
        kind: 'facts',
        facts: [
          ['Dataset', dataset.source],
          ['Its licence', dataset.licence],
          ['Engine', engine.reason],
          ['Processor', `${platform.cpu}, ${platform.cores} cores`],
          ['System', `${platform.os}, Node ${platform.node}`],
          [
            'Packages',
            Object.entries(platform.versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(', '),
          ],
        ],
      },
      phaseTable(run.durations),
      fileTable(
        'Files that the dataset was read from',
        dataset.files.map(({ name, ...rest }) => ({ path: name, ...rest })),
      ),
      fileTable(
        'Files of the run',
        // The report can't know its own checksum, and is the same whether it is made for the first time or anew.
        run.files.filter(({ path }) => !path.startsWith('report/')),
      ),
    ],
  };
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w\-=.,/]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function phaseTable({ totalMs, phaseMs }: ReportData['run']['durations']): Table {
  return {
    kind: 'table',
    title: 'Time by phase',
    caption: `Wall-clock time, ${formatDuration(totalMs)} in all.`,
    head: [{ text: 'phase' }, { text: 'time', numeric: true }, { text: 'share', numeric: true }],
    rows: Object.entries(phaseMs).map(([phase, durationMs]) => [
      phase,
      timeText(durationMs),
      totalMs === 0 ? '' : `${((100 * durationMs) / totalMs).toFixed(1)} %`,
    ]),
  };
}

function fileTable(
  title: string,
  files: readonly { path: string; sizeBytes: number; sha256: string }[],
): Table {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    kind: 'table',
    title,
    caption: `${countText(files.length)} files, ${sizeText(total)}. Checksums are cut to 16 of 64 digits; run.json has them whole.`,
    head: [{ text: 'file' }, { text: 'size', numeric: true }, { text: 'SHA-256' }],
    rows: files.map(({ path, sizeBytes, sha256 }): Text[] => [
      [{ code: path }],
      sizeText(sizeBytes),
      [{ code: `${sha256.slice(0, 16)}…` }],
    ]),
  };
}
