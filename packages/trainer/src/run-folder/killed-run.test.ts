import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomStream } from '@narrows/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeRun, stopRun, wholeRun } from './testing/make-run.ts';

const fixture = fileURLToPath(new URL('testing/killed-run.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-killed-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(out: string, generation: string, killAt: number): ReturnType<typeof spawn> {
  const args = ['--import', 'tsx', fixture, out, generation, String(killAt)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Makes a run in a process of its own that is killed before its N-th change to the disk; false if it wasn't. */
async function killBeforeChange(out: string, killAt: number): Promise<boolean> {
  const [code, signal] = (await once(start(out, 'new', killAt), 'exit')) as [number | null, string | null];
  if (signal === 'SIGKILL') return true;
  expect(code).toBe(0);
  return false;
}

/** Sees what is left of a run that was killed before its N-th change, and whether the next one comes through. */
async function killAndMakeAgain(killAt: number, prepare: (out: string) => void): Promise<boolean> {
  const parent = join(folder, String(killAt));
  const out = join(parent, 'run');
  mkdirSync(parent);
  prepare(out);
  const before = wholeRun(out);
  if (!(await killBeforeChange(out, killAt))) return false;

  const left = wholeRun(out);
  // Between the two renames that replace it, the old run lies whole in the folder beside.
  if (left === undefined && before !== undefined)
    expect(wholeRun(join(`${out}.partial`, 'replaced'))).toBe(before);
  else expect([before, 'new']).toContain(left);

  makeRun(out, 'new');
  expect(wholeRun(out)).toBe('new');
  expect(readdirSync(parent)).toStrictEqual(['run']);
  return true;
}

/** Does so for a range of changes, some at a time, until a run comes through; gives the number of the last that was killed. */
async function killBeforeEachChange(
  prepare: (out: string) => void,
  { from = 1, to = Infinity } = {},
): Promise<number> {
  for (let killAt = from; killAt <= to; killAt += 3) {
    const batch = [killAt, killAt + 1, killAt + 2].map((one) => killAndMakeAgain(one, prepare));
    const killed = (await Promise.all(batch)).filter(Boolean).length;
    if (killed < batch.length) return killAt - 1 + killed;
  }
  return to;
}

test('a run killed before any of its changes to the disk leaves no half run, and can be made', async () => {
  // It makes about 35 changes, by Node's version. Far fewer would mean that the fixture no longer sees them.
  expect(await killBeforeEachChange(() => undefined)).toBeGreaterThan(30);
}, 240_000);

test('one that replaces another leaves the old or the new one whole', async () => {
  // Up to its end it is like any other. Moving two folders takes a few changes more.
  const last = await killBeforeEachChange(
    (out) => {
      makeRun(out, 'old');
    },
    { from: 31 },
  );
  expect(last).toBeGreaterThan(34);
}, 240_000);

test('one that begins in place of a stopped one can be made', async () => {
  // After its beginning it is like any other.
  await killBeforeEachChange(
    (out) => {
      stopRun(out, 'old');
    },
    { to: 15 },
  );
}, 240_000);

test('so does one that is killed at any moment', async () => {
  const out = join(folder, 'run');
  makeRun(out, 'first');
  // To see a failure again, put the seed that it names here.
  const seed = Date.now();
  const moment = randomStream(seed, 'moments of killing');
  for (let round = 0; round < 15; round++) {
    const wait = moment.nextUniform() * 100;
    const child = start(out, `round-${round}`, 0);
    await once(child.stdout!, 'data');
    await sleep(wait);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const left = wholeRun(existsSync(out) ? out : join(`${out}.partial`, 'replaced'));
    expect(left, `seed ${seed}, round ${round} after ${wait.toFixed(0)} ms`).toBeDefined();
  }
  makeRun(out, 'last');
  expect(wholeRun(out)).toBe('last');
  expect(readdirSync(folder)).toStrictEqual(['run']);
}, 120_000);
