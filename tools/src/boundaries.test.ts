import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const config = join(root, '.dependency-cruiser.mjs');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** The packages' directions once more, as this test wants them: a slip in the config's own table must not pass. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  models: ['shared'],
  compiler: [],
  trainer: ['shared', 'models', 'compiler'],
  viewer: ['shared'],
};
const packages = Object.keys(allowed);
const directionRule = (name: string) => `${name}-uses-only-${allowed[name].join('-') || 'itself'}`;

interface Case {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  /** The rules that this file breaks, in alphabetical order. */
  readonly breaks: readonly string[];
}

const directions: readonly Case[] = packages.flatMap((from) =>
  packages
    .filter((to) => to !== from)
    .map((to) => ({
      name: `${from} imports ${to}`,
      file: `packages/${from}/src/imports-${to}.ts`,
      source: `import { entry } from '@narrows/${to}';\nexport const seen = entry;\n`,
      breaks: allowed[from].includes(to) ? [] : [directionRule(from)],
    })),
);

const others: readonly Case[] = [
  ...packages.map((from) => ({
    name: `${from} imports tools`,
    file: `packages/${from}/src/imports-tools.ts`,
    source: `import '../../../tools/src/own.ts';\n`,
    breaks: [`${from}-declares-the-packages-it-uses`, directionRule(from), 'packages-only-by-name'].sort(),
  })),
  {
    name: 'tools imports a package',
    file: 'tools/src/imports-trainer.ts',
    source: `import '@narrows/trainer';\n`,
    breaks: [],
  },
  {
    name: 'a type from a package above',
    file: 'packages/compiler/src/type-from-above.ts',
    source: `import type { Entry } from '@narrows/trainer';\nexport type Seen = Entry;\n`,
    breaks: ['compiler-uses-only-itself'],
  },
  {
    name: 'a dynamic import of a package above',
    file: 'packages/shared/src/dynamic-from-above.ts',
    source: `export const seen = await import('@narrows/models');\n`,
    breaks: ['shared-uses-only-itself'],
  },
  {
    name: 'a file inside another package',
    file: 'packages/models/src/past-the-entry.ts',
    source: `import '../../shared/src/own.ts';\n`,
    breaks: ['packages-only-by-name', 'packages-only-through-their-entry'],
  },
  {
    name: "a file inside another package by that package's name",
    file: 'tools/src/past-the-entry.ts',
    source: `import '@narrows/shared/inside';\n`,
    breaks: ['packages-only-through-their-entry'],
  },
  {
    name: "another package's entry by a relative path",
    file: 'packages/models/src/entry-by-path.ts',
    source: `import '../../shared/src/mod.ts';\n`,
    breaks: ['packages-only-by-name'],
  },
  {
    name: 'the own package by a relative path',
    file: 'packages/models/src/folder/own-file.ts',
    source: `import '../own.ts';\n`,
    breaks: [],
  },
  {
    name: 'onnxruntime-node through its door',
    file: 'packages/trainer/src/engine/onnx-session.ts',
    source: `import 'onnxruntime-node';\n`,
    breaks: [],
  },
  {
    name: 'onnxruntime-node past its door',
    file: 'packages/trainer/src/engine/other-session.ts',
    source: `import 'onnxruntime-node';\n`,
    breaks: ['one-door-to-onnxruntime-node'],
  },
  {
    name: 'a type of onnxruntime-node past its door',
    file: 'packages/trainer/src/session-type.ts',
    source: `import type { InferenceSession } from 'onnxruntime-node';\nexport type Seen = InferenceSession;\n`,
    breaks: ['one-door-to-onnxruntime-node'],
  },
  {
    name: "onnxruntime-node in the compiler's test equipment, where it is a development dependency",
    file: 'packages/compiler/src/testing/run-graph.ts',
    source: `import 'onnxruntime-node';\n`,
    breaks: [],
  },
  {
    name: 'pbf through its door',
    file: 'packages/compiler/src/onnx/protobuf.ts',
    source: `import 'pbf';\n`,
    breaks: [],
  },
  {
    name: 'pbf past its door',
    file: 'packages/compiler/src/onnx/model.ts',
    source: `import 'pbf';\n`,
    breaks: ['one-door-to-pbf'],
  },
  {
    name: 'onnxruntime-web through its door',
    file: 'packages/viewer/src/client/worker/ort-session.ts',
    source: `import 'onnxruntime-web';\n`,
    breaks: [],
  },
  {
    name: 'onnxruntime-web past its door',
    file: 'packages/viewer/src/client/worker/other-session.ts',
    source: `import 'onnxruntime-web';\n`,
    breaks: ['one-door-to-onnxruntime-web'],
  },
  {
    name: 'the address of a file, which Vite makes',
    file: 'packages/viewer/src/client/address.ts',
    source: `import address from 'onnxruntime-web/runtime.wasm?url';\nexport const seen = address;\n`,
    breaks: [],
  },
  ...['server', 'build', 'client'].flatMap((from) => [
    ...['server', 'build', 'client']
      .filter((to) => to !== from)
      .map((to) => ({
        name: `the viewer's ${from} imports its ${to}`,
        file: `packages/viewer/src/${from}/imports-${to}.ts`,
        source: `import '../${to}/own.ts';\n`,
        breaks: ['viewer-parts-apart'],
      })),
    {
      name: `the viewer's ${from} imports what it agreed on with the others`,
      file: `packages/viewer/src/${from}/imports-contract.ts`,
      source: `import '../contract/own.ts';\n`,
      breaks: [],
    },
    {
      name: `what the viewer's parts agreed on imports its ${from}`,
      file: `packages/viewer/src/contract/imports-${from}.ts`,
      source: `import '../${from}/own.ts';\n`,
      breaks: ['viewer-contract-by-itself'],
    },
  ]),
  {
    name: "the viewer's server on Node uses Node",
    file: 'packages/viewer/src/server/node.ts',
    source: `import 'node:fs/promises';\nimport './uses-node.ts';\n`,
    breaks: [],
  },
  {
    name: "the viewer's app reaches Node by another file",
    file: 'packages/viewer/src/server/app.ts',
    source: `import './passes-on.ts';\n`,
    breaks: ['viewer-app-on-any-runtime'],
  },
  {
    name: "the viewer's server on workerd imports Node",
    file: 'packages/viewer/src/server/worker.ts',
    source: `import 'node:path';\n`,
    breaks: ['viewer-app-on-any-runtime'],
  },
  {
    name: "a development dependency in the viewer's build",
    file: 'packages/viewer/src/build/own-tool.ts',
    source: `import 'vitest';\n`,
    breaks: [],
  },
  {
    name: 'what a build made of sources',
    file: 'packages/viewer/dist/client/assets/made.js',
    source: `import 'vitest';\nimport './nowhere.js';\n`,
    breaks: [],
  },
  {
    name: 'a library that the package declares',
    file: 'packages/shared/src/declared.ts',
    source: `import 'zod';\n`,
    breaks: [],
  },
  {
    name: 'a library that only another package declares',
    file: 'packages/models/src/undeclared.ts',
    source: `import 'zod';\n`,
    breaks: ['declared'],
  },
  {
    name: 'a development dependency in a file that ships',
    file: 'packages/shared/src/development.ts',
    source: `import 'vitest';\n`,
    breaks: ['declared'],
  },
  {
    name: "the root's development dependency in a test",
    file: 'packages/models/src/own.test.ts',
    source: `import 'vitest';\n`,
    breaks: [],
  },
  {
    name: "the root's development dependency in tools",
    file: 'tools/src/development.ts',
    source: `import 'vitest';\n`,
    breaks: [],
  },
  {
    name: 'a file that is not there',
    file: 'packages/shared/src/absent-file.ts',
    source: `import './nowhere.ts';\n`,
    breaks: ['resolvable'],
  },
  {
    name: 'a library that is not there',
    file: 'packages/shared/src/absent-library.ts',
    source: `import 'no-such-library';\n`,
    breaks: ['resolvable'],
  },
  {
    name: 'the optional library that may be absent',
    file: 'packages/trainer/src/optional.ts',
    source: `export const binding = await import('@tensorflow/tfjs-node-gpu');\n`,
    breaks: [],
  },
  {
    name: 'a cycle, seen from its first file',
    file: 'packages/shared/src/cycle-a.ts',
    source: `import './cycle-b.ts';\n`,
    breaks: ['no-cycles'],
  },
  {
    name: 'a circle that one import of types closes',
    file: 'packages/shared/src/circle-a.ts',
    source: `import './circle-b.ts';\n`,
    breaks: [],
  },
];

/** What the cases import, beside the packages' entries. */
const surroundings: Readonly<Record<string, string>> = {
  'packages/shared/src/cycle-b.ts': `import './cycle-a.ts';\n`,
  'packages/shared/src/circle-b.ts': `import type {} from './circle-a.ts';\n`,
  'packages/shared/src/own.ts': 'export const own = 1;\n',
  'packages/models/src/own.ts': 'export const own = 1;\n',
  'packages/viewer/src/server/own.ts': 'export const own = 1;\n',
  'packages/viewer/src/server/passes-on.ts': `import './uses-node.ts';\n`,
  'packages/viewer/src/server/uses-node.ts': `import 'node:fs';\n`,
  'packages/viewer/src/build/own.ts': 'export const own = 1;\n',
  'packages/viewer/src/client/own.ts': 'export const own = 1;\n',
  'packages/viewer/src/contract/own.ts': 'export const own = 1;\n',
  'tools/src/own.ts': 'export const own = 1;\n',
};

/** The libraries that each package declares. */
const libraries: Readonly<Record<string, { ships?: readonly string[]; development?: readonly string[] }>> = {
  shared: { ships: ['zod'], development: ['vitest'] },
  compiler: { ships: ['pbf'], development: ['onnxruntime-node'] },
  trainer: { ships: ['onnxruntime-node'] },
  viewer: { ships: ['onnxruntime-web'], development: ['vitest'] },
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface Cruise {
  readonly summary: {
    readonly violations: readonly Violation[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const folders: string[] = [];

function write(folder: string, file: string, content: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const asDependencies = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1']));

/**
 * A repository of the real one's shape in a temporary folder, with stand-ins for the libraries.
 *
 * @param cases whose files to put there.
 * @param options.declares whether each package's package.json names the other packages.
 */
function makeRepository(cases: readonly Case[], { declares }: { declares: boolean }): string {
  // The real path, since the temporary folder may itself lie behind a link and the rules see real paths.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'narrows-boundaries-')));
  folders.push(folder);
  copyFileSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  write(folder, 'package.json', JSON.stringify({ workspaces: ['packages/*', 'tools'] }));
  write(folder, 'tools/package.json', JSON.stringify({ name: '@narrows/tools' }));
  for (const library of ['onnxruntime-node', 'onnxruntime-web', 'pbf', 'vitest', 'zod']) {
    write(folder, `node_modules/${library}/package.json`, JSON.stringify({ name: library }));
    write(folder, `node_modules/${library}/index.js`, '');
  }
  mkdirSync(join(folder, 'node_modules/@narrows'));
  for (const name of packages) {
    const neighbours = packages.filter((other) => other !== name).map((other) => `@narrows/${other}`);
    const { ships = [], development = [] } = libraries[name] ?? {};
    const manifest = {
      name: `@narrows/${name}`,
      exports: { '.': './src/mod.ts', './inside': './src/own.ts' },
      dependencies: asDependencies([...ships, ...(declares ? neighbours : [])]),
      devDependencies: asDependencies(development),
    };
    write(folder, `packages/${name}/package.json`, JSON.stringify(manifest));
    write(folder, `packages/${name}/src/mod.ts`, 'export const entry = 1;\nexport type Entry = 1;\n');
    // As npm links workspaces; a junction needs no rights on Windows.
    symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules/@narrows', name), 'junction');
  }
  for (const [file, source] of Object.entries(surroundings)) write(folder, file, source);
  for (const { file, source } of cases) write(folder, file, source);
  return folder;
}

const runCruise = (folder: string, outputType: string) =>
  spawnSync(
    process.execPath,
    [depcruise, '--config', config, '--output-type', outputType, 'packages', 'tools'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );

function cruise(folder: string): Cruise {
  const { stdout, stderr } = runCruise(folder, 'json');
  if (stdout === '') throw new Error(`dependency-cruiser printed no result: ${stderr}`);
  return JSON.parse(stdout) as Cruise;
}

const rulesBrokenBy = (file: string, { summary }: Cruise): readonly string[] =>
  summary.violations
    .filter(({ from }) => from === file)
    .map(({ rule }) => rule.name)
    .sort();

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe('boundaries', () => {
  const cases = [...directions, ...others];
  let folder = '';
  let result: Cruise;

  beforeAll(() => {
    folder = makeRepository(cases, { declares: true });
    result = cruise(folder);
  });

  it.each(cases)('$name', ({ file, breaks }) => {
    expect(rulesBrokenBy(file, result)).toEqual(breaks);
  });

  it('finds nothing else to complain about', () => {
    const ofCases = new Set(cases.map(({ file }) => file));
    const elsewhere = result.summary.violations.filter(({ from }) => !ofCases.has(from));
    expect(elsewhere.filter(({ from }) => from !== 'packages/shared/src/cycle-b.ts')).toEqual([]);
  });

  it('has a case for every rule', () => {
    const rules = result.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    const broken = new Set(cases.flatMap(({ breaks }) => breaks));
    expect(rules.filter((name) => !broken.has(name))).toEqual([]);
  });

  it('ends with an error code when a rule is broken', () => {
    expect(runCruise(folder, 'err').status).toBeGreaterThan(0);
  });

  it('ends with 0 when none is', () => {
    const clean = makeRepository(
      cases.filter(({ breaks }) => breaks.length === 0),
      { declares: true },
    );
    // The other half of the cycle, whose first half breaks a rule and isn't there.
    rmSync(join(clean, 'packages/shared/src/cycle-b.ts'));
    const { status, stdout } = runCruise(clean, 'err');
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });
});

describe('boundaries of packages that declare no other package', () => {
  let result: Cruise;

  beforeAll(() => {
    result = cruise(makeRepository(directions, { declares: false }));
  });

  it.each(directions)('$name', ({ file, breaks }) => {
    const from = file.split('/')[1];
    expect(rulesBrokenBy(file, result)).toEqual([...breaks, `${from}-declares-the-packages-it-uses`].sort());
  });
});
