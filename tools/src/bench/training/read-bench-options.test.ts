import { describe, expect, it } from 'vitest';
import { readBenchOptions, type BenchOptions } from './read-bench-options.ts';

function read(...argv: string[]): BenchOptions {
  const options = readBenchOptions(argv);
  if (options === 'help') throw new Error('asked for help');
  return options;
}
const distinct = (values: readonly string[]): string[] => [...new Set(values)];

describe('readBenchOptions', () => {
  it('measures everybody by default, and what others are foreseen by first', () => {
    const { plan, settings } = read();
    expect(distinct(plan.map(({ job }) => job.model))).toEqual(['basic-32', 'deeper-64', 'cnn']);
    expect(distinct(plan.map(({ job }) => job.kind))).toEqual([
      'compile',
      'inference',
      'steps',
      'epochs',
      'target',
    ]);
    expect(plan.find(({ job }) => job.kind === 'steps')!.job).toMatchObject({
      batchSizes: [64, 128, 256, 512],
    });
    expect(settings).toEqual({ threads: 2, quick: false });
  });

  it('takes parts, in its own order', () => {
    const { plan, settings } = read(
      '--models=cnn',
      '--peers=pytorch,narrows,pytorch',
      '--kinds=epochs,steps',
      '--rounds=5',
      '--threads=1',
    );
    expect(distinct(plan.map(({ job, peer }) => [job.kind, job.model, peer.id].join(' ')))).toEqual([
      'steps cnn pytorch',
      'steps cnn narrows',
      'epochs cnn pytorch',
      'epochs cnn narrows',
    ]);
    expect(Math.max(...plan.map(({ round }) => round))).toBe(5);
    expect(settings.threads).toBe(1);
  });

  it('trains to no target in a hurry', () => {
    expect(read('--quick').plan.map(({ job }) => job.kind)).not.toContain('target');
  });

  it('has a command that repeats it, however it is spelled and wherever its results go', () => {
    const { command } = read('--output', '/somewhere/else.json', '--quick', '--update', '--models', 'cnn');
    expect(command).toBe('npx nx run tools:bench -- --models=cnn --quick');
    expect(read().command).toBe('npx nx run tools:bench');
  });

  it('helps', () => {
    expect(readBenchOptions(['--models=huge', '--help'])).toBe('help');
  });

  it.each([
    ['--models=huge', 'Cannot set --models to "huge": it is none of basic-32, deeper-64, cnn.'],
    ['--peers=narrows,abacus', /^Cannot set --peers to "abacus": it is none of narrows, narrows-fit, /],
    ['--peers=', /^Cannot set --peers to "": it is none of/],
    ['--kinds=speed', /^Cannot set --kinds to "speed": it is none of steps, epochs, target, compile, inf/],
    ['--rounds=0', 'Cannot set --rounds to "0": it must be an integer of at least 1.'],
    ['--rounds=abc', /^Cannot set --rounds to "abc"/],
    ['--threads=1.5', /^Cannot set --threads to "1.5"/],
    ['--turbo', /^Cannot run the bench: Unknown option '--turbo'. Options are --models, .*, --help.$/],
    ['cnn', /^Cannot run the bench: Unexpected argument 'cnn'. /],
    ['--update', /^Cannot use --update: it takes a file to update: write for example --output=docs/],
    ['--output=', /^Cannot use --output: it takes a file, not ""/],
    ['--peers=tfjs-cpu --kinds=epochs', /^Cannot measure anything: no peer of tfjs-cpu has a part in epochs/],
    ['--peers=jax-js-workers --threads=1', /with 1 threads: leave one of --peers, --kinds and --threads out/],
  ])('refuses %s', (argv, message) => {
    expect(() => read(...argv.split(' '))).toThrow(message);
  });
});
