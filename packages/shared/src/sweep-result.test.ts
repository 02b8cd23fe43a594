import { describe, expect, test } from 'vitest';
import { parseSweepResult, type SweepResult, type SweepTrial } from './sweep-result.ts';

function trialOf(seed: number): SweepTrial {
  const quality = { mse: 0.02, accuracy: 0.9, crossEntropy: 0.4 };
  return {
    id: `basic-4-s${seed}`,
    family: 'basic-L',
    model: 'basic-4',
    latent: 4,
    seed,
    parameterCount: 1000,
    trainLoss: 0.021,
    trainMs: 10,
    classifierMs: null,
    plain: { bits: 128, ...quality },
    coded: { bits: 27.5, ...quality },
  };
}

const spread = { mean: 0.5, min: 0.5, max: 0.5, std: 0 };
const point = { family: 'basic-L', latent: 4 };
const sha256 = 'a'.repeat(64);

const result: SweepResult = {
  schemaVersion: 1,
  narrowsVersion: '0.1.0',
  name: 'sweep',
  createdAt: '2026-11-23T10:00:00.000Z',
  finishedAt: '2026-11-23T10:10:00.000Z',
  configuration: { epochs: 4 },
  configurationSha256: sha256,
  grid: { families: ['basic-L'], latents: [2, 4], seeds: [1, 2] },
  dataset: {
    name: 'tiny',
    title: 'Tiny',
    height: 4,
    width: 4,
    channels: 1,
    classNames: ['a', 'b'],
    trainCount: 20,
    testCount: 10,
    licence: 'none',
    source: 'made up',
    files: [{ name: 'images', sha256, sizeBytes: 1 }],
  },
  testCount: 10,
  platform: { node: 'v20.19.0', os: 'Linux', cpu: 'one', cores: 2, versions: {} },
  workers: 2,
  durations: { totalMs: 5 },
  classifier: {
    mode: 'fixed',
    model: 'cnn',
    seed: 1,
    parameterCount: 5,
    trainMs: 1,
    accuracy: 1,
    crossEntropy: 0,
  },
  trials: [trialOf(1), trialOf(2)],
  failures: [{ id: 'basic-2-s1', reason: 'its process ended' }],
  summaries: [
    {
      ...point,
      parameterCount: 1000,
      trials: 2,
      plain: { mse: spread, accuracy: spread, crossEntropy: spread },
      coded: { bits: spread, mse: spread, accuracy: spread, crossEntropy: spread },
    },
  ],
  thresholds: [
    { family: 'basic-L', points: 1, latent: null },
    { family: 'basic-L', points: 5, latent: 4 },
  ],
  fronts: { latentAccuracy: [{ ...point }], latentMse: [{ ...point }], bitsAccuracy: [] },
  files: [{ path: 'sweep.csv', sizeBytes: 3, sha256 }],
};

test('what was written is read', () => {
  expect(parseSweepResult(JSON.stringify(result), 'sweep.json')).toStrictEqual(result);
});

describe('what it refuses, in one line with the place', () => {
  const refusal = (text: string): string => {
    try {
      parseSweepResult(text, 'sweep.json');
    } catch (error) {
      if (error instanceof RangeError && !error.message.includes('\n')) return error.message;
      throw error;
    }
    throw new Error('It was not refused.');
  };
  const changed = (change: (copy: SweepResult) => void): string => {
    const copy = structuredClone(result);
    change(copy);
    return refusal(JSON.stringify(copy));
  };

  test('no JSON', () => {
    expect(refusal('{"a":\n')).toMatch(/^Cannot read the sweep "sweep\.json": it must be JSON \(/);
  });

  test.each(['null', '7', '[]', '"text"'])('%s', (text) => {
    expect(refusal(text)).toMatch(/^Cannot read the sweep "sweep\.json": /);
  });

  test('a nesting deeper than the stack', () => {
    const deep = `{"schemaVersion":1,"configuration":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    expect(refusal(deep)).toBe(
      'Cannot read the sweep "sweep.json": it must not be nested that deeply. Restore the file or sweep again.',
    );
  });

  test('another version, before all else', () => {
    expect(refusal('{"schemaVersion":9}')).toContain(
      'schema version 9 is not known to this Narrows (knows 1)',
    );
  });

  test.each<[string, (copy: SweepResult) => void, string]>([
    ['an unknown key', (copy) => Object.assign(copy, { more: 1 }), 'more'],
    ['an accuracy above 1', (copy) => (copy.trials[0].plain.accuracy = 1.5), 'at trials[0].plain.accuracy'],
    ['a trial twice', (copy) => (copy.trials[1].id = 'basic-4-s1'), 'at trials[1].id: must differ'],
    [
      'a failure that is a trial',
      (copy) => (copy.failures[0].id = 'basic-4-s1'),
      'at failures[0].id: must differ',
    ],
    [
      'a family beside the grid',
      (copy) => (copy.trials[0].family = 'other-L'),
      'at trials[0].family: must be one of the grid',
    ],
    ['a width beside the grid', (copy) => (copy.grid.latents = [2, 3]), 'at trials[0].latent'],
    ['a seed beside the grid', (copy) => (copy.trials[0].seed = 5), 'at trials[0].seed'],
    ['widths out of order', (copy) => (copy.grid.latents = [4, 2]), 'at grid.latents[1]: must ascend'],
    ['a seed named twice', (copy) => (copy.grid.seeds = [1, 2, 1]), 'at grid.seeds[2]'],
    [
      'other than 32 bits a value',
      (copy) => (copy.trials[0].plain.bits = 127),
      'at trials[0].plain.bits: must be 128',
    ],
    [
      'a summary of more trials than there are',
      (copy) => (copy.summaries[0].trials = 3),
      'must be 2, the trials there are',
    ],
    ['a point without a summary', (copy) => (copy.summaries[0].latent = 2), 'summaries'],
    ['a summary twice', (copy) => copy.summaries.push(copy.summaries[0]), 'at summaries[1]'],
    ['a threshold where nothing is', (copy) => (copy.thresholds[1].latent = 2), 'at thresholds[1]'],
    [
      'a front point where nothing is',
      (copy) => (copy.fronts.latentMse[0].latent = 2),
      'at fronts.latentMse[0]',
    ],
    ['more test images than there are', (copy) => (copy.testCount = 11), 'at testCount: must be at most 10'],
    ['a file twice', (copy) => copy.files.push(copy.files[0]), 'at files[1].path'],
    [
      'a file twice where a file system ignores case',
      (copy) => copy.files.push({ ...copy.files[0], path: 'Sweep.CSV' }),
      'at files[1].path: must differ from the paths before it by more than case (it is "Sweep.CSV"). Restore the file ' +
        'or sweep again.',
    ],
  ])('%s', (_, change, message) => {
    expect(changed(change)).toContain(message);
  });
});
