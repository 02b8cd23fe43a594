import type { RunFile } from '@narrows/shared';
import { apiPaths, type ApiError, type CollectionId } from '../../contract/api.ts';
import type { FileCache } from './file-cache.ts';
import { sha256Of } from './sha256-of.ts';

/** What files are read with. */
export interface FileSource {
  readonly fetch: (address: string, options?: { readonly cache: 'reload' }) => Promise<Response>;
  readonly cache: FileCache;
}

/** A file whose content is what the run's manifest says it is. */
export interface VerifiedFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As computed here. */
  readonly sha256: string;
}

/**
 * Reads a file of a run, from the cache or else from the server, and checks its SHA-256. What isn't as it
 * should be is asked for once more, past the browser's HTTP cache.
 *
 * @param run whose file it is; `files` from its manifest
 * @param path as the manifest has it
 * @throws Error, in one line, when the manifest doesn't list the file, the server can't be reached or has none, or the
 *   content is another than the manifest says
 */
export async function readVerifiedFile(
  { fetch, cache }: FileSource,
  run: { readonly id: CollectionId; readonly files: readonly RunFile[] },
  path: string,
): Promise<VerifiedFile> {
  const entry = run.files.find((file) => file.path === path);
  if (entry === undefined) {
    throw new Error(`Cannot load "${path}": the run "${run.id}" lists no such file: train it again.`);
  }
  const cached = await cache.read(entry.sha256);
  if (cached !== undefined) {
    const sha256 = await sha256Of(cached);
    if (sha256 === entry.sha256) return { path, bytes: cached, sha256 };
    await cache.remove(entry.sha256);
  }
  const load = async (ask: FileSource['fetch']) => {
    const response = await fetchOrExplain(ask, apiPaths.file(run.id, path, entry.sha256), path);
    const bytes = await readBody(response, path);
    return { bytes, sha256: await sha256Of(bytes) };
  };
  let { bytes, sha256 } = await load(fetch);
  // The browser keeps what is at this address for a year, also what was damaged then and is restored by now.
  if (sha256 !== entry.sha256) {
    ({ bytes, sha256 } = await load((address) => fetch(address, { cache: 'reload' })));
  }
  if (sha256 !== entry.sha256) {
    throw new Error(
      `Cannot use "${path}" of the run "${run.id}": its SHA-256 must be ${entry.sha256}, as in run.json, and it is ` +
        `${sha256}: the file was changed or damaged; restore it or train again.`,
    );
  }
  await cache.write(sha256, bytes);
  return { path, bytes, sha256 };
}

/**
 * Asks the server, and makes one line for people of every way in which that can fail.
 *
 * @param subject what errors call that which is asked for
 */
export async function fetchOrExplain(
  fetch: FileSource['fetch'],
  address: string,
  subject: string,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw unreachable(subject);
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as Partial<ApiError>;
  throw new Error(
    `Cannot load "${subject}": the server must have it, and it answers ${response.status}` +
      `${answer.error === undefined ? '' : ` (${answer.error})`}: reload the page to see what there is.`,
  );
}

async function readBody(response: Response, subject: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw unreachable(subject);
  }
}

function unreachable(subject: string): Error {
  return new Error(
    `Cannot load "${subject}": the server can't be reached, and this browser has kept no copy: see that the server ` +
      'runs and that there is a connection, then try again.',
  );
}
