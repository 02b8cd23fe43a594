import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { builtAssetsSchema, type BuiltAsset } from '../../contract/built-assets.ts';
import type { Catalogue } from '../../contract/api.ts';

/** A request to a server of whatever kind. */
export interface Question {
  /** As it goes over the wire, from the first "/" on. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export type Ask = (question: Question) => Promise<Answer>;

/** Something that every server does, on whatever runtime. */
export interface Behaviour {
  readonly name: string;
  readonly check: (ask: Ask) => Promise<void>;
}

/** Asserts what every answer must carry. */
export function expectSafe({ headers }: Pick<Answer, 'headers'>): void {
  expect(headers.get('Content-Security-Policy')).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; " +
      "style-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'",
  );
  expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Referrer-Policy')).toBe('no-referrer');
  expect(headers.get('Permissions-Policy')).toContain('camera=()');
}

/** Asserts an error of the API: its status, and a line for people. */
export function expectRefusal(answer: Answer, status: number, line: RegExp | string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/);
  const { error } = JSON.parse(answer.body.toString()) as { error: string };
  if (typeof line === 'string') expect(error).toBe(line);
  else expect(error).toMatch(line);
  expect(error).not.toMatch(/[\n\u2028]|\/(tmp|work|home)\//);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * What every server does with a build, whichever runtime it runs on.
 *
 * @param dist the build that it serves
 */
export function behavioursOf(dist: string): readonly Behaviour[] {
  const { assets } = builtAssetsSchema.parse(JSON.parse(readFileSync(join(dist, 'assets.json'), 'utf8')));
  const pick = (
    what: string,
    wanted: (asset: BuiltAsset) => boolean,
  ): BuiltAsset & { readonly address: string } => {
    const asset = assets.find(wanted);
    if (asset === undefined) throw new Error(`The build has no ${what}.`);
    return { ...asset, address: asset.path.replace(/^client/, '') };
  };
  const script = pick('script', ({ path, isImmutable }) => isImmutable && path.endsWith('.js'));
  const long = pick('long file', ({ path, sizeBytes }) => path.endsWith('.wasm') && sizeBytes > 600_000);
  const page = pick('page', ({ path }) => path === 'client/index.html');
  const demo = pick('demo', ({ path }) => /^demo\/[^/]+\/run\.json$/.test(path));
  const id = `~${demo.path.split('/')[1]}`;
  const contentOf = (asset: BuiltAsset): Buffer => readFileSync(join(dist, asset.path));
  const noBrotli = { 'Accept-Encoding': 'identity' };

  return [
    ...[
      '/',
      '/widths',
      '/latent',
      '/robustness',
      '/results',
      '/verify',
      '/models',
      '/models/',
      '/?run=~study',
    ].map((path) => ({
      name: `${path} is the page`,
      check: async (ask: Ask) => {
        const answer = await ask({ path, headers: noBrotli });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
        expect(answer.headers.get('Cache-Control')).toBe('no-cache');
        expect(answer.body.equals(contentOf(page))).toBe(true);
        expectSafe(answer);
      },
    })),
    {
      name: 'a hashed file may be kept for good',
      check: async (ask) => {
        const answer = await ask({ path: script.address, headers: noBrotli });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
        expect(answer.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
        expect(answer.headers.get('ETag')).toBe(`"${script.sha256}"`);
        expect(answer.headers.get('Vary')).toBe('Accept-Encoding');
        expect(answer.headers.get('Content-Length')).toBe(String(script.sizeBytes));
        expect(sha256(answer.body)).toBe(script.sha256);
        expectSafe(answer);
      },
    },
    {
      name: 'brotli for whoever takes it',
      check: async (ask) => {
        const answer = await ask({ path: script.address, headers: { 'Accept-Encoding': 'gzip, br' } });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Encoding')).toBe('br');
        expect(answer.headers.get('Content-Length')).toBe(String(script.brotliBytes));
        expect(answer.headers.get('ETag')).toBe(`"${script.sha256}-br"`);
        expect(sha256(brotliDecompressSync(answer.body))).toBe(script.sha256);
        expectSafe(answer);
      },
    },
    ...['gzip', 'br;q=0', 'br;q=0, *', '', 'identity;q=1, br;q=0.5', '*;q=0.5, br;q=0'].map((coding) => ({
      name: `as it is for whoever accepts "${coding}"`,
      check: async (ask: Ask) => {
        const answer = await ask({ path: script.address, headers: { 'Accept-Encoding': coding } });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Encoding')).toBeNull();
        expect(sha256(answer.body)).toBe(script.sha256);
      },
    })),
    {
      name: 'nothing for whoever refuses every form',
      check: async (ask) => {
        const answer = await ask({
          path: script.address,
          headers: { 'Accept-Encoding': 'br;q=0, identity;q=0' },
        });
        expectRefusal(answer, 406, 'Cannot give the file: Accept-Encoding must allow "identity".');
        expectSafe(answer);
      },
    },
    {
      name: 'a long file, whole',
      check: async (ask) => {
        const answer = await ask({ path: long.address, headers: noBrotli });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Type')).toBe('application/wasm');
        expect(answer.headers.get('Content-Length')).toBe(String(long.sizeBytes));
        expect(sha256(answer.body)).toBe(long.sha256);
      },
    },
    ...(
      [
        ['bytes=0-0', 0, 0],
        ['bytes=10-19', 10, 19],
        ['BYTES=10-19', 10, 19],
        [`bytes=${long.sizeBytes - 7}-`, long.sizeBytes - 7, long.sizeBytes - 1],
        ['bytes=-7', long.sizeBytes - 7, long.sizeBytes - 1],
        ['bytes=5-99999999999999999999', 5, long.sizeBytes - 1],
        ['bytes=-99999999999999999999', 0, long.sizeBytes - 1],
        ['bytes=262143-524288', 262_143, 524_288],
      ] as const
    ).map(([range, start, end]) => ({
      name: `Range: ${range}`,
      check: async (ask: Ask) => {
        const answer = await ask({ path: long.address, headers: { Range: range, 'Accept-Encoding': 'br' } });
        expect(answer.status).toBe(206);
        expect(answer.headers.get('Content-Range')).toBe(`bytes ${start}-${end}/${long.sizeBytes}`);
        expect(answer.headers.get('Content-Length')).toBe(String(end - start + 1));
        expect(answer.headers.get('Content-Encoding')).toBeNull();
        expect(answer.headers.get('ETag')).toBe(`"${long.sha256}"`);
        expect(answer.body.equals(contentOf(long).subarray(start, end + 1))).toBe(true);
        expectSafe(answer);
      },
    })),
    ...[`bytes=${long.sizeBytes}-`, `bytes=${long.sizeBytes}-${long.sizeBytes + 5}`, 'bytes=-0'].map(
      (range) => ({
        name: `Range: ${range} lies past the end`,
        check: async (ask: Ask) => {
          const answer = await ask({ path: long.address, headers: { Range: range } });
          expectRefusal(answer, 416, `Cannot give that range: the file has ${long.sizeBytes} bytes.`);
          expect(answer.headers.get('Content-Range')).toBe(`bytes */${long.sizeBytes}`);
          expectSafe(answer);
        },
      }),
    ),
    ...[
      'bytes=5-2',
      'bytes=-',
      'bytes=a-b',
      'bytes',
      'lines=1-2',
      'bytes=0-1,5-6',
      'bytes=0x1-2',
      'bytes=--5',
      '',
    ].map((range) => ({
      name: `Range: ${range} counts as none`,
      check: async (ask: Ask) => {
        const answer = await ask({ path: script.address, headers: { ...noBrotli, Range: range } });
        expect(answer.status).toBe(200);
        expect(sha256(answer.body)).toBe(script.sha256);
      },
    })),
    {
      name: 'If-Range: a part of the version that it names, else all',
      check: async (ask) => {
        const part = (condition: string) =>
          ask({ path: script.address, headers: { ...noBrotli, Range: 'bytes=0-3', 'If-Range': condition } });
        expect((await part(`"${script.sha256}"`)).status).toBe(206);
        expect((await part(`W/"${script.sha256}"`)).status).toBe(200);
        expect((await part('"another"')).status).toBe(200);
        expect((await part('Wed, 21 Oct 2015 07:28:00 GMT')).status).toBe(200);
      },
    },
    ...[`"${script.sha256}"`, `W/"${script.sha256}"`, `"a", W/"b" ,"${script.sha256}"`, '*'].map((tags) => ({
      name: `If-None-Match: ${tags} is answered with 304`,
      check: async (ask: Ask) => {
        const answer = await ask({ path: script.address, headers: { ...noBrotli, 'If-None-Match': tags } });
        expect(answer.status).toBe(304);
        expect(answer.body.length).toBe(0);
        expect(answer.headers.get('ETag')).toBe(`"${script.sha256}"`);
        expect(answer.headers.get('Cache-Control')).toContain('immutable');
        expect(answer.headers.get('Vary')).toBe('Accept-Encoding');
        expectSafe(answer);
      },
    })),
    ...['"a"', `"${script.sha256}-br"`, script.sha256, '"*"', ''].map((tags) => ({
      name: `If-None-Match: ${tags} is answered with the file`,
      check: async (ask: Ask) => {
        const answer = await ask({ path: script.address, headers: { ...noBrotli, 'If-None-Match': tags } });
        expect(answer.status).toBe(200);
      },
    })),
    {
      name: 'HEAD tells the same without the body',
      check: async (ask) => {
        for (const path of ['/', script.address, long.address, `/api/runs/${id}`]) {
          const get = await ask({ path, headers: noBrotli });
          const head = await ask({ path, method: 'HEAD', headers: { ...noBrotli, Range: 'bytes=0-1' } });
          expect(head.status).toBe(200);
          expect(head.body.length).toBe(0);
          for (const name of ['Content-Type', 'Content-Length', 'ETag', 'Cache-Control', 'Vary']) {
            expect(head.headers.get(name)).toBe(get.headers.get(name));
          }
          expectSafe(head);
        }
      },
    },
    ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => ({
      name: `${method} is refused everywhere`,
      check: async (ask: Ask) => {
        for (const path of ['/', '/api/runs', script.address, '/nowhere']) {
          const answer = await ask({ path, method });
          expectRefusal(answer, 405, `Cannot ${method}: this server only answers GET and HEAD.`);
          expect(answer.headers.get('Allow')).toBe('GET, HEAD');
          expectSafe(answer);
        }
      },
    })),
    {
      name: 'the catalogue has the demo',
      check: async (ask) => {
        const answer = await ask({ path: '/api/runs' });
        expect(answer.status).toBe(200);
        expectSafe(answer);
        const catalogue = JSON.parse(answer.body.toString()) as Catalogue;
        expect(catalogue.runs.find((run) => run.id === id)).toMatchObject({ isDemo: true });
      },
    },
    {
      name: "the demo's manifest, and every file that it lists",
      check: async (ask) => {
        const answer = await ask({ path: `/api/runs/${id}`, headers: noBrotli });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
        expect(answer.body.equals(contentOf(demo))).toBe(true);
        const { files } = JSON.parse(answer.body.toString()) as { files: { path: string; sha256: string }[] };
        for (const file of files) {
          const path = `/api/runs/${id}/files/${file.path}?sha256=${file.sha256}`;
          const got = await ask({ path, headers: noBrotli });
          expect(got.status).toBe(200);
          expect(got.headers.get('Cache-Control')).toContain('immutable');
          expect(sha256(got.body)).toBe(file.sha256);
          expectSafe(got);
        }
      },
    },
    ...[
      '/api/runs/nowhere',
      '/api/runs/~nowhere',
      `/api/sweeps/${id}`,
      '/api/runs/nowhere/files/run.json',
      '/api/runs/..',
      '/api/runs/%2e%2e%2f%2e%2e',
      '/api/runs/__proto__',
      '/api/runs/%00',
      '/api/runs/%ff',
    ].map((path) => ({
      name: `${path} is no run`,
      check: async (ask: Ask) => {
        const answer = await ask({ path });
        expectRefusal(answer, 404, /^Cannot (show|find) /);
        expectSafe(answer);
      },
    })),
    ...traversals(id).map((path) => ({
      name: `${path} is nothing`,
      check: async (ask: Ask) => {
        const answer = await ask({ path });
        expect([400, 404]).toContain(answer.status);
        expect(answer.body.toString()).not.toMatch(/root:|"dependencies"|createApp/);
        expectSafe(answer);
      },
    })),
    {
      name: 'a page for people who err',
      check: async (ask) => {
        const answer = await ask({ path: '/nowhere?<script>', headers: { Accept: 'text/html,*/*;q=0.8' } });
        expect(answer.status).toBe(404);
        expect(answer.headers.get('Content-Type')).toMatch(/^text\/html/);
        expect(answer.body.toString()).not.toContain('script');
        expectSafe(answer);
        expectRefusal(
          await ask({ path: '/nowhere' }),
          404,
          'Cannot find "/nowhere": there is nothing at this address.',
        );
      },
    },
  ];
}

/** Ways out of the folders, in every spelling that servers are known to have fallen for. */
function traversals(id: string): readonly string[] {
  const ups = [
    '..',
    '%2e%2e',
    '%2E%2e',
    '.%2e',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '..%00',
    '%u002e%u002e',
    '....',
    '..;',
  ];
  const slashes = ['/', '%2f', '%5c', '\\', '%252f', '%c0%af', '//'];
  const targets = ups.flatMap((up) =>
    slashes.map((slash) => `${`${up}${slash}`.repeat(8)}etc${slash}passwd`),
  );
  const begins = [`/api/runs/${id}/files/`, `/api/runs/${id}/files/models/`, '/assets/'];
  return [
    ...begins.flatMap((begin) => targets.map((target) => begin + target)),
    `/api/runs/${id}/files//etc/passwd`,
    `/api/runs/${id}/files/%2fetc%2fpasswd`,
    `/api/runs/${id}/files/file:///etc/passwd`,
    `/api/runs/${id}/files/C:%5cWindows%5cwin.ini`,
    `/api/runs/${id}/files/run.json`,
    `/api/runs/${id}/files/run.json%00.onnx`,
    `/api/runs/${id}/files/models/../run.json`,
    `/api/runs/${id}/files/`,
    `/api/runs/${id}/files/constructor`,
    '/assets.json',
    '/../assets.json',
    '/%2e%2e/assets.json',
    '/assets/',
    '/demo/study/run.json',
    '/client/index.html',
    '/package.json',
    '/src/server/app.ts',
    '/index.html.br',
    '/.git/config',
  ];
}
