/**
 * How many requests a second the viewer's server answers on one core, and how much memory it takes:
 *
 *     npx nx run tools:bench-viewer-server
 *     npx tsx tools/src/bench/viewer-server.ts --rounds=5 --seconds=4 --connections=16
 *
 * After `viewer:build`. The server runs in a process of its own, kept to one core by `taskset` where there is one (Linux);
 * this process asks it from another core over loopback, on connections that stay open. It reads just enough of an answer to
 * know where it ends, so that the server is what is measured. Where other programs keep the machine busy, requests by the
 * server's own processor time tell more than those by the clock. At last all connections fetch every file of the page at once.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BuiltAsset } from '@narrows/viewer';
import { median, spread } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
  },
});
const [rounds, seconds, connections] = [values.rounds, values.seconds, values.connections].map(Number);
const viewer = resolve(import.meta.dirname, '../../../packages/viewer');

const { assets } = JSON.parse(readFileSync(join(viewer, 'dist/assets.json'), 'utf8')) as {
  assets: BuiltAsset[];
};
const addressOf = ({ path }: BuiltAsset): string => path.replace(/^client/, '');
/** The page's hashed scripts, the smallest first. */
const scripts = assets
  .filter(({ path, isImmutable }) => isImmutable && path.endsWith('.js'))
  .sort((a, b) => a.sizeBytes - b.sizeBytes);
const [middling, largest] = [scripts[scripts.length >> 1], scripts[scripts.length - 1]];

/** Starts the server on a port that is free; no runs but the demos. */
async function startServer(): Promise<{ child: ChildProcess; port: number; pinned: boolean }> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = [
    // As the target `viewer:serve` does: what is read and sent is garbage at once, and needn't pile up.
    '--max-semi-space-size=2',
    '--import',
    loader,
    join(viewer, 'src/server/node.ts'),
    '--port=0',
    `--runs=${tmpdir()}/no-runs`,
  ];
  const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const [program, before] = pinned ? ['taskset', ['-c', '0', process.execPath]] : [process.execPath, []];
  const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
    if (port !== undefined) return { child, port: Number(port), pinned };
  }
  throw new Error('The server ended before it listened.');
}

/** A connection that stays open, for one request after the other. */
async function openConnection(port: number): Promise<(request: string) => Promise<number>> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let answered: (status: number) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  let status = 0;
  let left = 0;
  socket.on('data', (chunk: Buffer) => {
    if (left === 0) {
      // The head of an answer of ours fits into one packet.
      const end = chunk.indexOf('\r\n\r\n');
      const head = chunk.toString('latin1', 0, end);
      status = Number(head.slice(9, 12));
      left = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) + end + 4;
    }
    left -= chunk.length;
    if (left === 0) answered(status);
  });
  socket.on('error', (error) => {
    failed(error);
  });
  socket.on('close', () => {
    failed(new Error('The server closed the connection.'));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      [answered, failed] = [resolve, reject];
      socket.write(request);
    });
}

const requestFor = (path: string, coding: string, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${coding}\r\n${more}\r\n`;

/** Requests a second, by the clock and by the time that the server had the processor for (NaN where that isn't told). */
interface Speed {
  readonly byClock: number;
  readonly byProcessor: number;
}

/** Asks once. What isn't answered as expected would make any figure look good. */
async function expectStatus(
  one: (request: string) => Promise<number>,
  { request, expected }: { request: string; expected: number },
): Promise<void> {
  const status = await one(request);
  if (status === expected) return;
  const [line] = request.split('\r\n');
  throw new Error(`The server answered "${line}" with ${status}, not with ${expected}.`);
}

/** Asks the same over and over on all connections. */
async function measureSpeed(
  ask: readonly ((request: string) => Promise<number>)[],
  { request, expected, pid }: { request: string; expected: number; pid: number },
): Promise<Speed> {
  const [begin, processorBegin] = [performance.now(), processorSeconds(pid)];
  let answers = 0;
  await Promise.all(
    ask.map(async (one) => {
      while (performance.now() - begin < 1000 * seconds) {
        await expectStatus(one, { request, expected });
        answers++;
      }
    }),
  );
  return {
    byClock: (1000 * answers) / (performance.now() - begin),
    byProcessor: answers / (processorSeconds(pid) - processorBegin),
  };
}

/** How long a process has had a processor, where Linux tells it. */
function processorSeconds(pid: number): number {
  try {
    // User and system time in hundredths; the name before them, in brackets, may hold spaces.
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Resident memory of a process and the most it ever was, in MB, where Linux tells them. */
function memoryOf(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string): string =>
      ((Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6).toFixed(0);
    return `${megabytes('VmRSS')} MB, at most ${megabytes('VmHWM')} MB`;
  } catch {
    return 'not told by this system';
  }
}

const { child, port, pinned } = await startServer();
try {
  const ask = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const path = addressOf(largest);
  const { headers } = await fetch(`http://localhost:${port}${path}`, {
    headers: { 'Accept-Encoding': 'br' },
  });
  const cases = [
    ...[middling, largest].map((script) => ({
      name: `script of ${script.brotliBytes ?? script.sizeBytes} bytes as sent`,
      request: requestFor(addressOf(script), 'br'),
      expected: 200,
    })),
    {
      name: '304 for what a browser has',
      request: requestFor(path, 'br', `If-None-Match: ${headers.get('ETag') ?? ''}\r\n`),
      expected: 304,
    },
    { name: 'the catalogue', request: requestFor('/api/runs', 'br'), expected: 200 },
  ];
  process.stdout.write(
    `${cpus()[0].model}, Node ${process.version}, ${connections} connections, server ${pinned ? 'on one core' : 'on any core'}\n`,
  );
  process.stdout.write(`memory once it listens: ${memoryOf(child.pid!)}\n`);
  for (const { name, ...question } of cases) {
    await measureSpeed(ask, { ...question, pid: child.pid! });
    const measured: Speed[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await measureSpeed(ask, { ...question, pid: child.pid! }));
    }
    const show = (of: keyof Speed): string => {
      const speeds = measured.map((speed) => speed[of]);
      const [least, most] = spread(speeds).map((value) => value.toFixed(0));
      return `${median(speeds).toFixed(0)} (${least} to ${most})`;
    };
    process.stdout.write(
      `${name}: ${show('byClock')} requests/s; ${show('byProcessor')} a second of its processor time\n`,
    );
  }
  process.stdout.write(`memory after these: ${memoryOf(child.pid!)}\n`);
  const everything = assets
    .filter(({ path: of }) => of.startsWith('client/'))
    .flatMap((asset) => ['br', 'identity'].map((coding) => requestFor(addressOf(asset), coding)));
  await Promise.all(
    ask.map(async (one) => {
      for (const request of everything) await expectStatus(one, { request, expected: 200 });
    }),
  );
  process.stdout.write(
    `memory after ${connections} at once fetched every file, in both forms: ${memoryOf(child.pid!)}\n`,
  );
} finally {
  child.kill('SIGTERM');
}
process.exit();
