import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const origin = 'http://localhost:8080';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What the server has by address; a number is a status, and without an entry it can't be reached. */
let server: Record<string, string | number>;
/** Cache Storage: texts by address, by cache. */
let kept: Map<string, Map<string, string>>;
let isStorageBroken: boolean;

const addressOf = (request: RequestInfo | URL): string =>
  new URL(request instanceof Request ? request.url : request, origin).pathname;

function answer(request: RequestInfo | URL): Promise<Response> {
  const found = server[addressOf(request)] as string | number | undefined;
  if (found === undefined) return Promise.reject(new TypeError('Failed to fetch'));
  return Promise.resolve(
    typeof found === 'number' ? new Response('', { status: found }) : new Response(found),
  );
}

function openCache(name: string) {
  const entries = kept.get(name) ?? new Map<string, string>();
  kept.set(name, entries);
  return {
    match: (request: RequestInfo | URL) => {
      const text = entries.get(addressOf(request));
      return Promise.resolve(text === undefined ? undefined : new Response(text));
    },
    put: async (request: RequestInfo | URL, response: Response) => {
      entries.set(addressOf(request), await response.text());
    },
  };
}

const storage = {
  open: (name: string) => Promise.resolve(openCache(name)),
  keys: () => Promise.resolve([...kept.keys()]),
  delete: (name: string) => Promise.resolve(kept.delete(name)),
  match: async (request: RequestInfo | URL, { cacheName }: { cacheName?: string } = {}) => {
    for (const name of cacheName === undefined ? kept.keys() : [cacheName]) {
      const found = await openCache(name).match(request);
      if (found !== undefined) return found;
    }
    return undefined;
  },
};

interface WorkerEvent {
  request: Request | undefined;
  waitUntil: (work: Promise<unknown>) => void;
  respondWith: (answer: Promise<Response>) => void;
}
const listeners = new Map<string, (event: WorkerEvent) => void>();

/** Has the worker do something, and answers with its answer once all work is done. */
async function dispatch(type: string, path?: string, mode = 'cors'): Promise<Response | undefined> {
  const works: Promise<unknown>[] = [];
  let response: Promise<Response> | undefined;
  const request = path === undefined ? undefined : new Request(origin + path);
  if (request !== undefined) Object.defineProperty(request, 'mode', { value: mode });
  listeners.get(type)!({
    request,
    waitUntil: (work) => works.push(work),
    respondWith: (given) => {
      response = given;
    },
  });
  const answered = await response;
  await Promise.all(works);
  return answered;
}

const textOf = async (path: string, mode?: string) => (await dispatch('fetch', path, mode))!.text();

beforeAll(async () => {
  vi.stubGlobal('addEventListener', (type: string, listener: (event: WorkerEvent) => void) => {
    listeners.set(type, listener);
  });
  vi.stubGlobal('skipWaiting', () => Promise.resolve());
  vi.stubGlobal('location', { origin });
  vi.stubGlobal('fetch', answer);
  const broken = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  vi.stubGlobal(
    'caches',
    new Proxy(storage, {
      get: (target, name: keyof typeof storage) => (isStorageBroken ? broken : target[name]),
    }),
  );
  await import('./service-worker.ts');
});

/** A page of two files with the list of them. */
function build(page: string): Record<string, string> {
  const files = { '/': page, '/assets/main-1.js': 'main' };
  const list = Object.entries(files).map(([path, text]) => ({ path, sha256: sha256(text) }));
  return { ...files, '/shell.json': JSON.stringify(list) };
}

beforeEach(() => {
  isStorageBroken = false;
  kept = new Map();
  server = { ...build('page'), '/api/runs': '[]' };
});

describe('the service worker', () => {
  it('gives the page and its documents as kept where the server is gone or fails', async () => {
    await dispatch('install');
    await textOf('/api/runs');
    for (const down of [{}, { '/': 502, '/api/runs': 503, '/assets/main-1.js': 502 }]) {
      server = down;
      expect(await textOf('/', 'navigate')).toBe('page');
      expect(await textOf('/api/runs')).toBe('[]');
      expect(await textOf('/assets/main-1.js')).toBe('main');
    }
  });

  it('passes on how the server fails where nothing is kept', async () => {
    server = { '/': 502, '/api/runs': 503 };
    expect((await dispatch('fetch', '/', 'navigate'))?.status).toBe(502);
    expect((await dispatch('fetch', '/api/runs'))?.status).toBe(503);
    server = {};
    await expect(dispatch('fetch', '/api/runs')).rejects.toThrow('Failed to fetch');
  });

  it('answers from the network where Cache Storage is full or broken', async () => {
    isStorageBroken = true;
    expect(await textOf('/api/runs')).toBe('[]');
    expect(await textOf('/assets/main-1.js')).toBe('main');
    expect(await textOf('/', 'navigate')).toBe('page');
  });

  it('keeps no page under the list of another', async () => {
    await dispatch('install');
    const next = build('next page');
    // Deployed between the list and the page.
    server = { ...server, '/shell.json': next['/shell.json'] };
    await textOf('/', 'navigate');
    expect(kept.size).toBe(1);
    server = next;
    await textOf('/', 'navigate');
    expect(kept.size).toBe(2);
    server = {};
    expect(await textOf('/', 'navigate')).toBe('next page');
  });
});
