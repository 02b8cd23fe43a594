import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { surviveClosedOutput } from './signals.ts';

const fixture = fileURLToPath(new URL('testing/stoppable-work.ts', import.meta.url));
const stopping = 'Stopping after this step; press Ctrl-C again to stop at once.\n';

let folder = '';
let marker = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-signals-'));
  marker = join(folder, 'saved');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
  /** Whether the work after a request was done to its end. */
  readonly saved: boolean;
}

/** Starts the fixture, sends it signals, each so many milliseconds after the one before, and sees how it ends. */
async function stopBy(
  signals: readonly (readonly [NodeJS.Signals, afterMs: number])[],
  { closeOutput = false } = {},
): Promise<Ending> {
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, marker], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  await once(child.stdout, 'data');
  if (closeOutput) {
    child.stdout.destroy();
    child.stderr.destroy();
  } else {
    child.stdout.resume();
  }
  for (const [signal, afterMs] of signals) {
    await sleep(afterMs);
    child.kill(signal);
  }
  const [code] = await ended;
  return { code, stderr, saved: existsSync(marker) };
}

test('one SIGINT stops after the work at hand with 130', async () => {
  expect(await stopBy([['SIGINT', 0]])).toStrictEqual({ code: 130, stderr: stopping, saved: true });
});

test('one SIGTERM stops after the work at hand with 143', async () => {
  expect(await stopBy([['SIGTERM', 0]])).toStrictEqual({ code: 143, stderr: stopping, saved: true });
});

test('Ctrl-C twice stops at once with 130', async () => {
  const ending = await stopBy([
    ['SIGINT', 0],
    ['SIGINT', 100],
  ]);
  expect(ending).toStrictEqual({ code: 130, stderr: `${stopping}bye\n`, saved: false });
});

test('a SIGTERM well after a SIGINT stops at once with 143', async () => {
  const ending = await stopBy([
    ['SIGINT', 0],
    ['SIGTERM', 700],
  ]);
  expect(ending).toStrictEqual({ code: 143, stderr: `${stopping}bye\n`, saved: false });
});

test.each<[NodeJS.Signals, NodeJS.Signals, number]>([
  ['SIGINT', 'SIGTERM', 130],
  ['SIGTERM', 'SIGINT', 143],
])('%s and the %s that a parent passes on count as one', async (first, passedOn, code) => {
  const ending = await stopBy([
    [first, 0],
    [passedOn, 50],
    [passedOn, 50],
  ]);
  expect(ending).toStrictEqual({ code, stderr: stopping, saved: true });
});

test('the work at hand is finished when the reader of its output is gone', async () => {
  const ending = await stopBy([['SIGTERM', 100]], { closeOutput: true });
  expect(ending).toMatchObject({ code: 143, saved: true });
});

test.each(['EPIPE', 'EIO'])('a stream that fails with %s is let be', async (code) => {
  const stream = failingStream(code);
  surviveClosedOutput(stream);
  const closed = new Promise((resolve) => stream.on('close', resolve));
  stream.write('lost');
  await closed;
  expect(stream.errored).toMatchObject({ code });
});

test('a stream that fails otherwise is an error', () => {
  const stream = failingStream('ENOSPC');
  surviveClosedOutput(stream);
  expect(() => stream.emit('error', Object.assign(new Error('no room'), { code: 'ENOSPC' }))).toThrow(
    'no room',
  );
});

function failingStream(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}
