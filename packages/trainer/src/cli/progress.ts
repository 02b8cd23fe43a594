import type { RunEpoch } from '@narrows/shared';
import { formatDuration } from './format-duration.ts';

/** Where progress goes: a `process.stdout` or `process.stderr`, or anything that can stand in for one. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Width of the terminal in characters; 0 and `undefined` mean unknown. */
  readonly columns?: number | undefined;
}

/** What a progress display needs from outside. */
export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** Whether `stream` is a terminal, on which a line can be drawn again. */
  readonly isTty: boolean;
  /** A clock in milliseconds that never goes back, such as `performance.now`. */
  readonly now: () => number;
}

/** How long a training will be. */
export interface TrainingLength {
  readonly totalEpochs: number;
  readonly imagesPerEpoch: number;
  /** Images that an earlier, stopped process did already, all epochs together. */
  readonly imagesDone?: number;
}

/** Shows one piece of long work after the other. */
export interface Progress {
  /** Begins the training of a model. */
  start(label: string, length: TrainingLength): void;
  /** After a step: the epoch at hand (from 1), its images so far and its loss so far. Call it as often as you like. */
  update(state: { readonly epoch: number; readonly imagesDone: number; readonly loss: number }): void;
  /** After an epoch, with its record. */
  epochEnd(record: Readonly<RunEpoch>): void;
  /** Ends a training and leaves one line, the label and the summary, behind. */
  finish(summary: string): void;
  /** Begins work without epochs: evaluation, PCA, export. */
  task(label: string): ProgressTask;
  /** Prints a line of its own without disturbing the live one. */
  note(line: string): void;
  /** Takes the live line away and gives the cursor back, whatever is going on. Call it before the process ends. */
  close(): void;
}

/** Work that is measured by the fraction that is done. */
export interface ProgressTask {
  /** @param fraction from 0 to 1. */
  update(fraction: number): void;
  /** Ends the work and leaves one line, the label and the summary, behind. */
  finish(summary: string): void;
}

/** Shortest time between two drawings of the live line: ten a second at most. */
const redrawMs = 100;
/** Shortest time between two lines where there is no terminal, epoch ends aside. */
const lineMs = 10_000;
/** Speed and time left are those of the last so many milliseconds: pauses and a slow start soon wear off. */
const speedWindowMs = 10_000;

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearLine = '\r\u001b[K';

/** Work under way: how far it is and how fast, in images for a training and in fractions of 1 for a task. */
interface Work {
  readonly label: string;
  readonly total: number;
  /** Times and amounts of recent updates, oldest first. */
  readonly samples: { readonly atMs: number; readonly done: number }[];
  readonly training: TrainingLength | undefined;
  epoch: number;
  loss: number | undefined;
  /** Of the last epoch that was validated. */
  validationLoss: number | undefined;
}

/**
 * Makes a display of long work. On a terminal it is one live line, drawn at most ten times a second:
 *
 *     basic-32 ████████░░░░░░░  52 %  epoch 6/10  loss 0.01132  35,100 images/s  8 s left
 *
 * which loses its less important parts where the terminal is narrow. Elsewhere it is plain lines: one at the start, one
 * for each epoch, and between them one every ten seconds at most.
 */
export function createProgress({ stream, isTty, now }: ProgressOptions): Progress {
  let work: Work | undefined;
  let live = '';
  let lastShownMs = -Infinity;

  function begin(label: string, training?: TrainingLength): Work {
    if (work !== undefined) throw new Error(`Cannot show "${label}": "${work.label}" is still under way.`);
    const done = training?.imagesDone ?? 0;
    const total = training === undefined ? 1 : training.totalEpochs * training.imagesPerEpoch;
    const epoch =
      training === undefined
        ? 0
        : Math.min(training.totalEpochs, Math.floor(done / training.imagesPerEpoch) + 1);
    work = {
      label,
      total,
      samples: [{ atMs: now(), done }],
      training,
      epoch,
      loss: undefined,
      validationLoss: undefined,
    };
    if (isTty) {
      stream.write(hideCursor);
      draw(work);
    } else {
      line(`${label}: ${training === undefined ? 'begins' : describeLength(training)}`);
    }
    return work;
  }

  function advance(current: Work, done: number): void {
    const atMs = now();
    record(current.samples, { atMs, done });
    if (atMs - lastShownMs < (isTty ? redrawMs : lineMs)) return;
    if (isTty) draw(current);
    else line(`${current.label}: ${describe(current).join(', ')}`);
  }

  function draw(current: Work): void {
    lastShownMs = now();
    live = liveLine(current, (stream.columns ?? 0) > 0 ? stream.columns! : 80);
    stream.write(clearLine + live);
  }

  function line(text: string): void {
    lastShownMs = now();
    stream.write(`${text}\n`);
  }

  function end(current: Work, summary: string): void {
    close();
    stream.write(`${current.label}: ${summary}\n`);
  }

  function close(): void {
    if (work === undefined) return;
    work = undefined;
    live = '';
    if (isTty) stream.write(clearLine + showCursor);
  }

  function requireUnderWay(current: Work): void {
    if (work !== current) throw new Error(`Cannot show "${current.label}": it is not under way.`);
  }

  function training(): Work & { training: TrainingLength } {
    const current = work;
    if (current?.training === undefined) throw new Error('Cannot show progress: no training was started.');
    return current as Work & { training: TrainingLength };
  }

  return {
    start(label, length) {
      begin(label, length);
    },
    update({ epoch, imagesDone, loss }) {
      const current = training();
      current.epoch = epoch;
      current.loss = loss;
      advance(current, (epoch - 1) * current.training.imagesPerEpoch + imagesDone);
    },
    epochEnd({ epoch, trainLoss, validationLoss, durationMs }) {
      const current = training();
      const { totalEpochs, imagesPerEpoch } = current.training;
      current.epoch = epoch;
      current.loss = trainLoss;
      current.validationLoss = validationLoss;
      if (isTty) {
        advance(current, epoch * imagesPerEpoch);
        return;
      }
      record(current.samples, { atMs: now(), done: epoch * imagesPerEpoch });
      const parts = [
        `epoch ${epoch}/${totalEpochs}`,
        `loss ${formatLoss(trainLoss)}`,
        validationText(current),
        durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : formatDuration(durationMs),
        formatSpeed(imagesPerEpoch / (durationMs / 1000)),
        epoch < totalEpochs ? timeLeft(current) : '',
      ];
      line(`${current.label}: ${parts.filter((part) => part !== '').join(', ')}`);
    },
    finish(summary) {
      end(training(), summary);
    },
    task(label) {
      const current = begin(label);
      return {
        update(fraction) {
          requireUnderWay(current);
          advance(current, Math.min(1, Math.max(0, fraction)));
        },
        finish(summary) {
          requireUnderWay(current);
          end(current, summary);
        },
      };
    },
    note(text) {
      stream.write(live === '' ? `${text}\n` : `${clearLine}${text}\n${live}`);
    },
    close,
  };
}

function describeLength({ totalEpochs, imagesPerEpoch, imagesDone = 0 }: TrainingLength): string {
  const length = `${totalEpochs} ${totalEpochs === 1 ? 'epoch' : 'epochs'} of ${formatCount(imagesPerEpoch)} images`;
  return imagesDone === 0 ? length : `${length}, ${formatCount(imagesDone)} images done before`;
}

/** Adds a sample and forgets those that the speed's window no longer needs. */
function record(samples: Work['samples'], sample: Work['samples'][number]): void {
  // The steps of the smallest models take under a millisecond: the window needs no more than ten samples a second.
  const replaceable =
    samples.length > 1 && samples[samples.length - 1].atMs - samples[samples.length - 2].atMs < redrawMs;
  if (replaceable) samples.pop();
  samples.push(sample);
  while (samples.length > 2 && samples[1].atMs <= sample.atMs - speedWindowMs) samples.shift();
}

/** Amount done in a second of late, or `undefined` while nobody can tell. */
function speed({ samples }: Work): number | undefined {
  const first = samples[0];
  const last = samples[samples.length - 1];
  const perSecond = (last.done - first.done) / ((last.atMs - first.atMs) / 1000);
  return Number.isFinite(perSecond) && perSecond > 0 ? perSecond : undefined;
}

function timeLeft(work: Work): string {
  const perSecond = speed(work);
  const { done } = work.samples[work.samples.length - 1];
  return perSecond === undefined || done >= work.total
    ? ''
    : `${formatDuration(((work.total - done) / perSecond) * 1000)} left`;
}

function percentage({ samples, total }: Work): number {
  // Rounded down: 100 % is for what is done.
  return Math.floor((samples[samples.length - 1].done / total) * 100);
}

/** The parts of a plain line. */
function describe(work: Work): string[] {
  return [
    work.training === undefined ? '' : `epoch ${work.epoch}/${work.training.totalEpochs}`,
    `${percentage(work)} %`,
    work.loss === undefined ? '' : `loss ${formatLoss(work.loss)}`,
    imagesPerSecond(work),
    timeLeft(work),
  ].filter((part) => part !== '');
}

function imagesPerSecond(work: Work): string {
  const perSecond = work.training === undefined ? undefined : speed(work);
  return perSecond === undefined ? '' : formatSpeed(perSecond);
}

/** The live line, one character short of the terminal's width because some wrap when their last column is written. */
function liveLine(work: Work, columns: number): string {
  const room = columns - 1;
  const epoch = work.training === undefined ? '' : `epoch ${work.epoch}/${work.training.totalEpochs}`;
  const loss = work.loss === undefined ? '' : `loss ${formatLoss(work.loss)}`;
  const validation = validationText(work);
  const left = timeLeft(work);
  // From the fullest to the barest: the first that leaves room for a bar, or else the first that fits at all.
  const choices = [
    [epoch, loss, validation, imagesPerSecond(work), left],
    [epoch, loss, validation, left],
    [epoch, loss, left],
    [epoch, left],
    [left],
    [],
  ].map((parts) =>
    [`${String(percentage(work)).padStart(3)} %`, ...parts.filter((part) => part !== '')].join('  '),
  );
  for (const choice of choices) {
    const barWidth = Math.min(30, room - work.label.length - choice.length - 2);
    if (barWidth < 8) continue;
    const filled = Math.floor((barWidth * percentage(work)) / 100);
    return `${work.label} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${choice}`;
  }
  const bare =
    choices.find((choice) => work.label.length + 1 + choice.length <= room) ?? choices[choices.length - 1];
  return `${work.label} ${bare}`.slice(0, Math.max(0, room));
}

/** The loss on images that were held out, after the last epoch that is whole. */
function validationText({ validationLoss }: Work): string {
  return validationLoss === undefined ? '' : `validation ${formatLoss(validationLoss)}`;
}

/** Four digits tell one epoch's loss from the next one's. */
function formatLoss(loss: number): string {
  return loss.toPrecision(4);
}

function formatSpeed(imagesPerSecond: number): string {
  return `${formatCount(Math.round(imagesPerSecond))} images/s`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
