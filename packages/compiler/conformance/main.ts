/**
 * Runs tfjs-core's own suite of specs:
 *
 *     npx nx run compiler:conformance                          # against the backend onnx
 *     npx nx run compiler:conformance -- --filter=avgPool      # only specs whose names contain that; shows why they fail
 *     npx nx run compiler:conformance -- --backend=wasm        # against tfjs's cpu or wasm backend
 *     npx nx run compiler:conformance -- --update              # writes CONFORMANCE.md and peers.json anew, all backends
 */
import { writeFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { conformanceFile, conformanceTable } from './conformance-table.ts';
import { countSpecs } from './count-specs.ts';
import { peersFile, type PeerCounts } from './peer-counts.ts';
import { runSuite } from './run-suite.ts';
import type { SuiteBackend } from './spec-result.ts';

const usage = `Usage: npx nx run compiler:conformance -- [options]

Runs tfjs-core's own suite of specs, in two minutes, and lists those that fail.

  --backend NAME  onnx, cpu or wasm [default: onnx]
  --filter TEXT   only specs whose names contain it; shows which kernels fell back
  --update        write CONFORMANCE.md and peers.json anew, by the whole suite on all three backends
  --help          print this
`;
const values = readOptions({
  backend: { type: 'string', default: 'onnx' },
  filter: { type: 'string', default: '' },
  update: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const);
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const backends: readonly string[] = ['onnx', 'cpu', 'wasm'];
if (!backends.includes(values.backend)) {
  process.stderr.write(
    `Cannot run the suite on "${values.backend}": the backend must be ${backends.join(', ')}.\n`,
  );
  process.exit(2);
}

if (values.update) await update();
else await show(values.backend as SuiteBackend, values.filter);

function readOptions<Options extends NonNullable<ParseArgsConfig['options']>>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`Cannot run the suite: ${(error as Error).message.split('. ')[0]}.\n\n${usage}`);
    process.exit(2);
  }
}

async function show(backend: SuiteBackend, filter: string): Promise<void> {
  const results = await runSuite(backend, filter);
  for (const { name, status, fallbacks, message } of results) {
    if (status === 'failed')
      process.stdout.write(`failed: ${name}\n    ${message.split('\n').slice(0, 3).join('\n    ')}\n`);
    else if (filter !== '' && fallbacks.length > 0)
      process.stdout.write(`fell back on ${fallbacks.join(', ')}: ${name}\n`);
  }
  const { specs, passed, withoutFallback, failed, pending } = countSpecs(results);
  process.stdout.write(
    `${backend}: ${passed} of ${specs} specs passed` +
      `${backend === 'onnx' ? ` (${withoutFallback} without any fallback kernel)` : ''}, ${failed} failed, ` +
      `${pending} left out by the suite\n`,
  );
}

async function update(): Promise<void> {
  const peers: PeerCounts = {
    cpu: countSpecs(await runSuite('cpu')),
    wasm: countSpecs(await runSuite('wasm')),
  };
  writeFileSync(peersFile, `${JSON.stringify(peers, null, 2)}\n`);
  writeFileSync(conformanceFile, await conformanceTable(await runSuite('onnx'), peers));
  process.stdout.write(`${conformanceFile} and ${peersFile} are written\n`);
}
