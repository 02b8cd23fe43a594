import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from 'vite';
import { builtAssetsSchema } from '../contract/built-assets.ts';
import { askAddress } from './testing/ask-address.ts';
import { behavioursOf, expectRefusal, expectSafe, type Ask } from './testing/behaviours.ts';
import { temporaryFolder } from './testing/run-folders.ts';

const dist = resolve(import.meta.dirname, '../../dist');

describe('on workerd', () => {
  const folder = temporaryFolder();
  let workerd: Miniflare;
  let ask: Ask;

  beforeAll(async () => {
    await build({
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      ssr: { target: 'webworker', noExternal: true },
      build: { ssr: resolve(import.meta.dirname, 'worker.ts'), outDir: folder },
    });
    workerd = new Miniflare({
      modules: true,
      modulesRoot: folder,
      scriptPath: join(folder, 'worker.js'),
      compatibilityDate: '2026-04-01',
      // Straight into the worker: before it, miniflare would decide on compression as Cloudflare's own servers do.
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      assets: {
        directory: dist,
        binding: 'ASSETS',
        routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
        assetConfig: { html_handling: 'none', not_found_handling: 'none' },
      },
    });
    ask = askAddress((await workerd.unsafeGetDirectURL()).origin);
  });
  afterAll(async () => {
    await workerd.dispose();
    rmSync(folder, { recursive: true });
  });

  test.each(behavioursOf(dist))('$name', ({ check }) => check(ask));

  test('what is too large for the platform comes compressed or not at all', async () => {
    const { assets } = builtAssetsSchema.parse(JSON.parse(readFileSync(join(dist, 'assets.json'), 'utf8')));
    const { path, brotliBytes } = assets.find(({ sizeBytes }) => sizeBytes > 25 * 2 ** 20)!;
    const asked = { path: path.replace(/^client/, '') };
    const refusal = 'Cannot give the file: Accept-Encoding must allow "br".';
    expectRefusal(await ask(asked), 406, refusal);
    expectRefusal(await ask({ ...asked, headers: { Range: 'bytes=0-9' } }), 406, refusal);
    expect((await ask({ ...asked, method: 'HEAD' })).status).toBe(406);
    const compressed = await ask({ ...asked, headers: { 'Accept-Encoding': 'br' } });
    expect([compressed.status, compressed.body.length]).toEqual([200, brotliBytes]);
  });

  test('nothing is live there, and a browser is told not to ask again', async () => {
    const answer = await ask({ path: '/api/live' });
    expect(answer.status).toBe(204);
    expectSafe(answer);
  });
});
