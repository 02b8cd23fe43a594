import { describe, expect, test } from 'vitest';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';

const hide = '\u001b[?25l';
const show = '\u001b[?25h';
const clear = '\r\u001b[K';

interface Stage {
  progress: Progress;
  stream: { columns: number; write: (text: string) => void };
  /** Lets time pass. */
  wait: (durationMs: number) => void;
  /** What was written since the last call. */
  written: () => string;
}

function stage({ isTty, columns = 100 }: { isTty: boolean; columns?: number }): Stage {
  let nowMs = 5000;
  let text = '';
  const stream = {
    columns,
    write: (more: string) => {
      text += more;
    },
  };
  return {
    progress: createProgress({ stream, isTty, now: () => nowMs }),
    stream,
    wait: (durationMs) => {
      nowMs += durationMs;
    },
    written: () => {
      const since = text;
      text = '';
      return since;
    },
  };
}

describe('on a terminal', () => {
  test('a training is one line, drawn again and again, and leaves its summary', () => {
    const { progress, wait, written } = stage({ isTty: true });
    progress.start('basic-32', { totalEpochs: 10, imagesPerEpoch: 60_000 });
    expect(written()).toBe(`${hide}${clear}basic-32 ${'░'.repeat(30)}   0 %  epoch 1/10`);

    wait(1000);
    progress.update({ epoch: 1, imagesDone: 30_000, loss: 0.0512345 });
    expect(written()).toBe(
      `${clear}basic-32 █${'░'.repeat(29)}   5 %  epoch 1/10  loss 0.05123  30,000 images/s  19 s left`,
    );

    wait(1000);
    progress.epochEnd({ epoch: 1, trainLoss: 0.04, learningRate: 0.001, durationMs: 2000 });
    expect(written()).toBe(
      `${clear}basic-32 ███${'░'.repeat(27)}  10 %  epoch 1/10  loss 0.04000  30,000 images/s  18 s left`,
    );

    wait(18_000);
    progress.epochEnd({ epoch: 10, trainLoss: 0.0098, learningRate: 0.001, durationMs: 2000 });
    expect(written()).toBe(
      `${clear}basic-32 ${'█'.repeat(30)} 100 %  epoch 10/10  loss 0.009800  30,000 images/s`,
    );

    progress.finish('10 epochs in 20 s');
    expect(written()).toBe(`${clear}${show}basic-32: 10 epochs in 20 s\n`);
  });

  test('it is drawn ten times a second at most', () => {
    const { progress, wait, written } = stage({ isTty: true });
    progress.start('cnn', { totalEpochs: 1, imagesPerEpoch: 64_000 });
    written();
    for (let step = 1; step <= 1000; step++) {
      wait(1);
      progress.update({ epoch: 1, imagesDone: step * 64, loss: 1 });
    }
    expect(written().split(clear)).toHaveLength(1 + 10);
  });

  test.each([
    [
      80,
      `deeper-64 ${'█'.repeat(5)}${'░'.repeat(6)}  50 %  epoch 1/2  loss 0.01000  6,000 images/s  10 s left`,
    ],
    [
      77,
      `deeper-64 ${'█'.repeat(4)}${'░'.repeat(4)}  50 %  epoch 1/2  loss 0.01000  6,000 images/s  10 s left`,
    ],
    [76, `deeper-64 ${'█'.repeat(11)}${'░'.repeat(12)}  50 %  epoch 1/2  loss 0.01000  10 s left`],
    [50, `deeper-64 ${'█'.repeat(5)}${'░'.repeat(6)}  50 %  epoch 1/2  10 s left`],
    [36, `deeper-64 ${'█'.repeat(4)}${'░'.repeat(4)}  50 %  10 s left`],
    [35, `deeper-64 ${'█'.repeat(9)}${'░'.repeat(9)}  50 %`],
    [25, `deeper-64 ${'█'.repeat(4)}${'░'.repeat(4)}  50 %`],
    [24, 'deeper-64  50 %'],
    [12, 'deeper-64  '],
    [1, ''],
    [
      0,
      `deeper-64 ${'█'.repeat(5)}${'░'.repeat(6)}  50 %  epoch 1/2  loss 0.01000  6,000 images/s  10 s left`,
    ],
  ])('%d columns hold what matters most', (columns, line) => {
    const { progress, wait, written } = stage({ isTty: true, columns });
    progress.start('deeper-64', { totalEpochs: 2, imagesPerEpoch: 60_000 });
    written();
    wait(10_000);
    progress.update({ epoch: 1, imagesDone: 60_000, loss: 0.01 });
    expect(written()).toBe(clear + line);
  });

  test('the loss on images that were held out stays until the next epoch ends, where there is room', () => {
    const { progress, stream, wait, written } = stage({ isTty: true });
    progress.start('cnn', { totalEpochs: 2, imagesPerEpoch: 1000 });
    written();
    wait(1000);
    progress.epochEnd({
      epoch: 1,
      trainLoss: 0.02,
      learningRate: 0.001,
      validationLoss: 0.03,
      durationMs: 1000,
    });
    expect(written()).toBe(
      `${clear}cnn ${'█'.repeat(9)}${'░'.repeat(9)}  50 %  epoch 1/2  loss 0.02000  validation 0.03000  ` +
        '1,000 images/s  1 s left',
    );
    wait(500);
    progress.update({ epoch: 2, imagesDone: 500, loss: 0.01 });
    expect(written()).toMatch(/epoch 2\/2 {2}loss 0.01000 {2}validation 0.03000 {2}1,000 images\/s/);
    stream.columns = 80;
    wait(100);
    progress.update({ epoch: 2, imagesDone: 600, loss: 0.01 });
    expect(written()).toMatch(/loss 0.01000 {2}validation 0.03000 {2}0 s left$/);
    stream.columns = 60;
    wait(100);
    progress.update({ epoch: 2, imagesDone: 700, loss: 0.01 });
    expect(written()).toMatch(/epoch 2\/2 {2}loss 0.01000 {2}0 s left$/);
  });

  test('the width follows the window', () => {
    const { progress, stream, wait, written } = stage({ isTty: true });
    const task = progress.task('Evaluating');
    written();
    stream.columns = 30;
    wait(100);
    task.update(0.5);
    expect(written()).toBe(`${clear}Evaluating ██████░░░░░░  50 %`);
  });

  test('a note stands above the live line', () => {
    const { progress, wait, written } = stage({ isTty: true });
    progress.note('Engine: onnx on cpu');
    expect(written()).toBe('Engine: onnx on cpu\n');
    const task = progress.task('PCA');
    wait(2000);
    task.update(0.25);
    const live = `PCA ${'█'.repeat(7)}${'░'.repeat(23)}  25 %  6 s left`;
    expect(written()).toBe(`${hide}${clear}PCA ${'░'.repeat(30)}   0 %${clear}${live}`);
    progress.note('Stopping.');
    expect(written()).toBe(`${clear}Stopping.\n${live}`);
  });

  test('closing gives the cursor back once and frees the display', () => {
    const { progress, written } = stage({ isTty: true });
    progress.close();
    expect(written()).toBe('');
    progress.start('cnn', { totalEpochs: 1, imagesPerEpoch: 10 });
    written();
    progress.close();
    progress.close();
    expect(written()).toBe(clear + show);
    progress.note('Stopped.');
    expect(written()).toBe('Stopped.\n');
  });

  test('a resumed training starts where it was and measures only its own speed', () => {
    const { progress, wait, written } = stage({ isTty: true });
    progress.start('cnn', { totalEpochs: 10, imagesPerEpoch: 1000, imagesDone: 5500 });
    expect(written()).toBe(`${hide}${clear}cnn ${'█'.repeat(16)}${'░'.repeat(14)}  55 %  epoch 6/10`);
    wait(1000);
    progress.update({ epoch: 6, imagesDone: 600, loss: 2 });
    expect(written()).toBe(
      `${clear}cnn ${'█'.repeat(16)}${'░'.repeat(14)}  56 %  epoch 6/10  loss 2.000  100 images/s  44 s left`,
    );
  });

  test('speed and time left are those of the last ten seconds', () => {
    const { progress, wait, written } = stage({ isTty: true });
    progress.start('cnn', { totalEpochs: 1, imagesPerEpoch: 100_000 });
    for (let second = 1; second <= 100; second++) {
      wait(1000);
      progress.update({
        epoch: 1,
        imagesDone: second <= 50 ? second * 10 : 500 + (second - 50) * 1000,
        loss: 1,
      });
    }
    expect(written()).toMatch(/1,000 images\/s {2}50 s left$/);
  });
});

describe('elsewhere', () => {
  test('a training prints its start, its epochs and its summary', () => {
    const { progress, wait, written } = stage({ isTty: false });
    progress.start('basic-32', { totalEpochs: 2, imagesPerEpoch: 60_000 });
    wait(1700);
    progress.update({ epoch: 1, imagesDone: 59_968, loss: 0.02 });
    progress.epochEnd({ epoch: 1, trainLoss: 0.0212345, learningRate: 0.001, durationMs: 1700 });
    wait(12_000);
    progress.epochEnd({ epoch: 2, trainLoss: 0.0112345, learningRate: 0.001, durationMs: 12_000 });
    progress.finish('2 epochs in 14 s');
    expect(written()).toBe(
      [
        'basic-32: 2 epochs of 60,000 images',
        'basic-32: epoch 1/2, loss 0.02123, 1.7 s, 35,294 images/s, 2 s left',
        'basic-32: epoch 2/2, loss 0.01123, 12 s, 5,000 images/s',
        'basic-32: 2 epochs in 14 s',
        '',
      ].join('\n'),
    );
  });

  test('the line of an epoch has the loss on images that were held out', () => {
    const { progress, wait, written } = stage({ isTty: false });
    progress.start('cnn', { totalEpochs: 1, imagesPerEpoch: 1000 });
    written();
    wait(1000);
    progress.epochEnd({
      epoch: 1,
      trainLoss: 0.0212345,
      learningRate: 0.001,
      validationLoss: 0.0312345,
      durationMs: 1000,
    });
    expect(written()).toBe('cnn: epoch 1/1, loss 0.02123, validation 0.03123, 1.0 s, 1,000 images/s\n');
  });

  test('a long epoch prints a line every ten seconds', () => {
    const { progress, wait, written } = stage({ isTty: false });
    progress.start('cnn', { totalEpochs: 1, imagesPerEpoch: 60_000, imagesDone: 30_000 });
    for (let second = 1; second <= 29; second++) {
      wait(1000);
      progress.update({ epoch: 1, imagesDone: 30_000 + second * 100, loss: 0.5 });
    }
    expect(written()).toBe(
      [
        'cnn: 1 epoch of 60,000 images, 30,000 images done before',
        'cnn: epoch 1/1, 51 %, loss 0.5000, 100 images/s, 4 min 50 s left',
        'cnn: epoch 1/1, 53 %, loss 0.5000, 100 images/s, 4 min 40 s left',
        '',
      ].join('\n'),
    );
  });

  test('a task prints where it is', () => {
    const { progress, wait, written } = stage({ isTty: false });
    const task = progress.task('PCA');
    wait(11_000);
    task.update(0.5);
    task.update(0.9);
    task.finish('64 components in 11 s');
    expect(written()).toBe('PCA: begins\nPCA: 50 %, 11 s left\nPCA: 64 components in 11 s\n');
  });

  test('no escape sequence is written', () => {
    const { progress, written } = stage({ isTty: false });
    progress.task('PCA');
    progress.note('Stopping.');
    progress.close();
    expect(written()).toBe('PCA: begins\nStopping.\n');
  });
});

test('one piece of work is shown at a time', () => {
  const { progress } = stage({ isTty: false });
  expect(() => {
    progress.update({ epoch: 1, imagesDone: 1, loss: 1 });
  }).toThrow('no training was started');
  const task = progress.task('PCA');
  expect(() => progress.task('Export')).toThrow('Cannot show "Export": "PCA" is still under way.');
  task.finish('done');
  expect(() => {
    task.finish('done');
  }).toThrow('Cannot show "PCA": it is not under way.');
});
