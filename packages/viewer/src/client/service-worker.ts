/**
 * Keeps the page for visits without a network; the build makes it `/sw.js`.
 *
 * | request | answer |
 * | --- | --- |
 * | opening a page | the network's, within 3 s; else the page as kept |
 * | `/assets/…`, whose names carry a hash | as kept; else the network's |
 * | catalogue, run and sweep manifests | the network's, which is kept; without one, the last that was |
 * | icons, web manifest | the network's; without one, as kept |
 * | everything else | as without this worker: live progress; a run's files, which `worker/file-cache.ts` keeps |
 *
 * `/shell.json` lists the files of the page. Each opened page has the list compared with the one before; when it differs,
 * its files are fetched into a cache of their own, named after the list, and each is checked against it: the server's
 * files may be replaced half-way. So whoever is online always gets the newest page, and the one that is kept is never a
 * mix of two. The generation before stays for pages that are still open.
 *
 * A status of 500 and above, as from what stands before a server that is down, counts as no answer where something is kept.
 */
import type { ShellAsset } from '../contract/built-assets.ts';

// TypeScript can't have the types of workers and of pages in one program.
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
const scope = globalThis as unknown as Scope;

const shellPrefix = 'narrows-shell-';
const documentCache = 'narrows-documents';
/** A page that comes later than this is given as kept. */
const patienceMs = 3000;

scope.addEventListener('install', (event) => {
  event.waitUntil(renewShell());
  // What is kept is told apart by its content, so a new worker can serve an old page.
  void scope.skipWaiting();
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(scope.clients.claim());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(request));
  else if (/^\/api\/(runs|runs\/[^/]+|sweeps\/[^/]+)$/.test(pathname)) {
    event.respondWith(fetchedOrKept(event));
  } else if (!pathname.startsWith('/api/')) {
    if (request.mode === 'navigate') {
      event.respondWith(openPage(request));
      // A failure to renew is tried again with the next page.
      event.waitUntil(renewShell().catch(() => undefined));
    } else event.respondWith(fetch(request).catch((error: unknown) => keptOr(request, error)));
  }
});

/** Fetches the files that `/shell.json` lists, if they aren't kept yet, and lets go of all but the generation before. */
async function renewShell(): Promise<void> {
  const answer = await fetch('/shell.json', { cache: 'no-cache' });
  if (!answer.ok)
    throw new Error(`Cannot keep the page: the server answers ${answer.status} to /shell.json.`);
  const list = await answer.text();
  const name = shellPrefix + (await sha256(new TextEncoder().encode(list)));
  const cache = await caches.open(name);
  if ((await cache.match('/')) === undefined) {
    try {
      await fillShell(cache, JSON.parse(list) as readonly ShellAsset[]);
    } catch (error) {
      // A part of it must not count as the generation before.
      await caches.delete(name);
      throw error;
    }
  }
  const others = (await shellCaches()).filter((other) => other !== name);
  await Promise.all(others.slice(0, -1).map((other) => caches.delete(other)));
}

async function fillShell(cache: Cache, assets: readonly ShellAsset[]): Promise<void> {
  const keep = async ({ path, sha256: expected }: ShellAsset): Promise<void> => {
    // What the page has fetched already is taken from the browser's own cache: onnxruntime has 14 MB.
    const answer = await fetch(path, { cache: path.startsWith('/assets/') ? 'force-cache' : 'no-cache' });
    const copy = answer.clone();
    if ((await sha256(await answer.arrayBuffer())) !== expected) {
      throw new Error(
        `Cannot keep the page: ${path} must be the one that /shell.json lists, and is another.`,
      );
    }
    await cache.put(path, copy);
  };
  await Promise.all(assets.filter(({ path }) => path !== '/').map(keep));
  // The page comes last: where it is, all is.
  await Promise.all(assets.filter(({ path }) => path === '/').map(keep));
}

/** Names of the kept generations, the oldest first. */
async function shellCaches(): Promise<readonly string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(shellPrefix));
}

async function openPage(request: Request): Promise<Response> {
  const fetched = fetch(request);
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, patienceMs);
  });
  const page = await Promise.race([fetched.catch(() => undefined), late]);
  if (page !== undefined && page.status < 500) return page;
  return (await keptPage().catch(() => undefined)) ?? (await fetched);
}

async function keptPage(): Promise<Response | undefined> {
  for (const name of (await shellCaches()).toReversed()) {
    const page = await caches.match('/', { cacheName: name });
    if (page !== undefined) return page;
  }
  return undefined;
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await kept(request)) ?? (await fetch(request));
}

async function fetchedOrKept(event: FetchEvent): Promise<Response> {
  const { request } = event;
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    return keptOr(request, error);
  }
  if (answer.status >= 500) return (await kept(request)) ?? answer;
  if (answer.ok) {
    const copy = answer.clone();
    const keep = async (): Promise<void> => (await caches.open(documentCache)).put(request, copy);
    // Where there is no room for it, the answer is as good.
    event.waitUntil(keep().catch(() => undefined));
  }
  return answer;
}

/** What is kept of it; where nothing is, the error stays one. */
async function keptOr(request: Request, error: unknown): Promise<Response> {
  const found = await kept(request);
  if (found === undefined) throw error;
  return found;
}

function kept(request: Request): Promise<Response | undefined> {
  // What varies is how the answer was compressed, and it is kept as it reads.
  return caches.match(request, { ignoreVary: true }).catch(() => undefined);
}

async function sha256(content: BufferSource): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', content);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
