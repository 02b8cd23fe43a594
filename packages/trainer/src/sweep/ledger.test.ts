import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendRunLine } from '../run-folder/run-files.ts';
import { beginLedger, enterTrial, ledgerName, openLedger } from './ledger.ts';
import { hashConfiguration } from './sweep-configuration.ts';
import { syntheticTrial } from './testing/synthetic-sweep.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-ledger-'));
  path = join(folder, ledgerName);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const configuration = { families: ['pca-L'], epochs: 2, trainLimit: null };
const appending = {
  appendLine: (name: string, line: string) => {
    appendRunLine(folder, name, line);
  },
};
const trials = [2, 8].map((latent) => syntheticTrial({ family: 'pca-L', latent, seed: null }));

function write(): string {
  beginLedger(appending, configuration);
  for (const trial of trials) enterTrial(appending, trial);
  return readFileSync(path, 'utf8');
}

test('what was entered is read again', () => {
  write();
  expect(openLedger(folder)).toStrictEqual({
    configuration,
    configurationSha256: hashConfiguration(configuration),
    trials,
  });
});

test('a folder without one has none', () => {
  expect(openLedger(folder)).toBeUndefined();
});

test('wherever the last line is torn, it is cut off and the trials before it are kept', () => {
  const text = write();
  const lines = text.split('\n').slice(0, -1);
  const before = `${lines.slice(0, 2).join('\n')}\n`;
  for (let length = before.length; length < text.length; length += 7) {
    writeFileSync(path, text.slice(0, length));
    expect(openLedger(folder)?.trials).toStrictEqual(trials.slice(0, 1));
    expect(readFileSync(path, 'utf8')).toBe(before);
  }
  enterTrial(appending, trials[1]);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('so is a last line of which only the length reached the disk', () => {
  const text = write();
  appendFileSync(path, `${'\0'.repeat(200)}\n`);
  expect(openLedger(folder)?.trials).toStrictEqual(trials);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('one whose first line is torn counts as none, and can be begun', () => {
  const text = write();
  writeFileSync(path, text.slice(0, 40));
  expect(openLedger(folder)).toBeUndefined();
  beginLedger(appending, configuration);
  expect(openLedger(folder)?.trials).toStrictEqual([]);
});

describe('what it refuses, with the number of the line', () => {
  test('a line before the last that is not as it was written', () => {
    const [header, first, second] = write().split('\n');
    writeFileSync(path, `${header}\n${first.replace('"accuracy":', '"acuracy":')}\n${second}\n`);
    expect(() => openLedger(folder)).toThrow(/line 2 is not: start anew with --overwrite/);
  });

  test('a configuration that is not that of its sum', () => {
    writeFileSync(path, write().replace('"epochs":2', '"epochs":3'));
    expect(() => openLedger(folder)).toThrow(/line 1 is not/);
  });
});
