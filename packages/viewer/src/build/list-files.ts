import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { BuiltAsset, ShellAsset } from '../contract/built-assets.ts';

/**
 * Every file below `dist`, in the order of their paths.
 *
 * @throws Error for a link or anything else that is neither file nor folder: the build would give away what it points to.
 */
export async function listFiles(dist: string): Promise<readonly BuiltAsset[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/');
      if (!entry.isFile())
        throw new Error(`Cannot build: "${path}" must be a file, and is a link or the like.`);
      return path;
    });
  return Promise.all(paths.sort().map((path) => describeFile(dist, path)));
}

async function describeFile(dist: string, path: string): Promise<BuiltAsset> {
  const content = await readFile(join(dist, path));
  return {
    path,
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    // Vite puts a hash of the content into the names of all that it makes.
    isImmutable: path.startsWith('client/assets/'),
  };
}

/** What a visit without a network doesn't need, or gets otherwise. */
const notShell = [
  // The server worker's own parts.
  /^sw\.js$/,
  /^shell\.json$/,
  // For browsers with a GPU, 27 MB: without a network the other runtime does.
  /^assets\/.*(webgpu|asyncify|jsep|jspi)/,
];

/** The files of the page that a service worker keeps: all but runs and the runtime for GPUs. */
export function listShell(files: readonly BuiltAsset[]): readonly ShellAsset[] {
  const prefix = 'client/';
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, sha256 }) => ({ path: path.slice(prefix.length), sha256 }))
    .filter(({ path }) => !notShell.some((pattern) => pattern.test(path)))
    .map(({ path, sha256 }) => ({ path: path === 'index.html' ? '/' : `/${path}`, sha256 }));
}
