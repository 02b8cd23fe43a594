/** WIP */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleSuite } from './bundle.ts';
import type { SpecResult } from './spec-result.ts';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'onnx' },
    filter: { type: 'string', default: '' },
    out: { type: 'string' },
    shards: { type: 'string', default: '2' },
  },
});
const bundle = await bundleSuite();
const shards = Number(values.shards);
const lines = await Promise.all(
  Array.from(
    { length: shards },
    (_, i) =>
      new Promise<string>((resolve) => {
        const child = spawn(
          process.execPath,
          [bundle, values.backend, String(i), String(shards), values.filter],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
        child.on('close', (code) => {
          if (code !== 0) process.stderr.write(`shard ${i} ended with ${code}\n`);
          resolve(text);
        });
      }),
  ),
);
const results: SpecResult[] = lines
  .join('')
  .split('\n')
  .filter((l) => l.startsWith('{"name"'))
  .map((l) => JSON.parse(l));
const passed = results.filter((r) => r.status === 'passed');
const native = passed.filter((r) => r.fallbacks.length === 0);
for (const r of results)
  if (r.status === 'failed' && values.filter !== '')
    console.log('FAIL', r.name, '\n    ', r.message.split('\n').slice(0, 3).join('\n     '));
for (const r of passed)
  if (r.fallbacks.length && values.filter !== '') console.log('FALLBACK', r.name, r.fallbacks.join());
console.log(
  `${results.length} specs: ${passed.length} passed (${native.length} with no fallback), ${results.filter((r) => r.status === 'failed').length} failed, ${results.filter((r) => r.status === 'pending').length} pending`,
);
if (values.out) writeFileSync(values.out, JSON.stringify(results, null, 1));
