import type { BenchDocument } from './bench-document.ts';
import { isCompiledInTime, judgeGoals } from './goals.ts';
import { markdownTable } from './markdown-table.ts';
import { cellText, digits, timesText } from './number-text.ts';
import {
  compileRows,
  epochRows,
  inferenceRows,
  peakBytes,
  stepRows,
  targetRows,
  threadRows,
  versionsOf,
  type Cell,
  type Figure,
  type PeerRow,
} from './summarise-measurements.ts';

/** One table with what it says in a line. */
interface Section {
  readonly title: string;
  readonly note: string;
  readonly table: string;
}

/** Everything that a sitting measured, as Markdown. */
export function renderReport(document: BenchDocument): string {
  const sections = [
    goalSection(document),
    stepSection(document),
    epochSection(document),
    targetSection(document),
    threadSection(document),
    compileSection(document),
    inferenceSection(document),
  ].filter((section) => section !== undefined);
  return [
    introduction(document),
    ...sections.map(({ title, note, table }) => `## ${title}\n\n${note}\n\n${table}`),
    ...gapNotes(document),
  ].join('\n');
}

/** The part for the README: the goals, and one line for each peer and model. */
export function renderSummary(document: BenchDocument): string {
  const goals = goalSection(document);
  const overview = overviewSection(document);
  return [
    introduction(document),
    ...[goals, overview].flatMap((part) => (part === undefined ? [] : [`${part.note}\n\n${part.table}`])),
    ...gapNotes(document),
  ].join('\n');
}

function overviewSection(document: BenchDocument): Section | undefined {
  const rows = stepRows(document);
  const [epochs, targets] = [epochRows(document), targetRows(document)];
  return section(rows, {
    title: 'Training',
    note:
      'At the first batch size: milliseconds a step in short runs, seconds of an epoch over all images, seconds of training ' +
      'until the test set is good (MSE 0.010, MSE 0.006, accuracy 98.5 %), the most memory that the process held in MiB.',
    header: ['model', 'peer', 'ms/step', 'images/s', '÷ Narrows', 's/epoch', 's to good', 'memory'],
    cells: (row) => {
      const size = Math.min(...row.cells.keys());
      const step = medianOf(row.cells.get(size));
      const [epoch, target] = [epochs, targets].map((list) => sameRow(list, row)?.cells);
      return [
        cellText(row.cells.get(size)),
        imagesPerSecond(size, step),
        timesText(besideNarrows(rows, row, size)),
        cellText(epoch?.get(Math.max(...epoch.keys()))),
        cellText(target?.get(0)),
        memoryText(document, row),
      ];
    },
  });
}

function introduction(document: BenchDocument): string {
  const { machine, command, date, seconds } = document;
  return (
    `Made by \`${command}\` on ${date.slice(0, 10)} in ${Math.round(seconds / 60)} minutes: ${machine.cpu}, ` +
    `${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.system}, Node ${machine.node}; ` +
    `${versionsOf(document).join(', ')}. Each in a process of its own, in turn; medians, and in brackets the least and the ` +
    'most. Adam at 1e-3, float32.\n'
  );
}

function goalSection(document: BenchDocument): Section | undefined {
  const goals = judgeGoals(document);
  if (goals.length === 0) return undefined;
  const inTime = isCompiledInTime(document);
  const verdict = (isMet: boolean | undefined): string =>
    isMet === undefined ? 'not measured' : isMet ? 'yes' : 'no';
  return {
    title: 'What was aimed at',
    note: "A peer's time ÷ that of Narrows's compiled step, at batch 64, by the medians of short runs and of whole epochs.",
    table: markdownTable(
      ['model', 'peer', 'goal', 'short runs', 'whole epochs', 'met'],
      [
        ...goals.map(({ model, name, goal, bySteps, byEpochs, isMet }) => [
          model,
          name,
          goal,
          timesText(bySteps),
          timesText(byEpochs),
          verdict(isMet),
        ]),
        ...(inTime === undefined
          ? []
          : [['all', 'compiling a train step, with the probe', '< 1 s', '–', '–', verdict(inTime)]]),
      ],
    ),
  };
}

function stepSection(document: BenchDocument): Section | undefined {
  const rows = stepRows(document);
  const sizes = keysOf(rows);
  return section(rows, {
    title: 'Steps',
    note: 'Milliseconds a step by batch size, the mean of 3 to 200 steps after a warm-up of up to 20; images a second at the first.',
    header: ['model', 'peer', ...sizes.map((size) => `batch ${size}`), 'images/s', '÷ Narrows'],
    cells: (row) => {
      const first = medianOf(row.cells.get(sizes[0]));
      return [
        ...sizes.map((size) => cellText(row.cells.get(size))),
        imagesPerSecond(sizes[0], first),
        timesText(besideNarrows(rows, row, sizes[0])),
      ];
    },
  });
}

function epochSection(document: BenchDocument): Section | undefined {
  const rows = epochRows(document);
  const counts = keysOf(rows);
  return section(rows, {
    title: 'Epochs',
    note: 'Seconds an epoch by number of images, batch 64, after a warm-up of 20 batches; the most memory that the process held.',
    header: [
      'model',
      'peer',
      ...counts.map((count) => `${count.toLocaleString('en')} images`),
      '÷ Narrows',
      'memory, MiB',
    ],
    cells: (row) => [
      ...counts.map((count) => cellText(row.cells.get(count))),
      timesText(besideNarrows(rows, row, counts.at(-1)!)),
      memoryText(document, row),
    ],
  });
}

function targetSection(document: BenchDocument): Section | undefined {
  const rows = targetRows(document);
  return section(rows, {
    title: 'Seconds to a good model',
    note:
      'Seconds of training, compiling included, until the test set, looked at every 15,000 images, says that it is good; of ' +
      'several starts, since how soon that is depends on the first weights as much as on speed.',
    header: ['model', 'peer', 'good means', 'seconds', '÷ Narrows'],
    cells: (row) => [
      row.model.metric === 'mse' ? `MSE ≤ ${row.model.target}` : `accuracy ≥ ${100 * row.model.target} %`,
      cellText(row.cells.get(0)),
      timesText(besideNarrows(rows, row, 0)),
    ],
  });
}

function threadSection(document: BenchDocument): Section | undefined {
  const rows = threadRows(document);
  const counts = keysOf(rows);
  return section(rows, {
    title: 'Threads',
    note: 'Milliseconds a step at the first batch size by number of threads.',
    header: ['model', 'peer', ...counts.map((count) => `${count}`), 'gain'],
    cells: (row) => {
      const [first, last] = [counts[0], counts.at(-1)!].map((count) => medianOf(row.cells.get(count)));
      const gain = first === undefined || last === undefined ? undefined : first / last;
      return [...counts.map((count) => cellText(row.cells.get(count))), timesText(gain)];
    },
  });
}

function compileSection(document: BenchDocument): Section | undefined {
  return section(compileRows(document), {
    title: 'Compiling a train step',
    note:
      'Milliseconds in a fresh process, where nothing is warm, of the step that the trainer runs on this machine: from the ' +
      'function to ONNX, of finding out once what the machine can do (0 for steps that it makes no difference to), and from ' +
      'ONNX to a session.',
    header: ['model', 'peer', 'compile', 'probe machine', 'open session'],
    cells: ({ cells }) => [0, 1, 2].map((part) => cellText(cells.get(part))),
  });
}

function inferenceSection(document: BenchDocument): Section | undefined {
  const rows = inferenceRows(document);
  const sizes = keysOf(rows);
  return section(rows, {
    title: 'Inference',
    note: 'Milliseconds that the exported model takes for so many images.',
    header: ['model', 'runtime', 'threads', ...sizes.map((size) => `${size.toLocaleString('en')} at a time`)],
    cells: ({ threads, cells }) => [`${threads}`, ...sizes.map((size) => cellText(cells.get(size)))],
  });
}

function section(
  rows: readonly PeerRow[],
  {
    title,
    note,
    header,
    cells,
  }: Omit<Section, 'table'> & { header: string[]; cells: (row: PeerRow) => string[] },
): Section | undefined {
  if (rows.length === 0) return undefined;
  const body = rows.map((row) => [row.model.id, row.peer.title, ...cells(row)]);
  return { title, note, table: markdownTable(header, body) };
}

/** What stands behind the gaps: each reason once, with whom it is about. */
function gapNotes(document: BenchDocument): string[] {
  const kinds: readonly (readonly [what: string, rows: readonly PeerRow[]])[] = [
    ['steps', stepRows(document)],
    ['epochs', epochRows(document)],
    ['target', targetRows(document)],
    ['compiling', compileRows(document)],
    ['inference', inferenceRows(document)],
  ];
  const gaps = new Map<string, string[]>();
  for (const [what, rows] of kinds) {
    for (const { peer, model, cells } of rows) {
      for (const cell of cells.values()) {
        if ('median' in cell) continue;
        const reason = reasonOf(cell);
        const key = `${peer.title}, ${model.id}: ${reason}`;
        const known = gaps.get(key) ?? [];
        if (!known.includes(what)) gaps.set(key, [...known, what]);
      }
    }
  }
  if (gaps.size === 0) return [];
  return ['Not measured:\n', ...[...gaps].map(([key, what]) => `- ${key} (${what.join(', ')})`), ''];
}

function reasonOf(cell: Exclude<Cell, Figure>): string {
  if ('failure' in cell) return `cannot: ${cell.failure}`;
  if ('tooSlowMs' in cell) return `too slow to measure: one step took ${digits(cell.tooSlowMs / 1000)} s`;
  return cell.leftOut;
}

function keysOf(rows: readonly PeerRow[]): number[] {
  return [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))].sort((a, b) => a - b);
}

function medianOf(cell: Cell | undefined): number | undefined {
  return cell !== undefined && 'median' in cell ? cell.median : undefined;
}

function sameRow(rows: readonly PeerRow[], { peer, model }: PeerRow): PeerRow | undefined {
  return rows.find((row) => row.peer.id === peer.id && row.model.id === model.id);
}

function imagesPerSecond(batchSize: number, stepMs: number | undefined): string {
  return stepMs === undefined ? '–' : ((1000 * batchSize) / stepMs).toFixed(0);
}

function memoryText(document: BenchDocument, { peer, model }: PeerRow): string {
  const bytes = peakBytes(document, peer.id, model.id);
  return bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(0);
}

/** How many times as long as the compiled step a peer takes. */
function besideNarrows(rows: readonly PeerRow[], row: PeerRow, key: number): number | undefined {
  const own = rows.find(({ peer, model }) => peer.id === 'narrows' && model.id === row.model.id);
  const [ours, theirs] = [own, row].map((one) => medianOf(one?.cells.get(key)));
  return ours === undefined || theirs === undefined ? undefined : theirs / ours;
}
