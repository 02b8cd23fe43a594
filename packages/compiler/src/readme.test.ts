import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

const packageFolder = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', packageFolder), 'utf8');

/** The numbers and words of a text, without what only holds them together. */
function facts(text: string): (number | string)[] {
  const words = text.replaceAll(/\w+Array\(\d+\)/g, '').match(/[\w.+-]+/g) ?? [];
  return words
    .filter((word) => word !== 'and')
    .map((word) => (Number.isNaN(Number(word)) ? word : Number(word)));
}

/** What an example prints. */
function output(code: string): string {
  const script = transformSync(code, { loader: 'ts' }).code;
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: packageFolder,
    encoding: 'utf8',
    // Nx asks its children for colours, whose codes hold numbers too.
    env: { ...process.env, FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('README.md', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

  it.each(examples)(
    'has an example that runs and prints what it says: %#',
    (code) => {
      const printed = output(code);
      const said = [...code.matchAll(/console\.log\(.*\/\/ (.*)/g)].map(([, comment]) => comment).join(' ');
      expect(facts(said).length).toBeGreaterThan(0);
      expect(facts(printed)).toEqual(
        facts(said).map((fact): unknown => (typeof fact === 'number' ? expect.closeTo(fact, 5) : fact)),
      );
    },
    60_000,
  );

  it('shows the graph of its first function', () => {
    const code = examples.find((example) => example.includes('const squares'))!;
    const printing = `${code}\nconst { printGraph } = await import('@narrows/compiler');\nconsole.log(printGraph(squares.graph));`;
    const [, graph] = /printGraph\(squares[^]*?```text\n([^]*?)```/.exec(readme)!;
    expect(output(printing)).toContain(graph);
  });

  it('names every module, and none that is gone', () => {
    const folder = new URL('src/', packageFolder);
    const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /^(?!testing\/).*(?<!\.test|\.cases)\.ts$/.test(path));
    const table = readme.slice(readme.indexOf('| module'), readme.indexOf('## How to add'));
    const named = [...table.matchAll(/`([\w/-]+\.ts)`/g)].map(([, path]) => path);
    const lastPart = (path: string): string => path.split('/').at(-1)!;
    const names = new Set(named.map(lastPart));
    expect(modules.map(lastPart).filter((name) => !names.has(name))).toEqual([]);
    expect(named.filter((path) => !modules.some((module) => module.endsWith(path)))).toEqual([]);
  });
});
