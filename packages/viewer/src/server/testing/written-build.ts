import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { builtAssetsVersion, type BuiltAsset } from '../../contract/built-assets.ts';
import { writeInto, writeRun, writeSweep } from './run-folders.ts';

/** A script of the written build, long enough to be worth compressing. */
export const scriptText = 'export const bottleneck = 32;\n'.repeat(200);

/** A file that is longer than what is read in one go, and doesn't repeat itself. */
export const longBytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 2_654_435_761) >>> 13);

/**
 * A build as `viewer:build` leaves it, of a page that is next to nothing, with the demos `study` and `sweep`.
 *
 * @param dist the folder to write it to; what was there is taken away
 * @param options.title of the page
 */
export function writeBuild(dist: string, { title = 'Narrows' } = {}): void {
  rmSync(dist, { recursive: true, force: true });
  writeInto(dist, 'client/index.html', `<!doctype html><title>${title}</title>\n`.repeat(20));
  writeInto(dist, 'client/assets/main-Bx1y2z3w.js', scriptText);
  writeInto(dist, 'client/assets/ort-C0ffee00.wasm', longBytes);
  writeInto(dist, 'client/sw.js', '// worker\n');
  writeInto(dist, 'client/shell.json', '[]');
  writeInto(dist, 'client/manifest.webmanifest', '{}');
  writeInto(dist, 'client/icon-192.png', 'not really');
  writeRun(join(dist, 'demo'), 'study');
  writeSweep(join(dist, 'demo'), 'sweep');
  const assets = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => describe(dist, relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/')));
  writeInto(dist, 'assets.json', JSON.stringify({ version: builtAssetsVersion, assets }));
}

function describe(dist: string, path: string): BuiltAsset {
  const content = readFileSync(join(dist, path));
  const asset = {
    path,
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    isImmutable: path.startsWith('client/assets/'),
  };
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  if (brotli.length > 0.95 * content.length) return asset;
  writeInto(dist, `${path}.br`, brotli);
  return { ...asset, brotliBytes: brotli.length };
}
