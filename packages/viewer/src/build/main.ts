/** Builds the viewer: `npx nx run viewer:build`. */
import { resolve } from 'node:path';
import { buildViewer } from './build-viewer.ts';

process.stdout.write(
  'Building the page and compressing it, which takes about a minute the first time and seconds later …\n',
);
const { assets } = await buildViewer(resolve(import.meta.dirname, '../..'), {
  cache: resolve(import.meta.dirname, '../../../../node_modules/.cache/narrows/brotli'),
});
const total = assets.reduce((sum, { sizeBytes, brotliBytes }) => sum + (brotliBytes ?? sizeBytes), 0);
process.stdout.write(
  `${assets.length} files, ${(total / 1e6).toFixed(1)} MB as sent, in packages/viewer/dist\n`,
);
