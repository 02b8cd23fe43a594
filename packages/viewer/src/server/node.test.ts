import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../contract/api.ts';
import { builtAssetsSchema } from '../contract/built-assets.ts';
import { askAddress } from './testing/ask-address.ts';
import { behavioursOf, expectRefusal, expectSafe, type Ask } from './testing/behaviours.ts';
import { readEvents } from './testing/read-events.ts';
import { temporaryFolder, writeProgress, writeRun } from './testing/run-folders.ts';
import { startNode, type RunningServer } from './testing/start-server.ts';

const dist = resolve(import.meta.dirname, '../../dist');
const folder = temporaryFolder();
const started: RunningServer[] = [];
function start(args: readonly string[]): RunningServer {
  const server = startNode(args);
  started.push(server);
  return server;
}

afterAll(() => {
  // Also those of a test that failed before its server ended.
  for (const server of started) server.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** What a server wrote and how it ended, where it could not start. */
async function failing(args: readonly string[]) {
  const { code, stdout, stderr } = await start(args).ended;
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^[^\n]+\n$/);
  return { code, line: stderr.trimEnd() };
}

describe('on Node', () => {
  let server: RunningServer;
  let origin: string;
  let ask: Ask;

  beforeAll(async () => {
    writeRun(folder, 'mine');
    server = start(['--port=0', `--runs=${folder}`]);
    origin = await server.origin;
    ask = askAddress(origin);
  });
  afterAll(async () => {
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(behavioursOf(dist))('$name', ({ check }) => check(ask));

  test("lists the visitor's runs", async () => {
    const { body } = await ask({ path: '/api/runs' });
    const { runs } = JSON.parse(body.toString()) as Catalogue;
    expect(runs[0]).toMatchObject({ id: 'mine', isDemo: false });
  });

  test('does not answer for a name that only points here', async () => {
    expectRefusal(
      await ask({ path: '/api/runs', headers: { Host: 'evil.example' } }),
      421,
      /^Cannot answer for the host/,
    );
    expectRefusal(await ask({ path: 'http://evil.example/api/runs' }), 421, /^Cannot answer for the host/);
  });

  test.each(['a b', 'evil.example/..', 'x:y:z', '[::1'])('refuses the host "%s" as no host', async (host) => {
    const answer = await ask({ path: '/', headers: { Host: host } });
    expectRefusal(answer, 400, /^Cannot answer: /);
    expectSafe(answer);
  });

  test('a visitor who leaves in the middle of a long file leaves nothing open', async (context) => {
    if (process.platform !== 'linux') context.skip('open files are counted where Linux tells them');
    const { assets } = builtAssetsSchema.parse(JSON.parse(readFileSync(join(dist, 'assets.json'), 'utf8')));
    const long = assets.find(({ path }) => path.endsWith('.wasm'))!;
    const openFiles = () => readdirSync(`/proc/${server.pid}/fd`).length;
    const before = openFiles();
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((left) => {
        const asking = request(origin + long.path.replace(/^client/, ''), (answer) => {
          answer.once('data', () => {
            asking.destroy();
            left();
          });
        });
        asking.end();
      });
    }
    await expect.poll(openFiles, { timeout: 5000 }).toBeLessThanOrEqual(before + 2);
  });
});

describe('starting and ending on Node', () => {
  test('SIGTERM ends the streams of those who listen, and then the server', async () => {
    writeProgress(folder, 'live');
    const server = start(['--port=0', `--runs=${folder}`]);
    const origin = await server.origin;
    const answer = await fetch(`${origin}/api/live`);
    expectSafe(answer);
    const events = readEvents(answer.body!);
    await events.next();
    expect(await events.next()).toMatchObject({ event: 'catalogue' });
    expect(await events.next()).toMatchObject({ event: 'progress', data: { id: 'live' } });
    server.kill('SIGTERM');
    // An end in order: of a stream that was torn off, this would reject.
    await events.end();
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('Ctrl-C ends it, though there is a connection that says nothing', async () => {
    const server = start(['--port=0', `--runs=${folder}`]);
    const { hostname, port } = new URL(await server.origin);
    const silent = connect(Number(port), hostname);
    await new Promise((connected) => silent.once('connect', connected));
    silent.on('error', () => undefined);
    silent.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    server.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
    silent.destroy();
  });

  test('a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as AddressInfo;
    expect(await failing([`--port=${port}`])).toEqual({
      code: 1,
      line:
        `Cannot listen on port ${port} of 127.0.0.1: another program has it: stop that, or name another with --port, ` +
        '0 for any that is free.',
    });
    other.close();
  });

  test('an address that is not of this machine', async () => {
    expect(await failing(['--host=192.0.2.1', '--port=0'])).toEqual({
      code: 1,
      line: 'Cannot listen on port 0 of 192.0.2.1: this machine has no such address: name one of its own with --host.',
    });
  });

  test('tells that other machines run single-threaded where they can reach it', async () => {
    const server = start(['--port=0', '--host=0.0.0.0']);
    const origin = await server.origin;
    expect(
      (
        await askAddress(origin.replace('0.0.0.0', '127.0.0.1'))({
          path: '/',
          headers: { Host: 'any.example' },
        })
      ).status,
    ).toBe(200);
    server.kill('SIGTERM');
    const { stdout } = await server.ended;
    expect(stdout).toMatch(/Over plain http their browsers run models in a single thread/);
  });

  test('--help', async () => {
    const { code, stdout, stderr } = await start(['--help']).ended;
    expect([code, stderr]).toEqual([0, '']);
    for (const flag of ['--runs', '--port', '--host', '--allow-host', '--help'])
      expect(stdout).toContain(`  ${flag}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
