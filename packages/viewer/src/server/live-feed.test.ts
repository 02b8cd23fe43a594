import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Catalogue, LiveRun } from '../contract/api.ts';
import { createLiveFeed } from './live-feed.ts';
import { expectRefusal, expectSafe } from './testing/behaviours.ts';
import { readEvents, type EventReader } from './testing/read-events.ts';
import { writeProgress, writeRun } from './testing/run-folders.ts';
import { openWrittenServer, type WrittenServer } from './testing/written-server.ts';

let server: WrittenServer;
let readers: EventReader[];

beforeEach(() => {
  server = openWrittenServer();
  readers = [];
});

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.leave()));
  rmSync(server.folder, { recursive: true });
  expect(server.reported).toEqual([]);
});

async function connect(): Promise<EventReader> {
  const answer = await server.app.request('http://localhost/api/live');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expectSafe(answer);
  const reader = readEvents(answer.body!);
  readers.push(reader);
  return reader;
}

test('tells the catalogue and what is live at once, then what changes', async () => {
  writeProgress(server.runs, 'mine', { fraction: 0.25 });
  const events = await connect();
  expect(await events.next()).toMatchObject({ retryMs: 2000 });
  const first = await events.next();
  expect(first.event).toBe('catalogue');
  expect((first.data as Catalogue).runs.map(({ id }) => id)).toEqual(['~study']);
  const progress = await events.next();
  expect(progress).toMatchObject({ event: 'progress', data: { id: 'mine', state: 'running' } });

  writeProgress(server.runs, 'mine', { fraction: 0.5 });
  const more = await events.next();
  expect(more.event).toBe('progress');
  expect((more.data as LiveRun).progress.task?.fraction).toBe(0.5);

  writeRun(server.runs, 'mine');
  rmSync(`${server.runs}/mine.partial`, { recursive: true });
  const finished = await events.next();
  expect(finished.event).toBe('catalogue');
  expect((finished.data as Catalogue).runs.map(({ id }) => id)).toEqual(['mine', '~study']);
  expect((finished.data as Catalogue).live).toEqual([]);
});

test('who comes later is told everything, too', async () => {
  await (await connect()).next();
  const later = await connect();
  await later.next();
  expect(await later.next()).toMatchObject({ event: 'catalogue' });
});

test('so many streams at most; who leaves makes room', async () => {
  for (let i = 0; i < 32; i++) await connect();
  const refused = await server.app.request('http://localhost/api/live');
  const { status, headers } = refused;
  const body = Buffer.from(await refused.arrayBuffer());
  expectRefusal({ status, headers, body }, 503, /^Cannot open another stream of events: /);
  expect(headers.get('Retry-After')).toBe('10');
  expectSafe(refused);
  await readers.pop()!.leave();
  await connect();
});

test('ends every stream when the server is about to end, and opens none', async () => {
  const events = await connect();
  await events.next();
  server.close();
  await events.end();
  expect((await server.app.request('http://localhost/api/live')).status).toBe(503);
});

test('HEAD opens no stream', async () => {
  for (let i = 0; i < 40; i++) {
    const answer = await server.app.request('http://localhost/api/live', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBeNull();
  }
  await connect();
});

describe('over minutes', () => {
  const nothing: Catalogue = { runs: [], sweeps: [], problems: [], live: [] };
  let looks = 0;
  let isNews = false;

  function openFeed(): ReturnType<typeof createLiveFeed> {
    looks = 0;
    return createLiveFeed({
      catalogue: () => {
        looks++;
        const news = isNews ? [{ id: String(looks), message: 'something new' }] : [];
        return Promise.resolve({ ...nothing, problems: news });
      },
      closing: new AbortController().signal,
      report: (error) => {
        throw error;
      },
    });
  }

  beforeEach(() => {
    vi.useFakeTimers();
    isNews = false;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('says something every 15 s where there is no news', async () => {
    const events = readEvents(openFeed().connect()!);
    await events.next();
    expect(await events.next()).toMatchObject({ event: 'catalogue' });
    for (let i = 0; i < 3; i++) {
      await vi.advanceTimersByTimeAsync(16_000);
      expect(await events.next()).toEqual({ isComment: true });
    }
    await events.leave();
  });

  test('looks at the folders once a second for all who listen, and not at all where nobody does', async () => {
    const feed = openFeed();
    const readers = [1, 2, 3].map(() => readEvents(feed.connect()!));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toBeGreaterThanOrEqual(10);
    expect(looks).toBeLessThanOrEqual(13);
    await Promise.all(readers.map((reader) => reader.leave()));
    const before = looks;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('lets go of who never reads, and of what waited for them', async () => {
    isNews = true;
    const feed = openFeed();
    const deaf = readEvents(feed.connect()!);
    await vi.advanceTimersByTimeAsync(60_000);
    const lastLook = looks;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBeLessThan(lastLook + 10);
    await deaf.end();
  });

  test('goes on after a look that failed', async () => {
    const errors: unknown[] = [];
    let isBroken = true;
    const feed = createLiveFeed({
      catalogue: () => (isBroken ? Promise.reject(new Error('the disk is away')) : Promise.resolve(nothing)),
      closing: new AbortController().signal,
      report: (error) => errors.push(error),
    });
    const events = readEvents(feed.connect()!);
    await events.next();
    await vi.advanceTimersByTimeAsync(3000);
    expect(errors.length).toBeGreaterThan(1);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(2000);
    expect(await events.next()).toMatchObject({ event: 'catalogue' });
    await events.leave();
  });
});
