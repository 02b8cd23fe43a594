/** Name of the cache in which files of runs are kept. */
const fileCacheName = 'narrows-files';

/** Above this many bytes in all, files that no listed run names are removed. */
const limitBytes = 200_000_000;

const sizeHeader = 'content-length';
const addressOf = (sha256: string): string => `/narrows-files/${sha256}`;

/**
 * Files of runs that were fetched before, by their SHA-256: two runs with the same file have it once, and what is here
 * needs no server. Does nothing where the browser has no Cache Storage, or no room in it.
 */
export interface FileCache {
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  write(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(sha256: string): Promise<void>;
  /**
   * Removes the files that `listed` does not name, if there are more than 200 MB in all.
   * @param listed answers the SHA-256 of every file of every run there is; asked only when needed
   */
  tidy(listed: () => Promise<ReadonlySet<string>>): Promise<void>;
}

/** @param caches the browser's; `undefined` on an origin that is not secure */
export function openFileCache(caches: CacheStorage | undefined): FileCache {
  // Opened for each use: whoever clears the browser's data does not leave us with a cache that is gone.
  const withCache = async <T>(use: (cache: Cache) => Promise<T>): Promise<T | undefined> => {
    if (caches === undefined) return undefined;
    try {
      return await use(await caches.open(fileCacheName));
    } catch {
      // Storage is full or forbidden. All that is kept here can be fetched again, so that is no failure of anything.
      return undefined;
    }
  };
  return {
    read: (sha256) =>
      withCache(async (cache) => {
        const response = await cache.match(addressOf(sha256));
        return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer());
      }),
    async write(sha256, bytes) {
      const headers = { [sizeHeader]: String(bytes.length), 'content-type': 'application/octet-stream' };
      await withCache((cache) => cache.put(addressOf(sha256), new Response(bytes, { headers })));
    },
    async remove(sha256) {
      await withCache((cache) => cache.delete(addressOf(sha256)));
    },
    async tidy(listed) {
      await withCache(async (cache) => {
        let totalBytes = 0;
        const requests = await cache.keys();
        for (const request of requests) {
          totalBytes += Number((await cache.match(request))?.headers.get(sizeHeader));
        }
        if (totalBytes <= limitBytes) return;
        const kept = await listed();
        for (const request of requests) {
          const sha256 = request.url.slice(request.url.lastIndexOf('/') + 1);
          if (!kept.has(sha256)) await cache.delete(request);
        }
      });
    },
  };
}
