/**
 * Packs the compiler for projects outside of this repository: plain JavaScript with its types in `dist/`, as a tarball
 * that `npm install` takes.
 *
 *   npx nx run compiler:pack
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'packages/compiler');

/**
 * Compiles what the compiler's entries reach, so neither tests nor cases, and packs it with its documents.
 *
 * @param destination folder for the tarball, made if it is absent; a tarball of the same version in it is replaced.
 * @returns the tarball's path, `narrows-compiler-VERSION.tgz` in `destination`.
 * @throws Error when the sources have type errors, which tsc prints.
 */
export function packCompiler(destination: string): string {
  const staged = mkdtempSync(join(tmpdir(), 'narrows-pack-'));
  try {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const project = join(source, 'tsconfig.pack.json');
    execFileSync(process.execPath, [tsc, '--project', project, '--outDir', join(staged, 'dist')], {
      stdio: 'inherit',
    });
    copyFileSync(join(root, 'LICENSE'), join(staged, 'LICENSE'));
    for (const name of ['README.md', 'CONFORMANCE.md']) {
      writeFileSync(join(staged, name), withoutLinksOutside(readFileSync(join(source, name), 'utf8')));
    }
    const manifest = packedManifest(readFileSync(join(source, 'package.json'), 'utf8'));
    writeFileSync(join(staged, 'package.json'), manifest);

    // Only a shell finds npm on Windows, and no path has to be quoted for it where npm packs the folder that it is in.
    execFileSync('npm', ['pack', '--loglevel=error'], {
      cwd: staged,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const name = readdirSync(staged).find((file) => file.endsWith('.tgz'))!;
    mkdirSync(destination, { recursive: true });
    copyFileSync(join(staged, name), join(destination, name));
    return join(destination, name);
  } finally {
    rmSync(staged, { recursive: true });
  }
}

/** The source's package.json, with entries that lead to what tsc makes and without what counts in the repository only. */
function packedManifest(manifest: string): string {
  const compiled = manifest.replaceAll(/"\.\/src\/(.*)\.ts"/g, '"./dist/$1.js"');
  const fields = { ...JSON.parse(compiled), private: undefined, devDependencies: undefined } as object;
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** Markdown in which links that leave the package, and so would lead nowhere, are their text alone. */
function withoutLinksOutside(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, '$1');
}

if (process.argv[1] === import.meta.filename) {
  const tarball = packCompiler(join(root, 'dist'));
  process.stdout.write(`${relative(process.cwd(), tarball)}\n`);
}
