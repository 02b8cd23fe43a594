import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSweepFolder } from './sweep-folder.ts';
import { syntheticTrial } from './testing/synthetic-sweep.ts';

let parent = '';
let out = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'narrows-sweep-folder-'));
  out = join(parent, 'sweep');
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

const configuration = { families: ['pca-L'], epochs: 2 };
const anew = { resume: false, overwrite: false };
const goOn = { resume: true, overwrite: false };
const replace = { resume: false, overwrite: true };
const trial = syntheticTrial({ family: 'pca-L', latent: 2, seed: null });

/** Leaves a sweep behind that was stopped after one trial. */
function stop(options = anew): void {
  const folder = openSweepFolder(out, configuration, options);
  folder.writeCheckpoint('classifier.safetensors', Uint8Array.of(1, 2, 3));
  folder.enter(trial);
  expect(folder.abandon()).toBe('kept');
}

function finish(result: string, options = anew): void {
  openSweepFolder(out, configuration, options).finish(result);
}

test('a sweep is nowhere before it is finished, and then whole', () => {
  const folder = openSweepFolder(out, configuration, anew);
  folder.enter(trial);
  const file = folder.addFile('report/report.md', '# A sweep\n');
  expect(existsSync(out)).toBe(false);
  folder.finish('{"whole":true}\n');
  expect(readdirSync(parent)).toStrictEqual(['sweep']);
  expect(readdirSync(out).sort()).toStrictEqual(['ledger.jsonl', 'report', 'sweep.json']);
  expect(file).toMatchObject({ path: 'report/report.md', sizeBytes: 10 });
  expect(folder.abandon()).toBe('closed');
});

test('a stopped one goes on with its trials and checkpoints', () => {
  stop();
  const folder = openSweepFolder(out, configuration, goOn);
  expect(folder.trials).toStrictEqual([trial]);
  expect([...folder.readCheckpoint('classifier.safetensors')!]).toStrictEqual([1, 2, 3]);
  expect(folder.readCheckpoint('pca.safetensors')).toBeUndefined();
  folder.finish('{}\n');
  expect(readFileSync(join(out, 'ledger.jsonl'), 'utf8').split('\n')).toHaveLength(3);
});

test('finished trials are kept also where the classifier is not there yet', () => {
  const folder = openSweepFolder(out, configuration, anew);
  folder.enter(trial);
  expect(folder.abandon()).toBe('kept');
  const again = openSweepFolder(out, configuration, goOn);
  expect(again.trials).toStrictEqual([trial]);
  again.finish('{}\n');
  expect(readdirSync(parent)).toStrictEqual(['sweep']);
});

test('one that has neither classifier nor trials yet is not kept', () => {
  const folder = openSweepFolder(out, configuration, anew);
  expect(folder.abandon()).toBe('removed');
  expect(readdirSync(parent)).toStrictEqual([]);
});

test('to overwrite replaces a whole sweep when the new one is whole, also after a stop', () => {
  finish('old');
  stop(replace);
  expect(readFileSync(join(out, 'sweep.json'), 'utf8')).toBe('old');
  finish('new', goOn);
  expect(readFileSync(join(out, 'sweep.json'), 'utf8')).toBe('new');
  expect(readdirSync(parent)).toStrictEqual(['sweep']);
});

describe('what it refuses', () => {
  test('to enter a trial once another process has its lock', () => {
    const folder = openSweepFolder(out, configuration, anew);
    const ledger = join(`${out}.partial`, 'run', 'ledger.jsonl');
    const before = readFileSync(ledger, 'utf8');
    rmSync(join(`${out}.partial`, 'lock'));
    expect(() => {
      folder.enter(trial);
    }).toThrow(/its lock must stay with this process, and it is gone/);
    expect(readFileSync(ledger, 'utf8')).toBe(before);
  });

  test('a place that is taken', () => {
    finish('old');
    expect(() => openSweepFolder(out, configuration, anew)).toThrow(
      /must not exist yet, and it does.*--overwrite/,
    );
    expect(readdirSync(parent)).toStrictEqual(['sweep']);
  });

  test('to replace a folder that is no sweep', () => {
    mkdirSync(out);
    writeFileSync(join(out, 'run.json'), '{}');
    expect(() => openSweepFolder(out, configuration, replace)).toThrow(
      /holds "run\.json" and no sweep\.json/,
    );
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe('{}');
  });

  test('a file in its place, even to be overwritten', () => {
    writeFileSync(out, 'a file');
    expect(() => openSweepFolder(out, configuration, replace)).toThrow(
      /must be free for a folder, and something else is there/,
    );
  });

  test('to go on with another configuration, which it names', () => {
    stop();
    expect(() => openSweepFolder(out, { ...configuration, epochs: 3 }, goOn)).toThrow(
      /must be that of the stopped run, and epochs was 2 and is now 3: give the same options/,
    );
    expect(openSweepFolder(out, configuration, goOn).trials).toHaveLength(1);
  });

  test('to go on with the ledger of another sweep, and leaves it as it is', () => {
    stop();
    const other = join(parent, 'other');
    openSweepFolder(other, { ...configuration, epochs: 9 }, anew).finish('{}\n');
    const ledger = join(`${out}.partial`, 'run', 'ledger.jsonl');
    const text = readFileSync(join(other, 'ledger.jsonl'), 'utf8');
    writeFileSync(ledger, text);
    expect(() => openSweepFolder(out, configuration, goOn)).toThrow(
      /configuration of its ledger\.jsonl must be that of the sweep, and epochs was 9 and is now 2: put .* back/,
    );
    expect(readFileSync(ledger, 'utf8')).toBe(text);
  });

  test('to go on where there is nothing, or a whole sweep', () => {
    expect(() => openSweepFolder(out, configuration, goOn)).toThrow(/there is none: leave --resume out/);
    finish('old');
    expect(() => openSweepFolder(out, configuration, goOn)).toThrow(/this one is finished/);
  });

  test('to begin where a stopped one is', () => {
    stop();
    expect(() => openSweepFolder(out, configuration, anew)).toThrow(
      /add --resume to go on with it or --overwrite/,
    );
  });

  test('two processes at once', () => {
    const folder = openSweepFolder(out, configuration, anew);
    expect(() => openSweepFolder(out, configuration, replace)).toThrow(/one process at a time/);
    expect(folder.abandon()).toBe('removed');
  });
});
