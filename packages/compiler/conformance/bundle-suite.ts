import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the suite of tfjs-core with the backend, so that both use one tfjs-core: the package's main file is a bundle of
 * its own, of which the specs' modules know nothing.
 * @returns the bundle's path.
 */
export async function bundleSuite(): Promise<string> {
  const require = createRequire(import.meta.url);
  const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));
  const outfile = join(import.meta.dirname, '../../../node_modules/.cache/narrows-conformance/suite.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'suite.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    // tfjs-core says that its modules have no side effects, and its specs are nothing but.
    ignoreAnnotations: true,
    alias: { '@tensorflow/tfjs-core/dist/tests.js': join(core, 'dist/tests.js') },
    external: ['onnxruntime-node', 'onnxruntime-web'],
    // What tfjs's wasm backend expects to find in Node is not there in a module.
    banner: {
      js: [
        "import { createRequire as requireOf } from 'node:module';",
        "import { fileURLToPath } from 'node:url';",
        'const require = requireOf(import.meta.url);',
        'const __filename = fileURLToPath(import.meta.url);',
        "const __dirname = __filename.slice(0, __filename.lastIndexOf('/'));",
      ].join('\n'),
    },
    logLevel: 'error',
  });
  return outfile;
}
