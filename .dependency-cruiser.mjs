/**
 * The one direction in which packages may depend on each other, and the doors to the outside.
 * `npx nx run narrows:boundaries` fails on any import that breaks a rule; `tools/src/boundaries.test.ts` proves it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';

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
  {
    library: 'onnxruntime-node',
    file: 'packages/(trainer/src/engine/onnx-session|compiler/src/backend/onnxruntime-node)\\.ts',
  },
  { library: 'pbf', file: 'packages/compiler/src/onnx/(protobuf|protobuf\\.test)\\.ts' },
  {
    library: 'onnxruntime-web',
    file: 'packages/(viewer/src/client/worker/ort-session|compiler/src/backend/onnxruntime-web)\\.ts',
  },
];

/** Code that never ships, and so may use development dependencies, its own package's and the root's. */
const development =
  '\\.(test|cases)\\.ts$|/testing/|/e2e/|/conformance/|^tools/|^packages/viewer/(src/build/|vite\\.config\\.ts$)';

/** Parts of the viewer that know each other only by what `src/contract` says. */
const viewerParts = '^packages/viewer/src/(server|build|client)/';

/** The viewer's server where it knows nothing of the runtime that it runs on, and where it is put on workerd. */
const anyRuntime = '^packages/viewer/src/server/(app|worker)\\.ts$';

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
      comment: `Only ${file.replaceAll('\\', '')}, the compiler's test equipment and the bench may import ${library}.`,
      severity: 'error',
      from: {
        path: packageFolder,
        pathNot: [`^${file}$`, '^packages/compiler/src/testing/', '^tools/src/bench/'],
      },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
    {
      name: 'viewer-parts-apart',
      comment:
        'The server, the build and the client of the viewer import nothing of each other, only src/contract.',
      severity: 'error',
      from: { path: viewerParts },
      to: { path: '^packages/viewer/src/', pathNot: '^packages/viewer/src/($1|contract|testing)/' },
    },
    {
      name: 'viewer-contract-by-itself',
      comment: 'What the parts of the viewer agree on depends on none of them.',
      severity: 'error',
      from: { path: '^packages/viewer/src/contract/' },
      to: { path: '^packages/viewer/src/(?!contract/)' },
    },
    {
      name: 'viewer-app-on-any-runtime',
      comment:
        "The viewer's app reaches no module of Node, for it runs on workerd, too; I/O is passed to it.",
      severity: 'error',
      from: { path: anyRuntime },
      to: { reachable: true, path: `^(node:)?(${builtinModules.join('|')})$` },
    },
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
      to: {
        path: '^packages/[^/]+/',
        pathNot: [
          '^$1/',
          '^packages/[^/]+/src/mod\\.ts$',
          '^packages/compiler/src/backend/node\\.ts$',
          '^packages/viewer/src/testing/launch-browser\\.ts$',
        ],
      },
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
      comment:
        'The file or library is there (the optional tfjs-node may be absent; Vite makes addresses of ?url).',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node|\\?url$' },
    },
    {
      name: 'declared',
      comment:
        'Every library is a dependency in the package.json of the package that imports it; a peer is one for development, too.',
      severity: 'error',
      from: { path: packageFolder, pathNot: development },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Made by a build, of what is looked at already.
    exclude: { path: '^packages/[^/]+/dist/' },
    // Types are imports too: a door stays shut to them.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
