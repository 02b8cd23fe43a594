import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { acquireRunLock } from './run-lock.ts';

const contender = fileURLToPath(new URL('testing/lock-contender.ts', import.meta.url));

let folder = '';
let path = '';
const children: ChildProcessByStdio<Writable, Readable, null>[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-lock-'));
  path = join(folder, 'lock');
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => end(child)));
  rmSync(folder, { recursive: true });
});

function start(command: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  children.push(child);
  return child;
}

async function end(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function firstLine(child: ChildProcessByStdio<Writable, Readable, null>): Promise<string> {
  const exited = once(child, 'exit').then(() => {
    throw new Error('The process ended without a word.');
  });
  const [text] = (await Promise.race([once(child.stdout, 'data'), exited])) as [string];
  return text.trim();
}

/** A process that is ready to take locks at the time it is told. */
async function startContender(
  paths: readonly string[],
): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const child = start(process.execPath, ['--import', 'tsx', contender, ...paths]);
  expect(await firstLine(child)).toBe('ready');
  return child;
}

/** A process that holds the lock at `path`. */
async function startHolder(): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const child = await startContender([path]);
  child.stdin.write('0\n');
  expect(await firstLine(child)).toBe('[0]');
  return child;
}

/** Changes what the lock file says of its holder. */
function rewrite(changes: Readonly<Record<string, unknown>>): void {
  const holder = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...holder, ...changes }));
}

test('a lock is a file that names its holder, until it is released', () => {
  const lock = acquireRunLock(path);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  expect(lock.isHeld()).toBe(true);
  lock.release();
  expect(lock.isHeld()).toBe(false);
  expect(readdirSync(folder)).toStrictEqual([]);
  acquireRunLock(path).release();
});

test('a lock that a running process holds is refused, naming the process', async () => {
  const holder = await startHolder();
  expect(() => acquireRunLock(path)).toThrow(ExpectedError);
  expect(() => acquireRunLock(path)).toThrow(
    `Cannot lock "${path}": one process at a time may work on a run, and process ${holder.pid!} has done so since 2`,
  );
});

test('this process does not get a lock twice', () => {
  const lock = acquireRunLock(path);
  expect(() => acquireRunLock(path)).toThrow(`process ${process.pid} has done so`);
  expect(lock.isHeld()).toBe(true);
});

test('the lock of a killed process is taken over', async () => {
  await end(await startHolder());
  expect(existsSync(path)).toBe(true);
  const lock = acquireRunLock(path);
  expect(lock.isHeld()).toBe(true);
  expect(readdirSync(folder)).toStrictEqual(['lock']);
});

test.runIf(process.platform === 'linux')(
  'so is one whose process number belongs to another process by now',
  () => {
    const lock = acquireRunLock(path);
    rewrite({ processStart: '1' });
    expect(acquireRunLock(path).isHeld()).toBe(true);
    expect(lock.isHeld()).toBe(false);
  },
);

test.runIf(process.platform === 'linux')('so is one whose process is dead but not yet buried', async () => {
  // A shell would bury its dead; "sleep", which it becomes, does not.
  const parent = start('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
  const pid = Number(await firstLine(parent));
  await expect.poll(() => readFileSync(`/proc/${parent.pid!}/comm`, 'utf8')).toBe('sleep\n');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
  acquireRunLock(path);
  rewrite({ pid, processStart: null });
  expect(acquireRunLock(path).isHeld()).toBe(true);
});

test('the lock of another computer is refused, for nobody can see whether its process runs', () => {
  acquireRunLock(path);
  rewrite({ host: 'elsewhere', pid: 1 });
  expect(() => acquireRunLock(path)).toThrow('process 1 on the computer "elsewhere" has done so since');
});

test.each(['', '{"pid": 1', 'null'])('a lock file that was never written, %j, is taken over', (text) => {
  writeFileSync(path, text);
  expect(acquireRunLock(path).isHeld()).toBe(true);
});

test('a takeover that was cut short does not keep others from it', async () => {
  await end(await startHolder());
  writeFileSync(`${path}.takeover`, '');
  expect(acquireRunLock(path).isHeld()).toBe(true);
  expect(readdirSync(folder)).toStrictEqual(['lock']);
});

test('who lost the lock neither thinks to hold it nor releases it', () => {
  const lost = acquireRunLock(path);
  rmSync(path);
  const lock = acquireRunLock(path);
  expect(lost.isHeld()).toBe(false);
  lost.release();
  expect(lock.isHeld()).toBe(true);
});

test('of three processes that find the same left-behind lock, exactly one takes it over', async () => {
  await end(await startHolder());
  const paths = Array.from({ length: 60 }, (_, index) => {
    const copy = join(folder, `lock-${index}`);
    writeFileSync(copy, readFileSync(path));
    return copy;
  });
  const contenders = await Promise.all([startContender(paths), startContender(paths), startContender(paths)]);
  const beginAtMs = Date.now() + 100;
  for (const child of contenders) child.stdin.write(`${beginAtMs}\n`);
  const wins = await Promise.all(
    contenders.map(async (child) => JSON.parse(await firstLine(child)) as number[]),
  );
  expect(wins.flat().sort((a, b) => a - b)).toStrictEqual([...paths.keys()]);
  // Else they weren't at it together.
  expect(wins.filter((won) => won.length > 0).length).toBeGreaterThan(1);
});
