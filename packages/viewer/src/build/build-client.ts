import { join } from 'node:path';
import { build } from 'vite';

/**
 * Builds the page by `vite.config.ts`, and its service worker, which is a script of its own at an address that stays.
 *
 * @param options.root folder of the package
 * @param options.outDir where to put it; what is there is taken away
 */
export async function buildClient({ root, outDir }: { root: string; outDir: string }): Promise<void> {
  await build({ root, configFile: join(root, 'vite.config.ts'), build: { outDir }, logLevel: 'warn' });
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: {
        input: join(root, 'src/client/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
}
