import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packCompiler } from './pack-compiler.ts';

const root = resolve(import.meta.dirname, '../..');

/** A project outside of the repository, with the unpacked tarball and nothing else than what that says it needs. */
let project: string;
let installed: string;
let tarball: string;
let manifest: Readonly<Record<string, Readonly<Record<string, string>>>>;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'narrows-project-'));
  tarball = packCompiler(join(project, 'tarballs'));
  installed = join(project, 'node_modules/@narrows/compiler');
  mkdirSync(installed, { recursive: true });
  // tar of Windows knows its own paths only, so it gets none.
  execFileSync('tar', ['-xz', '--strip-components=1'], { cwd: installed, input: readFileSync(tarball) });
  manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as typeof manifest;
  for (const name of Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] })) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }
});

afterAll(() => {
  rmSync(project, { recursive: true });
});

const unpackedFiles = (): readonly string[] =>
  readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll('\\', '/'),
    );

/** The examples of the README. */
const examples = (): readonly string[] =>
  [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
    ([, code]) => code,
  );

/** The first that imports `entry`. */
const exampleOf = (entry: string): string => examples().find((code) => code.includes(`'${entry}'`))!;

function typecheck(files: Readonly<Record<string, string>>, flags: readonly string[]): string {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(project, name), source);
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', ...flags];
  return spawnSync(process.execPath, [tsc, ...options, ...Object.keys(files)], {
    cwd: project,
    encoding: 'utf8',
  }).stdout;
}

it('holds JavaScript with types and the documents, and nothing that only development needs', () => {
  expect(basename(tarball)).toMatch(/^narrows-compiler-\d+\.\d+\.\d+\.tgz$/);
  const files = unpackedFiles();
  expect(files.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
    'CONFORMANCE.md',
    'LICENSE',
    'README.md',
    'package.json',
  ]);
  const scripts = files.filter((file) => file.endsWith('.js'));
  expect(files.filter((file) => file.startsWith('dist/')).sort()).toEqual(
    scripts.flatMap((file) => [file, file.replace(/\.js$/, '.d.ts')]).sort(),
  );
  expect(scripts).toContain('dist/mod.js');
  expect(scripts.filter((file) => /\.test\.|\.cases\.|testing\/|conformance\//.test(file))).toEqual([]);
});

it('leaves tfjs and the runtimes to the project, so that there is one tfjs', () => {
  expect(Object.keys(manifest['dependencies'])).toEqual(['pbf']);
  expect(Object.keys(manifest['peerDependencies'])).toEqual([
    '@tensorflow/tfjs',
    'onnxruntime-node',
    'onnxruntime-web',
  ]);
  expect(Object.keys(manifest['peerDependenciesMeta'])).toEqual(['onnxruntime-node', 'onnxruntime-web']);
});

it('links in its documents only to files that it holds', () => {
  const links = ['README.md', 'CONFORMANCE.md'].flatMap((name) =>
    [...readFileSync(join(installed, name), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link]) => link,
    ),
  );
  expect(links).toContain('CONFORMANCE.md');
  expect(links.filter((link) => !existsSync(join(installed, link)))).toEqual([]);
});

it.each(['@narrows/compiler', '@narrows/compiler/backend'])(
  "runs the README's example of %s in plain Node",
  (entry) => {
    const code = exampleOf(entry);
    writeFileSync(join(project, 'example.mjs'), code);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], {
      cwd: project,
      encoding: 'utf8',
      // What runs the tests may have hooks for TypeScript and colours set for its children.
      env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' },
    });
    expect(stderr).not.toMatch(/error|already registered/i);
    expect(status).toBe(0);
    const facts = (text: string) => text.replaceAll(/\w+Array\(\d+\)/g, '').match(/-?\d+|true|false/g);
    expect(facts(stdout)).toEqual(facts(/console\.log\(.*\/\/ (.*)/.exec(code)![1]));
  },
);

it('has types that a strict project on Node takes', () => {
  const files = {
    ...Object.fromEntries(examples().map((code, i) => [`example${i}.mts`, code])),
    'node.mts': `
      import { compile } from '@narrows/compiler';
      import { configureBackend } from '@narrows/compiler/backend';
      const x = { shape: ['N', 2], dtype: 'float32' } as const;
      export const size: number = compile(({ x }) => ({ y: x.square() }), { x }, { name: 'y' }).bytes.byteLength;
      await configureBackend({ device: 'cuda' });
      // @ts-expect-error -- a device of browsers
      await configureBackend({ device: 'wasm' });
      // @ts-expect-error -- without the inputs' types
      compile(({ x }) => ({ y: x }));
    `,
  };
  expect(typecheck(files, ['--module', 'nodenext'])).toBe('');
});

it('has types that a strict project for browsers takes', () => {
  const files = {
    'browser.ts': `
      import { configureBackend, fallbackCounts } from '@narrows/compiler/backend';
      await configureBackend({ device: 'webgpu' });
      export const counts: ReadonlyMap<string, number> = fallbackCounts();
      // @ts-expect-error -- a device of Node
      await configureBackend({ device: 'cuda' });
    `,
  };
  const flags = ['--module', 'esnext', '--moduleResolution', 'bundler', '--customConditions', 'browser'];
  expect(typecheck(files, flags)).toBe('');
});

it('keeps what the backend does on import in a bundle for browsers, and takes onnxruntime-web there', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `import '@narrows/compiler/backend';`, resolveDir: project },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    // What is looked at is the compiler's part.
    external: ['@tensorflow/tfjs', 'onnxruntime-web'],
    metafile: true,
    write: false,
  });
  // esbuild may have numbered the function; and a bundle that lacks it is too long to be printed.
  expect(/registerBackend\d*\(webRuntime\)/.test(outputFiles[0].text)).toBe(true);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect([...new Set(imported)].sort()).toEqual([
    '@tensorflow/tfjs',
    'onnxruntime-web/wasm',
    'onnxruntime-web/webgpu',
  ]);
});
