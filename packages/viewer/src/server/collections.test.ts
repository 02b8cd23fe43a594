import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue } from '../contract/api.ts';
import { openCollections } from './collections.ts';
import { folderTree } from './folder-tree.ts';
import { UnreadableFile, type FileTree } from './server-io.ts';
import { askApp } from './testing/ask-app.ts';
import { expectRefusal, expectSafe, type Answer, type Ask } from './testing/behaviours.ts';
import {
  contentOf,
  runPaths,
  writeInto,
  writeProgress,
  writeRun,
  writeSweep,
} from './testing/run-folders.ts';
import { openWrittenServer, type WrittenServer } from './testing/written-server.ts';

let server: WrittenServer;
let ask: Ask;
let nowMs: number;

beforeEach(() => {
  nowMs = Date.parse('2026-01-02T04:00:00.000Z');
  server = openWrittenServer({ now: () => nowMs });
  ask = askApp(server.app);
});

afterEach(() => {
  rmSync(server.folder, { recursive: true });
  expect(server.reported).toEqual([]);
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask({ path, headers });

async function catalogue(): Promise<Catalogue> {
  const { status, body } = await get('/api/runs');
  expect(status).toBe(200);
  return JSON.parse(body.toString()) as Catalogue;
}

const fileOf = (id: string, path: string): string => `/api/runs/${id}/files/${path}`;

describe('the catalogue', () => {
  test('without a folder of runs there are the demos', async () => {
    const { runs, sweeps, problems, live } = await catalogue();
    expect(runs).toEqual([
      {
        id: '~study',
        name: 'study',
        isDemo: true,
        preset: 'quick',
        finishedAt: '2026-01-02T03:04:05.000Z',
        dataset: 'Tiny',
        models: ['cnn'],
      },
    ]);
    expect(sweeps).toEqual([
      { id: '~sweep', name: 'sweep', isDemo: true, finishedAt: '2026-01-02T03:04:05.000Z' },
    ]);
    expect([problems, live]).toEqual([[], []]);
  });

  test('a run appears once it is finished, is told anew when it was made anew, and goes', async () => {
    await catalogue();
    writeRun(server.runs, 'mine', { finishedAt: '2026-02-01T00:00:00.000Z' });
    expect((await catalogue()).runs.map(({ id }) => id)).toEqual(['mine', '~study']);
    const before = await get('/api/runs/mine');
    writeRun(server.runs, 'mine', { finishedAt: '2026-03-01T00:00:00.000Z' });
    expect((await catalogue()).runs[0]).toMatchObject({ finishedAt: '2026-03-01T00:00:00.000Z' });
    const after = await get('/api/runs/mine', { 'If-None-Match': before.headers.get('ETag')! });
    expect(after.status).toBe(200);
    rmSync(join(server.runs, 'mine'), { recursive: true });
    expect((await catalogue()).runs.map(({ id }) => id)).toEqual(['~study']);
    expectRefusal(await get('/api/runs/mine'), 404, 'Cannot show the run "mine": there are ~study.');
  });

  test("the visitor's come first, the newest first", async () => {
    writeRun(server.runs, 'old', { finishedAt: '2025-01-01T00:00:00.000Z' });
    writeRun(server.runs, 'new', { finishedAt: '2026-02-01T00:00:00.000Z' });
    writeRun(server.runs, 'middle', { finishedAt: '2025-06-01T00:00:00.000Z' });
    writeSweep(server.runs, 'widths');
    const { runs, sweeps } = await catalogue();
    expect(runs.map(({ id }) => id)).toEqual(['new', 'middle', 'old', '~study']);
    expect(sweeps.map(({ id }) => id)).toEqual(['widths', '~sweep']);
  });

  test('demos keep the order of their names, whichever was made last', async () => {
    const demo = join(server.folder, 'demo');
    writeRun(demo, 'wide', { finishedAt: '2026-02-01T00:00:00.000Z' });
    writeRun(demo, 'study', { finishedAt: '2026-01-01T00:00:00.000Z' });
    const collections = openCollections({ runs: undefined, demo: folderTree(demo), now: () => nowMs });
    expect((await collections.catalogue()).runs.map(({ id }) => id)).toEqual(['~study', '~wide']);
  });

  test('names of folders stand in an address, whatever they are', async () => {
    const name = '50 % <b>&"naïve"';
    const manifest = writeRun(server.runs, name);
    expect((await catalogue()).runs[0].id).toBe(name);
    const answer = await get(`/api/runs/${encodeURIComponent(name)}`);
    expect(JSON.parse(answer.body.toString())).toEqual(manifest);
    const file = await get(fileOf(encodeURIComponent(name), runPaths.card));
    expect(file.body.toString()).toBe(contentOf(runPaths.card));
  });

  test('what is no run is left alone', async () => {
    mkdirSync(join(server.runs, 'empty'), { recursive: true });
    writeInto(server.runs, 'run.json', '{}');
    writeInto(server.runs, 'notes/readme.md', 'mine');
    writeRun(server.runs, '.hidden');
    const { runs, problems } = await catalogue();
    expect(runs.map(({ id }) => id)).toEqual(['~study']);
    expect(problems).toEqual([]);
  });

  test("a name that would be a demo's is told", async () => {
    writeRun(server.runs, '~study', { finishedAt: '2027-01-01T00:00:00.000Z' });
    const { runs, problems } = await catalogue();
    expect(runs).toMatchObject([{ id: '~study', isDemo: true, finishedAt: '2026-01-02T03:04:05.000Z' }]);
    expect(problems).toMatchObject([
      { id: '~study', message: expect.stringContaining('Rename the folder.') as string },
    ]);
  });
});

describe('a run that is damaged', () => {
  test.each([
    ['no JSON', '{"schemaVersion":', /^Cannot read the run manifest "broken\/run\.json": it must be JSON/],
    ['of another version', '{"schemaVersion":99}', /schema version 99 is not known/],
    ['empty', '', /it must be JSON/],
    ['with markup', '{"schemaVersion":"<script>\\u2028alert(1)</script>"}', /schema version/],
  ])('%s is a problem and is refused with the reason', async (_, text, reason) => {
    writeInto(server.runs, 'broken/run.json', text);
    writeRun(server.runs, 'sound');
    const { runs, problems } = await catalogue();
    expect(runs.map(({ id }) => id)).toEqual(['sound', '~study']);
    expect(problems).toEqual([{ id: 'broken', message: expect.stringMatching(reason) as string }]);
    for (const path of ['/api/runs/broken', fileOf('broken', 'metrics.jsonl')]) {
      const answer = await get(path);
      expectRefusal(answer, 422, reason);
      expectSafe(answer);
    }
  });

  test('a sweep, too', async () => {
    writeInto(server.runs, 'broken/sweep.json', '{"schemaVersion":1}');
    expect((await catalogue()).problems).toMatchObject([{ id: 'broken' }]);
    expectRefusal(await get('/api/sweeps/broken'), 422, /^Cannot read the sweep "broken\/sweep\.json": /);
  });

  test('a manifest that lists a path outside of the run is refused whole', async () => {
    const manifest = writeRun(server.runs, 'mine');
    const files = [...manifest.files, { path: '../secret', sizeBytes: 1, sha256: 'a'.repeat(64) }];
    writeInto(server.runs, 'secret', 's');
    writeInto(server.runs, 'mine/run.json', JSON.stringify({ ...manifest, files }));
    expectRefusal(await get(fileOf('mine', '..%2fsecret')), 422, /must be a relative path/);
  });

  test('a file that changed its size, or went', async () => {
    writeRun(server.runs, 'mine');
    const path = fileOf('mine', runPaths.card);
    expect((await get(path)).status).toBe(200);
    appendFileSync(join(server.runs, 'mine', runPaths.card), 'more');
    const size = contentOf(runPaths.card).length;
    expectRefusal(
      await get(path),
      500,
      `Cannot give "${runPaths.card}" of the run "mine": it must have the ${size} bytes that run.json says, and has ` +
        `${size + 4} bytes. Restore the file or train again.`,
    );
    rmSync(join(server.runs, 'mine', runPaths.card));
    const answer = await get(path);
    expectRefusal(answer, 500, /and isn't there\. Restore the file or train again\.$/);
    expectSafe(answer);
    expect(answer.headers.get('Content-Length')).not.toBe(String(size));
  });

  test('a file in whose place there is a folder', async () => {
    writeRun(server.runs, 'mine');
    rmSync(join(server.runs, 'mine', runPaths.card));
    mkdirSync(join(server.runs, 'mine', runPaths.card));
    expectRefusal(await get(fileOf('mine', runPaths.card)), 500, /isn't there/);
  });
});

describe('links', () => {
  const secret = contentOf(runPaths.card).replaceAll('content', 'SECRETS');

  beforeEach(() => {
    writeRun(server.runs, 'mine');
    writeInto(server.folder, 'elsewhere/README.md', secret);
  });

  test('a file that is a link out of the run is not followed', async () => {
    const place = join(server.runs, 'mine', runPaths.card);
    rmSync(place);
    symlinkSync(join(server.folder, 'elsewhere/README.md'), place);
    const answer = await get(fileOf('mine', runPaths.card));
    expectRefusal(answer, 500, /isn't there/);
    expect(answer.body.toString()).not.toContain('SECRETS');
  });

  test('nor is a folder that is one', async () => {
    const place = join(server.runs, 'mine', 'models/cnn');
    rmSync(place, { recursive: true });
    symlinkSync(join(server.folder, 'elsewhere'), place);
    expectRefusal(await get(fileOf('mine', runPaths.card)), 500, /isn't there/);
  });

  test('nor one into the run beside it', async () => {
    writeRun(server.runs, 'other');
    const place = join(server.runs, 'mine', runPaths.card);
    rmSync(place);
    symlinkSync(join(server.runs, 'other', runPaths.card), place);
    expectRefusal(await get(fileOf('mine', runPaths.card)), 500, /isn't there/);
  });

  test('nor a manifest that is one', async () => {
    renameSync(join(server.runs, 'mine/run.json'), join(server.folder, 'elsewhere/run.json'));
    symlinkSync(join(server.folder, 'elsewhere/run.json'), join(server.runs, 'mine/run.json'));
    expect((await catalogue()).runs.map(({ id }) => id)).toEqual(['~study']);
  });

  test('nor a run that is one', async () => {
    renameSync(join(server.runs, 'mine'), join(server.folder, 'elsewhere/mine'));
    symlinkSync(join(server.folder, 'elsewhere/mine'), join(server.runs, 'mine'));
    expect((await catalogue()).runs.map(({ id }) => id)).toEqual(['~study']);
    expect((await get('/api/runs/mine')).status).toBe(404);
  });

  test('a link within the run is', async () => {
    const place = join(server.runs, 'mine', runPaths.card);
    renameSync(place, join(server.runs, 'mine/moved'));
    symlinkSync('../../moved', place);
    expect((await get(fileOf('mine', runPaths.card))).body.toString()).toBe(contentOf(runPaths.card));
  });
});

describe("a run's files", () => {
  test('types by their endings', async () => {
    writeRun(server.runs, 'mine');
    const typeOf = async (path: string) => (await get(fileOf('mine', path))).headers.get('Content-Type');
    expect(await typeOf(runPaths.classifier)).toBe('application/octet-stream');
    expect(await typeOf(runPaths.perImage)).toBe('application/octet-stream');
    expect(await typeOf(runPaths.testSet)).toBe('application/gzip');
    expect(await typeOf(runPaths.card)).toBe('text/markdown; charset=utf-8');
    expect(await typeOf(runPaths.log)).toBe('application/jsonl; charset=utf-8');
  });

  test.each(['report/index.html', 'picture.svg', 'script.js', 'script.mjs', runPaths.card])(
    '%s is neither opened as a page nor run as a script',
    async (path) => {
      writeRun(server.runs, 'mine', { contents: { [path]: '<script>alert(1)</script>' } });
      const answer = await get(fileOf('mine', path));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Content-Disposition')).toBe('attachment');
      expect(answer.headers.get('Content-Type')).not.toMatch(/script/);
      expectSafe(answer);
    },
  );

  test('with its SHA-256 in the address it is kept for good, without it is asked for again', async () => {
    const { files } = writeRun(server.runs, 'mine');
    const { path, sha256 } = files[0];
    const kept = await get(`${fileOf('mine', path)}?sha256=${sha256}`);
    expect(kept.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(kept.headers.get('ETag')).toBe(`"${sha256}"`);
    const asked = await get(fileOf('mine', path));
    expect(asked.headers.get('Cache-Control')).toBe('no-cache');
    expect((await get(fileOf('mine', path), { 'If-None-Match': `"${sha256}"` })).status).toBe(304);
  });

  test('of a run that was made anew meanwhile, the old one is not to be had', async () => {
    const { files } = writeRun(server.runs, 'mine');
    const { path, sha256 } = files[0];
    writeRun(server.runs, 'mine', { contents: { [path]: 'other' } });
    const answer = await get(`${fileOf('mine', path)}?sha256=${sha256}`);
    expectRefusal(
      answer,
      409,
      `Cannot give "${path}" as it was: the run "mine" was made anew. Reload the page.`,
    );
  });

  test('of the demo, compressed', async () => {
    const answer = await get(fileOf('~study', runPaths.classifier), { 'Accept-Encoding': 'br' });
    expect(answer.headers.get('Content-Encoding')).toBe('br');
  });
});

describe('a file that changes between two looks at it', () => {
  test('of the same size is found by its time', async () => {
    writeRun(server.runs, 'mine');
    const place = join(server.runs, 'mine/run.json');
    const [before, after] = ['2026-01-02T03:04:05.000Z', '2026-03-04T05:06:07.000Z'];
    expect((await catalogue()).runs[0]).toMatchObject({ id: 'mine', finishedAt: before });
    // Written over, so that it is the same file in all but its content and time.
    writeFileSync(place, readFileSync(place, 'utf8').replace(before, after));
    utimesSync(place, 1, 1);
    expect((await catalogue()).runs[0]).toMatchObject({ id: 'mine', finishedAt: after });
  });

  test.each([
    ['cannot be opened', new UnreadableFile('Cannot read "mine/run.json": too many files are open.')],
    ['fails in a way that nobody thought of', new TypeError('network')],
  ])('what %s once is read the next time', async (_, failure) => {
    writeRun(server.runs, 'mine');
    const tree = folderTree(server.runs);
    let isFirst = true;
    const find: FileTree['find'] = async (path) => {
      const file = await tree.find(path);
      if (file === undefined || !isFirst) return file;
      isFirst = false;
      return { ...file, read: () => Promise.reject(failure) };
    };
    const demo = folderTree(join(server.folder, 'no demo'));
    const collections = openCollections({ runs: { ...tree, find }, demo, now: () => nowMs });
    if (failure instanceof UnreadableFile) {
      const { runs, problems } = await collections.catalogue();
      expect({ runs, problems }).toEqual({ runs: [], problems: [{ id: 'mine', message: failure.message }] });
    } else await expect(collections.catalogue()).rejects.toBe(failure);
    expect((await collections.catalogue()).runs).toMatchObject([{ id: 'mine' }]);
  });
});

describe('runs that are being made', () => {
  test('are live under the name that they will have', async () => {
    const progress = writeProgress(server.runs, 'mine', { updatedAt: '2026-01-02T03:59:59.000Z' });
    const { live, runs, problems } = await catalogue();
    expect(live).toEqual([{ id: 'mine', progress, state: 'running' }]);
    expect(runs.map(({ id }) => id)).toEqual(['~study']);
    expect(problems).toEqual([]);
  });

  test('are interrupted once they have said nothing for two minutes, unless they were stopped', async () => {
    writeProgress(server.runs, 'killed', { updatedAt: '2026-01-02T03:59:59.000Z' });
    writeProgress(server.runs, 'stopped', { updatedAt: '2026-01-02T03:00:00.000Z', state: 'stopped' });
    nowMs = Date.parse('2026-01-02T04:01:58.999Z');
    const states = async () => (await catalogue()).live.map(({ id, state }) => [id, state]);
    expect(await states()).toEqual([
      ['killed', 'running'],
      ['stopped', 'stopped'],
    ]);
    nowMs += 1;
    expect(await states()).toEqual([
      ['killed', 'interrupted'],
      ['stopped', 'stopped'],
    ]);
  });

  test('without progress, as before the first step, are not told', async () => {
    writeInto(server.runs, 'mine.partial/lock', '1');
    expect((await catalogue()).live).toEqual([]);
  });

  test('with progress that is of no use are a problem', async () => {
    writeInto(server.runs, 'mine.partial/progress.json', '{"schemaVersion":1}');
    const { live, problems } = await catalogue();
    expect(live).toEqual([]);
    expect(problems).toMatchObject([{ id: 'mine.partial' }]);
  });

  test('give no file away', async () => {
    writeRun(server.runs, 'mine.partial');
    writeProgress(server.runs, 'mine');
    expect((await get('/api/runs/mine')).status).toBe(404);
    expect((await get('/api/runs/mine.partial')).status).toBe(404);
    expect((await get(fileOf('mine.partial', runPaths.card))).status).toBe(404);
  });
});
