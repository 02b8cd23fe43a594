import { existsSync } from 'node:fs';
import { cp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  builtAssetsSchema,
  builtAssetsVersion,
  largestCloudflareBytes,
  type BuiltAssets,
} from '../contract/built-assets.ts';
import { buildClient } from './build-client.ts';
import { compressAll } from './compress-all.ts';
import { listFiles, listShell } from './list-files.ts';

/**
 * Builds what the server gives away into `dist`: the client by Vite into `client`, with `shell.json` for its service
 * worker, and the demo into `demo`; whatever gets smaller also in brotli's form; at last `assets.json`, the list of them
 * all.
 *
 * @param root the viewer's folder, with `index.html`, `vite.config.ts` and, where there is one, `demo`
 * @param options.cache where compressed content is kept from one build to the next
 * @returns the list
 * @throws Error for a file whose name the server would not take, or that is a link.
 */
export async function buildViewer(root: string, { cache }: { cache: string }): Promise<BuiltAssets> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  await buildClient({ root, outDir: join(dist, 'client') });
  const demo = join(root, 'demo');
  if (existsSync(demo)) await cp(demo, join(dist, 'demo'), { recursive: true });
  const shell = listShell(await listFiles(dist));
  await writeFile(join(dist, 'client/shell.json'), JSON.stringify(shell));
  const assets = await compressAll(await listFiles(dist), { dist, cache });
  const tooLarge = assets.filter(({ sizeBytes }) => sizeBytes > largestCloudflareBytes);
  await writeFile(join(dist, '.assetsignore'), tooLarge.map(({ path }) => `/${path}\n`).join(''));
  const list: BuiltAssets = { version: builtAssetsVersion, assets: [...assets] };
  const outcome = builtAssetsSchema.safeParse(list);
  if (!outcome.success) {
    const [{ path: place, message }] = outcome.error.issues;
    const { path } = list.assets[place[1] as number];
    throw new Error(`Cannot build: the server would refuse "${path}" (${message}). Rename the file.`);
  }
  // A server that starts meanwhile finds a whole list or none.
  await writeFile(join(dist, 'assets.json.partial'), JSON.stringify(list));
  await rename(join(dist, 'assets.json.partial'), join(dist, 'assets.json'));
  return list;
}
