/**
 * How the client is built: `npx nx run viewer:build`, which then compresses and lists what came out (`src/build/main.ts`).
 * File names carry a hash of their content, so that browsers may keep them for good.
 */
import type { UserConfig } from 'vite';

export default {
  root: import.meta.dirname,
  publicDir: 'public',
  build: {
    outDir: 'dist/client',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of content forbids data: addresses for anything but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
} satisfies UserConfig;
