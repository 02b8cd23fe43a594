import { spawn } from 'node:child_process';
import { bundleSuite } from './bundle-suite.ts';
import type { SpecResult, SuiteBackend, SuiteOrder } from './spec-result.ts';

/** Processes that share the specs. */
const shards = 2;

/**
 * Runs the specs of tfjs-core against a backend, and those that fail once more: a few draw random numbers and test what
 * they are like.
 *
 * @param filter runs only specs whose names contain it.
 * @returns what became of each spec, in the order of names.
 * @throws Error when a process ends before it has run its specs.
 */
export async function runSuite(backend: SuiteBackend, filter = ''): Promise<SpecResult[]> {
  const bundle = await bundleSuite();
  const order = { backend, shards, filter, ids: [] };
  const first = await Promise.all([0, 1].map((shard) => runShard(bundle, { ...order, shard })));
  const results = new Map(first.flat().map((result) => [result.id, result]));
  const failed = [...results.values()].filter(({ status }) => status === 'failed').map(({ id }) => id);
  if (failed.length > 0) {
    const again = await runShard(bundle, { ...order, shard: 0, shards: 1, ids: failed });
    for (const result of again) results.set(result.id, result);
  }
  return [...results.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function runShard(bundle: string, order: SuiteOrder): Promise<SpecResult[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (parts.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (parts.err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0) {
        reject(
          new Error(
            `Cannot run the suite on "${order.backend}": its process ended with ${code ?? signal ?? ''}: ${parts.err.slice(-2000)}`,
          ),
        );
        return;
      }
      const lines = parts.out.split('\n').filter((line) => line.startsWith('{"id":'));
      resolve(lines.map((line) => JSON.parse(line) as SpecResult));
    });
  });
}
