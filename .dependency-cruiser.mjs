/**
 * The one direction in which packages may depend on each other, and the doors to the outside.
 * `npx nx run narrows:boundaries` fails on any import that breaks a rule; `tools/src/boundaries.test.ts` proves it.
 */
import { existsSync, readFileSync } from 'node:fs';

/** Which package may import which. `tools` may import all of them, and none may import `tools`. */
const mayUse = {
  shared: [],
  models: ['shared'],
  compiler: [],
  trainer: ['shared', 'models', 'compiler'],
  viewer: ['shared'],
};

/** The only file of the product that may import a library whose details the rest mustn't know. */
const doors = [
  { library: 'onnxruntime-node', file: 'packages/trainer/src/engine/onnx-session\\.ts' },
  { library: 'pbf', file: 'packages/compiler/src/onnx/(protobuf|protobuf\\.test)\\.ts' },
];

/** Code that never ships, and so may use development dependencies, its own package's and the root's. */
const development = '\\.(test|cases)\\.ts$|/testing/|/e2e/|^tools/';

const packageFolder = '^(packages/[^/]+|tools)/';

/** A rule against every import into another package than `names`. */
const onlyPackages = (names) => `^(packages/(?!(${names.join('|')})/)|tools/)`;

/** The packages of this repository that a package's own package.json names. */
function declaredPackages(name) {
  // Paths are relative to the folder that is cruised, as in all rules. The viewer may not be there yet.
  const file = `packages/${name}/package.json`;
  if (!existsSync(file)) return [];
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies })
    .filter((dependency) => dependency.startsWith('@narrows/'))
    .map((dependency) => dependency.slice('@narrows/'.length));
}

export default {
  forbidden: [
    ...Object.entries(mayUse).map(([name, allowed]) => ({
      name: `${name}-uses-only-${allowed.join('-') || 'itself'}`,
      comment: `packages/${name} may import ${allowed.join(', ') || 'no other package'}.`,
      severity: 'error',
      from: { path: `^packages/${name}/` },
      to: { path: onlyPackages([name, ...allowed]) },
    })),
    ...Object.keys(mayUse).map((name) => ({
      name: `${name}-declares-the-packages-it-uses`,
      comment: `An import of @narrows/NAME needs a line in packages/${name}/package.json.`,
      severity: 'error',
      from: { path: `^packages/${name}/` },
      to: { path: onlyPackages([name, ...declaredPackages(name)]) },
    })),
    ...doors.map(({ library, file }) => ({
      name: `one-door-to-${library}`,
      comment: `Only ${file.replaceAll('\\', '')} and the compiler's test equipment may import ${library}.`,
      severity: 'error',
      from: { path: packageFolder, pathNot: [`^${file}$`, '^packages/compiler/src/testing/'] },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
    {
      name: 'no-cycles',
      comment: 'Modules that import each other can be neither read nor tested one after the other.',
      severity: 'error',
      from: {},
      // An import of types alone is gone before anything runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-only-through-their-entry',
      comment: 'Import @narrows/NAME, never a file inside another package.',
      severity: 'error',
      from: { path: packageFolder },
      to: { path: '^packages/[^/]+/', pathNot: ['^$1/', '^packages/[^/]+/src/mod\\.ts$'] },
    },
    {
      name: 'packages-only-by-name',
      comment: 'Import @narrows/NAME, never a relative path that leaves the package.',
      severity: 'error',
      from: { path: packageFolder },
      // Of type `local` are the imports that were written as paths.
      to: { path: packageFolder, pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'resolvable',
      comment: 'The file or library is there (the optional tfjs-node may be absent).',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node' },
    },
    {
      name: 'declared',
      comment: 'Every library is a dependency in the package.json of the package that imports it.',
      severity: 'error',
      from: { path: packageFolder, pathNot: development },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are imports too: a door stays shut to them.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
