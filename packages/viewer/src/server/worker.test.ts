import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from 'vite';
import { askAddress } from './testing/ask-address.ts';
import { behavioursOf, expectSafe, type Ask } from './testing/behaviours.ts';
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

  test('nothing is live there, and a browser is told not to ask again', async () => {
    const answer = await ask({ path: '/api/live' });
    expect(answer.status).toBe(204);
    expectSafe(answer);
  });
});
