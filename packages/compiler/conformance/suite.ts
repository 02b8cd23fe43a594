/**
 * Runs the specs of tfjs-core 4.22 against one backend and prints a line of JSON for each. Bundled by `bundle-suite.ts`, so
 * that the specs and the backend share one tfjs-core; started by `run-suite.ts` in processes of its own:
 *
 *     node suite.mjs '{"backend":"onnx","shard":0,"shards":2,"ids":[],"filter":""}'
 */
// First, since specs call `describe` as they load.
import { jasmineEnv } from './jasmine-globals.ts';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import { dirname } from 'node:path';
import { fallbackCounts } from '../src/backend/node.ts';
import type { SpecResult, SuiteOrder } from './spec-result.ts';

const { backend, shard, shards, ids, filter } = JSON.parse(process.argv[2]) as SuiteOrder;
// The bundle's own `require`, see bundle-suite.ts.
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
setTestEnvs([{ name: backend, backendName: backend, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests.js');

let place = 0;
const chosen = new Set(ids);
jasmineEnv.configure({
  random: false,
  failFast: false,
  specFilter: (spec) => {
    const isOurs = place++ % shards === shard;
    return isOurs && spec.getFullName().includes(filter) && (chosen.size === 0 || chosen.has(spec.id));
  },
});

let before: ReadonlyMap<string, number> = new Map();
jasmineEnv.addReporter({
  specStarted: () => {
    before = new Map(fallbackCounts());
  },
  specDone: ({ id, fullName, status, failedExpectations }) => {
    if (status === 'excluded') return;
    const result: SpecResult = {
      id,
      name: fullName,
      status,
      fallbacks: [...fallbackCounts()].flatMap(([kernel, count]) =>
        count > (before.get(kernel) ?? 0) ? [kernel] : [],
      ),
      message: failedExpectations.map(({ message }) => message).join('\n'),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  },
});
await jasmineEnv.execute();
process.exit(0);
