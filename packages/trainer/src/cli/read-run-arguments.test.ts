import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runMain } from '../testing/run-main.ts';
import { readRunArguments } from './read-run-arguments.ts';

const evaluate = { command: 'evaluate', flags: ['threads'] };

describe('a command on one run', () => {
  test.each([
    [['runs/study'], 'runs/study', undefined],
    [['--run=runs/study', '--threads=2'], 'runs/study', '2'],
    [['--threads', '2', 'runs/study'], 'runs/study', '2'],
  ])('is told by %j', (argv, folder, threads) => {
    const request = readRunArguments(argv, evaluate);
    expect(request).toMatchObject({ kind: 'run', folder });
    expect(request.kind === 'run' && request.values['threads']).toBe(threads);
  });

  test.each([
    [[], "Cannot evaluate: it takes one run's folder, not 0. Usage: main.ts train"],
    [['a', '--run=b'], "Cannot evaluate: it takes one run's folder, not 2. Usage: main.ts train"],
    [['a', '--thread=2'], "Cannot evaluate: Unknown option '--thread'. Usage: main.ts train"],
  ])('is refused %j', (argv, message) => {
    expect(() => readRunArguments(argv, evaluate)).toThrow(message);
  });
});

test.each([[['--help']], [['evaluate', '--help']], [['report', '-h']]])(
  'the command line answers %j with what there is',
  async (args) => {
    const { code, stdout, stderr } = await runMain(args, tmpdir());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: main\.ts train .*doctor --help tell more\.\n$/);
  },
);
