import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { ExpectedError } from '../expected-error.ts';
import { makeLatentMaps } from '../latent-map/make-latent-maps.ts';
import { plainTraining } from '../training/training-settings.ts';
import { createProgress } from './progress.ts';
import { parseTrainOptions } from './train-options.ts';
import { trainOptionList } from './train-schema.ts';
import type { ModelNames, TrainOptions } from './train-options.ts';

const models: ModelNames = {
  isKnown: (id) => /^(basic-\d+(-h\d+)?|deeper-\d+|pca-\d+|cnn)$/.test(id),
  examples: ['basic-32', 'basic-64', 'deeper-64', 'pca-64', 'cnn'],
  rule: 'basic-L, deeper-L, pca-L or cnn',
};

const study: TrainOptions = {
  preset: 'study',
  models: ['basic-32', 'basic-64', 'deeper-64', 'pca-64', 'pca-64-clipped', 'cnn'],
  training: {
    'basic-32': plainTraining,
    'basic-64': plainTraining,
    'deeper-64': { ...plainTraining, epochs: 20 },
    cnn: plainTraining,
  },
  validation: 0,
  maps: { methods: ['tsne', 'umap'], points: 2500, perplexity: 30, iterations: 1000 },
  trainLimit: undefined,
  seed: 1,
  weights: 'float32',
  engine: 'auto',
  device: 'auto',
  threads: 6,
  data: undefined,
  flags: ['--threads=6'],
  out: undefined,
  resume: false,
  overwrite: false,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-options-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Parses with config files that lie in the test's own folder. */
function parse(argv: readonly string[]): TrainOptions | 'help' {
  const request = parseTrainOptions(argv, {
    readFile: (path) => readFileSync(join(folder, path), 'utf8'),
    models,
    availableThreads: 6,
  });
  return request.kind === 'help' ? 'help' : request.options;
}

/** The one line that a user sees of a usage error. */
function complaint(argv: readonly string[]): string {
  try {
    parse(argv);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toContain('\n');
    return error.message;
  }
  throw new Error(`${argv.join(' ')} was accepted.`);
}

function config(text: string): string {
  writeFileSync(join(folder, 'mine.yaml'), text);
  return '--config=mine.yaml';
}

describe('resolving', () => {
  test('nothing given is the study', () => {
    expect(parse([])).toStrictEqual(study);
  });

  test('quick shortens the epochs and the maps, and nothing else', () => {
    const short = { ...plainTraining, epochs: 3 };
    expect(parse(['--preset', 'quick'])).toStrictEqual({
      ...study,
      flags: ['--preset=quick', '--threads=6'],
      preset: 'quick',
      training: {
        'basic-32': short,
        'basic-64': short,
        'deeper-64': short,
        cnn: { ...plainTraining, epochs: 1 },
      },
      maps: { ...study.maps, methods: ['tsne'], points: 1000 },
    });
  });

  test('widths has one kind of codec from one number on, beside PCA and the classifier, and no maps', () => {
    const widths = parse(['--preset=widths']) as TrainOptions;
    const latents = [1, 2, 4, 8, 16, 32, 64, 128];
    expect(widths.models).toEqual([...latents.map((latent) => `basic-${latent}-linear`), 'pca-128', 'cnn']);
    const cosine = { ...plainTraining, schedule: 'cosine' };
    for (const latent of latents) {
      expect(widths.training[`basic-${latent}-linear`]).toStrictEqual({
        ...cosine,
        epochs: 6,
        learningRate: 3e-3,
      });
    }
    expect(widths.training['cnn']).toStrictEqual({ ...cosine, epochs: 5 });
    expect(widths.maps.methods).toEqual([]);
  });

  const values = {
    preset: 'quick',
    models: ['pca-16', 'basic-16-h256'],
    trainLimit: 5000,
    validation: 500,
    epochs: 7,
    batchSize: 100,
    learningRate: 0.002,
    schedule: 'cosine',
    warmup: 0.5,
    weightDecay: 0.01,
    gradientClip: 1.5,
    averageDecay: 0.99,
    augment: true,
    keep: 'best',
    patience: 3,
    timeLimit: 2.5,
    maps: ['umap'],
    mapPoints: 2000,
    perplexity: 12.5,
    tsneIterations: 500,
    seed: Number.MAX_SAFE_INTEGER,
    weights: 'int8',
    engine: 'tfjs',
    device: 'cpu',
    threads: 1,
    data: 'd',
    out: 'o',
    resume: false,
    overwrite: true,
  };
  const resolved: TrainOptions = {
    preset: 'quick',
    models: ['pca-16', 'basic-16-h256'],
    training: {
      'basic-16-h256': {
        epochs: 7,
        batchSize: 100,
        learningRate: 0.002,
        schedule: 'cosine',
        warmup: 0.5,
        weightDecay: 0.01,
        gradientClip: 1.5,
        averageDecay: 0.99,
        augment: true,
        keep: 'best',
        patience: 3,
        timeLimit: 2.5,
      },
    },
    validation: 500,
    maps: { methods: ['umap'], points: 2000, perplexity: 12.5, iterations: 500 },
    trainLimit: 5000,
    seed: Number.MAX_SAFE_INTEGER,
    weights: 'int8',
    engine: 'tfjs',
    device: 'cpu',
    threads: 1,
    data: 'd',
    flags: [
      '--preset=quick',
      '--models=pca-16,basic-16-h256',
      '--train-limit=5000',
      '--validation=500',
      '--epochs=7',
      '--batch-size=100',
      '--learning-rate=0.002',
      '--schedule=cosine',
      '--warmup=0.5',
      '--weight-decay=0.01',
      '--gradient-clip=1.5',
      '--average-decay=0.99',
      '--augment',
      '--keep=best',
      '--patience=3',
      '--time-limit=2.5',
      '--maps=umap',
      '--map-points=2000',
      '--perplexity=12.5',
      '--tsne-iterations=500',
      '--seed=9007199254740991',
      '--weights=int8',
      '--engine=tfjs',
      '--device=cpu',
      '--threads=1',
      '--data=d',
    ],
    out: 'o',
    resume: false,
    overwrite: true,
  };

  test('every option can be given as a flag', () => {
    expect(Object.keys(values)).toEqual(trainOptionList.map(({ key }) => key));
    const argv = Object.entries(values).map(([key, value]) => `--${key}=${String(value)}`);
    expect(argv).toContain('--batchSize=100');
    expect(parse(argv)).toStrictEqual(resolved);
    const dashed = argv.map((word) =>
      word.replaceAll(/(?<=^--[^=]*)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    expect(dashed).toContain('--batch-size=100');
    expect(parse(dashed)).toStrictEqual(resolved);
    // A switch takes no word after it.
    const apart = dashed.flatMap((word) => (/true|false/.test(word) ? [word] : word.split('=')));
    expect(parse(apart)).toStrictEqual(resolved);
  });

  test('every option can be given in YAML and in JSON', () => {
    expect(parse([config(JSON.stringify(values))])).toStrictEqual(resolved);
    const yaml = Object.entries(values).map(([key, value]) => `${key}: ${String(value)} # as said`);
    expect(parse([config(yaml.join('\n'))])).toStrictEqual(resolved);
  });

  test('a flag counts before the file, the file before the preset, the preset before the default', () => {
    const file = config('preset: quick\nepochs: 5\nseed: 5\nbatchSize: 5');
    const quick = parse([file, '--seed=6']) as TrainOptions;
    expect(quick).toMatchObject({ preset: 'quick', seed: 6 });
    for (const id of ['basic-32', 'deeper-64', 'cnn']) {
      expect(quick.training[id]).toStrictEqual({ ...plainTraining, epochs: 5, batchSize: 5 });
    }
    expect(parse(['--preset=study', '--epochs=6', file])).toMatchObject({
      preset: 'study',
      training: { cnn: { epochs: 6 } },
    });
    // The preset's word on a family counts before its word on all.
    expect(parse(['--preset=codecs'])).toMatchObject({
      training: { 'basic-32': { epochs: 10, schedule: 'cosine' }, cnn: { epochs: 5, schedule: 'cosine' } },
    });
  });

  test('its flags resolve to the same again', () => {
    const once = parse([
      config('preset: best\naugment: false\nmodels: cnn, pca-8'),
      '--out=o',
    ]) as TrainOptions;
    expect(once.flags).toEqual(['--preset=best', '--models=cnn,pca-8', '--no-augment', '--threads=6']);
    expect(parse(once.flags)).toStrictEqual({ ...once, out: undefined });
    // Also where there are other processors: the bytes depend on the threads.
    const elsewhere = parseTrainOptions(once.flags, { readFile: () => '', models, availableThreads: 96 });
    expect(elsewhere).toStrictEqual({ kind: 'train', options: { ...once, out: undefined } });
  });

  test('none asks for no maps', () => {
    expect(parse(['--maps=none'])).toMatchObject({ maps: { methods: [] } });
  });

  test.each([
    [['--resume'], true],
    [['--resume=true'], true],
    [['--resume=false'], false],
    [['--no-resume'], false],
    [['--resume', '--no-resume'], false],
    [['--no-resume', '--resume'], true],
  ])('%s is %s', (argv, resume) => {
    expect(parse(argv)).toMatchObject({ resume });
  });

  test('a flag given twice counts the last time, a list adds up', () => {
    expect(parse(['--seed=2', '--seed=3', '--models=cnn', '--models', 'pca-8, pca-16'])).toMatchObject({
      seed: 3,
      models: ['cnn', 'pca-8', 'pca-16'],
    });
  });

  test.each([['--help'], ['-h'], ['--nonsense', '--help'], ['--epochs=x', '-h']])(
    '%s asks for help',
    (...argv) => {
      expect(parse(argv)).toBe('help');
    },
  );
});

test.each([
  [['--map-points=21', '--maps=umap']],
  [['--map-points=21', '--perplexity=6.99']],
  [['--map-points=91']],
])('maps can be made with %j, the fewest points that are let pass', async (argv) => {
  const { maps, seed } = parse(argv) as TrainOptions;
  const noSpaces = { labels: new Uint8Array(maps.points), pixels: new Float32Array(maps.points), spaces: [] };
  const progress = createProgress({ stream: { write: () => true }, isTty: false, now: () => 0 });
  const options = { ...maps, seed, progress, shouldStop: () => false };
  const made = makeLatentMaps(onnxEngine({ device: 'cpu', threads: 1 }), noSpaces, options);
  expect(await made.next()).toEqual({ done: true, value: undefined });
  const fewer = { ...noSpaces, labels: new Uint8Array(maps.points - 1) };
  const refused = makeLatentMaps(onnxEngine({ device: 'cpu', threads: 1 }), fewer, options);
  await expect(refused.next()).rejects.toThrow(/^Cannot /);
});

test.each<[string[], string]>([
  [['--epoch=5'], 'Cannot use --epoch: train has no such option: did you mean --epochs?'],
  [['-epochs', '5'], 'Cannot use -epochs: train has no such option: did you mean --epochs?'],
  [['--batch_size=5'], 'Cannot use --batch_size: train has no such option: did you mean --batch-size?'],
  [['--no-epochs'], 'Cannot use --no-epochs: train has no such option: did you mean --epochs?'],
  [['--dropout', '0.5'], 'Cannot use --dropout: train has no such option: --help lists those there are.'],
  [['--constructor=1'], 'Cannot use --constructor: train has no such option: --help lists those there are.'],
  [
    ['--epochs'],
    'Cannot use --epochs: it takes a whole number from 1 to 100,000, and no value follows it: write for example ' +
      '--epochs=20.',
  ],
  [
    ['--epochs', '--resume'],
    'Cannot use --epochs: it takes a whole number from 1 to 100,000, and no value follows it: write for example ' +
      '--epochs=20.',
  ],
  [
    ['--out='],
    "Cannot use --out: it takes a folder's path, and no value follows it: write for example --out=runs/mine.",
  ],
  [
    ['--config'],
    "Cannot use --config: it takes a file's path, and no value follows it: write for example --config=study.yaml.",
  ],
  [
    ['--epochs=five'],
    'Cannot use --epochs: it takes a whole number from 1 to 100,000, not "five": write for example --epochs=20.',
  ],
  [
    ['--epochs=1e3'],
    'Cannot use --epochs: it takes a whole number from 1 to 100,000, not "1e3": write for example --epochs=20.',
  ],
  [
    ['--epochs', '0'],
    'Cannot use --epochs: it takes a whole number from 1 to 100,000, not 0: write for example --epochs=20.',
  ],
  [
    ['--batchSize=60001'],
    'Cannot use --batch-size: it takes a whole number from 1 to 60,000, not 60001: write for example --batch-size=64.',
  ],
  [
    ['--seed', '-1'],
    'Cannot use --seed: it takes a whole number from 0 to 9,007,199,254,740,991, not -1: write for example --seed=1.',
  ],
  [
    ['--seed=9007199254740993'],
    'Cannot use --seed: it takes a whole number from 0 to 9,007,199,254,740,991, not "9007199254740993": write for ' +
      'example --seed=1.',
  ],
  [
    ['--learning-rate=0'],
    'Cannot use --learning-rate: it takes a number above 0, up to 1, not 0: write for example --learning-rate=0.001.',
  ],
  [
    ['--learning-rate=Infinity'],
    'Cannot use --learning-rate: it takes a number above 0, up to 1, not "Infinity": write for example ' +
      '--learning-rate=0.001.',
  ],
  [
    ['--engine=onxx'],
    'Cannot use --engine: it takes one of auto, onnx, tfjs, not "onxx": did you mean onnx?',
  ],
  [
    ['--preset=fast'],
    'Cannot use --preset: it takes one of study, best, codecs, widths, quick, not "fast": write for example --preset=quick.',
  ],
  [
    ['--resume=yes'],
    'Cannot use --resume: it takes true or false, or nothing for true, not "yes": write for example --resume=true.',
  ],
  [
    ['--models=basic32'],
    'Cannot use --models: a model is basic-L, deeper-L, pca-L or cnn, not "basic32": did you mean basic-32?',
  ],
  [
    ['--models=cnn,transformer'],
    'Cannot use --models: a model is basic-L, deeper-L, pca-L or cnn, not "transformer": known are for example ' +
      'basic-32, basic-64, deeper-64, pca-64, cnn.',
  ],
  [
    ['--models=cnn,,pca-64'],
    'Cannot use --models: it takes names of models with commas between them, not ["cnn","","pca-64"]: write for ' +
      'example --models=basic-32,pca-64,cnn.',
  ],
  [
    ['--models=cnn,pca-8,cnn'],
    'Cannot use --models: each model is trained once, "cnn" is named twice: name it once.',
  ],
  [
    ['quick'],
    'Cannot use the argument "quick": train takes only options, which begin with "--": put it into one (--help lists ' +
      'them) or leave it out.',
  ],
  [
    ['--resume', '--overwrite'],
    'Cannot use --resume with --overwrite: one goes on with a stopped run, the other starts anew: leave one out.',
  ],
  [
    ['--train-limit=63'],
    'Cannot use --train-limit: it takes at least as many images as one batch holds, 64, not 63: raise it or lower ' +
      '--batch-size.',
  ],
  [
    ['--weight-decay=-1'],
    'Cannot use --weight-decay: it takes a number from 0 to 1, not -1: write for example --weight-decay=0.01.',
  ],
  [
    ['--maps=tsne,pca'],
    'Cannot use --maps: it takes tsne, umap, both with a comma between them, or none, not ["tsne","pca"]: write for ' +
      'example --maps=tsne,umap.',
  ],
  [
    ['--maps=none,tsne'],
    'Cannot use --maps: "none" stands alone, not with ["none","tsne"]: leave it or the others out.',
  ],
  [
    ['--train-limit=100', '--validation=37'],
    'Cannot use --train-limit: it takes at least as many images as one batch holds, 64, besides the 37 held out, not ' +
      '100: raise it or lower --batch-size.',
  ],
  [
    ['--models=pca-4', '--train-limit=100', '--validation=100'],
    'Cannot use --train-limit: it takes at least one image, besides the 100 held out, not 100: raise it or lower ' +
      '--validation.',
  ],
  [
    ['--map-points=20', '--maps=umap'],
    'Cannot use --map-points: it takes a whole number from 21 to 10,000, not 20: write for example --map-points=10000.',
  ],
  [
    ['--map-points=90'],
    'Cannot use --map-points: t-SNE takes more than three times as many points as its perplexity, 30, not 90: raise it ' +
      'or lower --perplexity.',
  ],
  [
    ['--patience=3'],
    'Cannot use --patience: it takes images to judge by, and none are held out from training: add --validation=5000.',
  ],
  [
    ['--keep=best', '--validation=0'],
    'Cannot use --keep: it takes images to judge by, and none are held out from training: add --validation=5000.',
  ],
  [
    ['--perplexity=100', '--map-points=300'],
    'Cannot use --perplexity: it takes less than a third of the 300 points of a map, not 100: lower it or raise ' +
      '--map-points.',
  ],
  [
    ['--config=absent.yaml'],
    'Cannot read the config file "absent.yaml": --config takes a YAML or JSON file, and there is no such file: correct ' +
      'the path, which counts from the current folder.',
  ],
  [
    ['--config=.'],
    'Cannot read the config file ".": --config takes a YAML or JSON file, and it is a folder: correct the path, which ' +
      'counts from the current folder.',
  ],
])('%j is refused', (argv, message) => {
  expect(complaint(argv)).toBe(message);
});

test.each<[string, string]>([
  [
    'seed: 1\n\nepoch: 5',
    'Cannot use "epoch" ("mine.yaml", line 3): train has no such option: did you mean "epochs"?',
  ],
  [
    'batch-size: 5',
    'Cannot use "batch-size" ("mine.yaml", line 1): train has no such option: did you mean "batchSize"?',
  ],
  [
    '{"dropout": 0.5}',
    'Cannot use "dropout" ("mine.yaml", line 1): train has no such option: the options are preset, models, ' +
      'trainLimit, validation, epochs, batchSize, learningRate, schedule, warmup, weightDecay, gradientClip, ' +
      'averageDecay, augment, keep, patience, timeLimit, maps, mapPoints, perplexity, tsneIterations, seed, weights, engine, ' +
      'device, threads, data, out, resume, overwrite.',
  ],
  [
    '\nepochs: "5"',
    'Cannot use "epochs" ("mine.yaml", line 2): it takes a whole number from 1 to 100,000, not "5": write for example ' +
      'epochs: 20.',
  ],
  [
    'epochs:',
    'Cannot use "epochs" ("mine.yaml", line 1): it takes a whole number from 1 to 100,000, not null: write for example ' +
      'epochs: 20.',
  ],
  [
    'seed: 1.5',
    'Cannot use "seed" ("mine.yaml", line 1): it takes a whole number from 0 to 9,007,199,254,740,991, not 1.5: write ' +
      'for example seed: 1.',
  ],
  [
    'learningRate: .nan',
    'Cannot use "learningRate" ("mine.yaml", line 1): it takes a number above 0, up to 1, not NaN: write for example ' +
      'learningRate: 0.001.',
  ],
  [
    'models: [cnn, 7]',
    'Cannot use "models" ("mine.yaml", line 1): it takes names of models with commas between them, not ["cnn",7]: ' +
      'write for example models: basic-32,pca-64,cnn.',
  ],
  [
    'models: cnn, svm',
    'Cannot use "models" ("mine.yaml", line 1): a model is basic-L, deeper-L, pca-L or cnn, not "svm": known are for ' +
      'example basic-32, basic-64, deeper-64, pca-64, cnn.',
  ],
  [
    '- epochs',
    'Cannot read the config file "mine.yaml": it must hold options with their values, this one holds a list: write ' +
      'lines such as "epochs: 20".',
  ],
  [
    '# nothing yet\n',
    'Cannot read the config file "mine.yaml": it must hold options with their values, this one holds nothing: write ' +
      'lines such as "epochs: 20".',
  ],
  [
    'epochs 20',
    'Cannot read the config file "mine.yaml": it must hold options with their values, this one holds a single value: ' +
      'write lines such as "epochs: 20".',
  ],
  [
    'seed: 1\nepochs: [1',
    'Cannot read the config file "mine.yaml": it must be YAML or JSON, and line 2 is not: Flow sequence in block ' +
      'collection must be sufficiently indented and end with a ]: correct that line.',
  ],
  [
    '{"seed": 1,\n"seed": 2}',
    'Cannot read the config file "mine.yaml": it must be YAML or JSON, and line 2 is not: Map keys must be unique: ' +
      'correct that line.',
  ],
  [
    'models: &all [*all]',
    'Cannot read the config file "mine.yaml": it may not use aliases, line 1 has "*all": write the value out.',
  ],
  [
    'resume: true\noverwrite: true',
    'Cannot use "resume" ("mine.yaml", line 1) with "overwrite" ("mine.yaml", line 2): one goes on with a stopped run, ' +
      'the other starts anew: leave one out.',
  ],
])('a config file with %j is refused', (text, message) => {
  expect(complaint([config(text)])).toBe(message);
});

test('a wrong value in the file is refused even where a flag overrides it', () => {
  expect(complaint([config('seed: x'), '--seed=2'])).toContain('"seed" ("mine.yaml", line 1)');
});

test('any command line gives options, help or one line without control characters', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '--',
      '-',
      '--=',
      '--epochs',
      '--models=',
      '--seed=1',
      '--resume',
      '--config=any.yaml',
      '\u001b[2J',
    ),
    fc.string().map((text) => `--${text}`),
  );
  const file = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom('epochs: {a: [', '? {a: 1}\n: 2', '- - -'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), file, (argv, text) => {
      try {
        parseTrainOptions([...argv, '--config=any.yaml'], {
          readFile: () => text,
          models,
          availableThreads: 1,
        });
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        expect(error.exitCode).toBe(2);
        expect(error.message).toMatch(/^Cannot \P{Cc}+\.$|^Cannot \P{Cc}+\?$/u);
      }
    }),
    { numRuns: 2000 },
  );
});
