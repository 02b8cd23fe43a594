import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../contract/api.ts';
import { askAddress } from './testing/ask-address.ts';
import { behavioursOf, expectRefusal, expectSafe, type Ask } from './testing/behaviours.ts';
import { readEvents } from './testing/read-events.ts';
import { temporaryFolder, writeProgress, writeRun } from './testing/run-folders.ts';
import { findDeno, startDeno, type RunningServer } from './testing/start-server.ts';

const program = findDeno();
const dist = resolve(import.meta.dirname, '../../dist');

const skipped = program === undefined ? ', skipped: npm has no program of it for this machine' : '';

describe.skipIf(program === undefined)(`on Deno${skipped}`, () => {
  const folder = temporaryFolder();
  let server: RunningServer;
  let origin: string;
  let ask: Ask;

  beforeAll(async () => {
    writeRun(join(folder, 'runs'), 'mine');
    writeProgress(join(folder, 'runs'), 'live');
    const args = [`--runs=${join(folder, 'runs')}`, '--allow-host=narrows.example'];
    server = startDeno(program!, { cache: join(folder, 'cache'), args });
    origin = await server.origin;
    ask = askAddress(origin);
  });
  afterAll(async () => {
    server.kill('SIGTERM');
    await server.ended;
    rmSync(folder, { recursive: true });
  });

  test.each(behavioursOf(dist))('$name', ({ check }) => check(ask));

  test("lists the visitor's runs and gives their files", async () => {
    const { body } = await ask({ path: '/api/runs' });
    const { runs } = JSON.parse(body.toString()) as Catalogue;
    expect(runs[0]).toMatchObject({ id: 'mine', isDemo: false });
    const card = await ask({ path: '/api/runs/mine/files/models/cnn/README.md' });
    expect(card.body.toString()).toMatch(/^content of models\/cnn\/README\.md\n/);
  });

  test('answers for the hosts that are allowed alone', async () => {
    const answerFor = (host: string) => ask({ path: '/api/runs', headers: { Host: host } });
    expect((await answerFor('narrows.example')).status).toBe(200);
    expectRefusal(await answerFor('evil.example'), 421, /^Cannot answer for the host/);
  });

  test('tells what is live', async () => {
    const answer = await fetch(`${origin}/api/live`);
    expectSafe(answer);
    const events = readEvents(answer.body!);
    await events.next();
    expect(await events.next()).toMatchObject({ event: 'catalogue' });
    expect(await events.next()).toMatchObject({ event: 'progress', data: { id: 'live' } });
    await events.leave();
  });

  test('refuses an option that there is not', async () => {
    const failing = startDeno(program!, { cache: join(folder, 'cache'), args: ['--prot=1'] });
    const { code, stderr } = await failing.ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Cannot serve: Unknown option '--prot'.*\n$/);
  });
});
