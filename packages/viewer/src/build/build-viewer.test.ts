import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtAssetsSchema, type BuiltAsset, type ShellAsset } from '../contract/built-assets.ts';
import { buildViewer } from './build-viewer.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'narrows-build-')));
const root = join(folder, 'viewer');
const cache = join(folder, 'cache');
const dist = join(root, 'dist');

/** Bytes that don't get smaller. */
const noise = Uint8Array.from({ length: 5000 }, (_, i) => createHash('sha256').update(String(i)).digest()[0]);

/** A viewer that is next to nothing, of the same shape. */
const sources: Readonly<Record<string, string | Uint8Array>> = {
  'package.json': '{"type":"module"}',
  'vite.config.ts': 'export default { root: import.meta.dirname, build: { assetsInlineLimit: 0 } };\n',
  'index.html':
    '<!doctype html><title>Narrows</title><script type="module" src="/src/client/main.ts"></script>\n',
  'src/client/main.ts':
    "import runtime from './runtime.wasm?url';\nimport gpu from './runtime.asyncify.wasm?url';\n" +
    "document.title = runtime + gpu;\nvoid import('./later.ts');\n",
  'src/client/later.ts': `export const words = ${JSON.stringify('how narrow can a bottleneck get? '.repeat(50))};\n`,
  'src/client/runtime.wasm': 'wasm'.repeat(5000),
  'src/client/runtime.asyncify.wasm': 'gpu!'.repeat(5000),
  'src/client/service-worker.ts':
    "import { name } from './cache-name.ts';\naddEventListener('install', () => { void caches.open(name); });\n",
  'src/client/cache-name.ts': "export const name: string = 'narrows';\n",
  'public/icon.png': noise,
  'demo/study/run.json': `{"name":"study","notes":"${'a '.repeat(500)}"}`,
  'demo/study/models/cnn.onnx': noise,
  'demo/study/models/pca.onnx': new Uint8Array(5000),
};

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const filesBelow = (place: string): readonly string[] =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(place.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();

beforeAll(() => {
  for (const [path, content] of Object.entries(sources)) write(path, content);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a build', () => {
  let assets: readonly BuiltAsset[];
  const find = (pattern: RegExp): BuiltAsset => {
    const [found, ...others] = assets.filter(({ path }) => pattern.test(path));
    expect(others).toEqual([]);
    return found;
  };

  beforeAll(async () => {
    write('dist/left-over', 'of an earlier build');
    await buildViewer(root, { cache });
    ({ assets } = builtAssetsSchema.parse(JSON.parse(readFileSync(join(dist, 'assets.json'), 'utf8'))));
  });

  test('lists every file with its size and SHA-256, and there is nothing else', () => {
    for (const { path, sizeBytes, sha256 } of assets) {
      const content = readFileSync(join(dist, path));
      expect([path, content.length]).toEqual([path, sizeBytes]);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
    const brotli = assets
      .filter(({ brotliBytes }) => brotliBytes !== undefined)
      .map(({ path }) => `${path}.br`);
    const all = [...assets.map(({ path }) => path), ...brotli, 'assets.json', '.assetsignore'];
    expect(filesBelow(dist)).toEqual(all.sort());
  });

  test('compresses what gets smaller by more than 5 %', () => {
    expect(find(/runtime-[^.]+\.wasm$/).brotliBytes).toBeLessThan(1000);
    expect(find(/pca\.onnx$/).brotliBytes).toBeLessThan(1000);
    expect(find(/study\/run\.json$/).brotliBytes).toBeDefined();
    expect(find(/cnn\.onnx$/)).not.toHaveProperty('brotliBytes');
    expect(find(/icon\.png$/)).not.toHaveProperty('brotliBytes');
    for (const { path, brotliBytes } of assets) {
      if (brotliBytes === undefined) continue;
      const compressed = readFileSync(join(dist, `${path}.br`));
      expect(compressed.length).toBe(brotliBytes);
      expect(brotliDecompressSync(compressed).equals(readFileSync(join(dist, path)))).toBe(true);
    }
  });

  test('marks as immutable what carries a hash of its content in its name', () => {
    const immutable = assets.filter(({ isImmutable }) => isImmutable).map(({ path }) => path);
    expect(immutable.length).toBe(4);
    for (const path of immutable) expect(path).toMatch(/^client\/assets\/[\w.]+-[\w-]{8}\.(js|wasm)$/);
  });

  test('puts the service worker at an address that stays, as a script without imports', () => {
    const script = readFileSync(join(dist, 'client/sw.js'), 'utf8');
    expect(script).toMatch(/caches\.open\(/);
    expect(script).not.toMatch(/\b(import|export)\b/);
  });

  test('lists for it what the page needs, and no runs, nor the runtime for GPUs', () => {
    const shell = JSON.parse(readFileSync(join(dist, 'client/shell.json'), 'utf8')) as ShellAsset[];
    expect(shell.map(({ path }) => path.replace(/-[\w-]{8}\./, '.')).sort()).toEqual([
      '/',
      '/assets/index.js',
      '/assets/later.js',
      '/assets/runtime.wasm',
      '/icon.png',
    ]);
    for (const { path, sha256 } of shell) {
      const content = readFileSync(join(dist, 'client', path === '/' ? 'index.html' : path));
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  test('compresses nothing a second time', async () => {
    const timesOf = () => filesBelow(cache).map((path) => [path, statSync(join(cache, path)).mtimeMs]);
    const before = timesOf();
    expect(before.length).toBeGreaterThan(3);
    const again = await buildViewer(root, { cache });
    expect(again.assets).toEqual(assets);
    expect(timesOf()).toEqual(before);
  });
});

test('a link in the demo is refused: what it leads to would be given away', async () => {
  symlinkSync(join(folder, 'cache'), join(root, 'demo/study/link'));
  await expect(buildViewer(root, { cache })).rejects.toThrow(
    'Cannot build: "demo/study/link" must be a file, and is a link or the like.',
  );
  rmSync(join(root, 'demo/study/link'));
});

test('a file whose name the server would refuse is told by the build', async () => {
  write('demo/study/my notes.md', 'mine');
  await expect(buildViewer(root, { cache })).rejects.toThrow(
    /^Cannot build: the server would refuse "demo\/study\/my notes\.md" \(.+\)\. Rename the file\.$/,
  );
  expect(existsSync(join(dist, 'assets.json'))).toBe(false);
  rmSync(join(root, 'demo/study/my notes.md'));
});

test('equal files are compressed at once without one taking the other away', async () => {
  const text = 'the same '.repeat(5000);
  const paths = Array.from({ length: 16 }, (_, i) => `demo/study/equal-${i}.md`);
  for (const path of paths) write(path, text);
  const { assets } = await buildViewer(root, { cache });
  const equal = assets.filter(({ path }) => paths.includes(path));
  expect(equal.length).toBe(16);
  for (const { path } of equal) {
    expect(brotliDecompressSync(readFileSync(join(dist, `${path}.br`))).toString()).toBe(text);
  }
});

test('without a demo there is a page', async () => {
  rmSync(join(root, 'demo'), { recursive: true });
  const { assets } = await buildViewer(root, { cache });
  expect(assets.filter(({ path }) => path.startsWith('demo/'))).toEqual([]);
  expect(assets.some(({ path }) => path === 'client/index.html')).toBe(true);
});
