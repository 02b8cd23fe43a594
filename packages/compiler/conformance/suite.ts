/**
 * Runs the specs of tfjs-core 4.22 against one backend and prints a line of JSON for each. Bundled by `bundle.ts`, so that
 * the specs and the backend share one tfjs-core; run by `run.ts` in a process of its own:
 *
 *     node suite.mjs BACKEND SHARD SHARDS [FILTER]
 */
import { jasmineEnv } from './jasmine-globals.ts';
import * as tf from '@tensorflow/tfjs';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import { fallbackCounts } from '../src/backend/node.ts';
import type { SpecResult } from './spec-result.ts';

const [backendName = 'onnx', shard = '0', shards = '1', filter = ''] = process.argv.slice(2);

const total = (): number => [...fallbackCounts().values()].reduce((sum, count) => sum + count, 0);
let before = new Map<string, number>();
let place = 0;

setTestEnvs([{ name: backendName, backendName, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests.js');

jasmineEnv.configure({
  random: false,
  failFast: false,
  specFilter: (spec) => {
    const isOurs = place++ % Number(shards) === Number(shard);
    return isOurs && spec.getFullName().includes(filter);
  },
});
jasmineEnv.addReporter({
  specStarted: () => {
    before = new Map(fallbackCounts());
  },
  specDone: ({ fullName, status, failedExpectations }) => {
    if (status === 'excluded') return;
    const fallbacks = [...fallbackCounts()].flatMap(([name, count]) =>
      count > (before.get(name) ?? 0) ? [name] : [],
    );
    const result: SpecResult = {
      name: fullName,
      status,
      fallbacks,
      message: failedExpectations
        .map(({ message }) => message)
        .join('\n')
        .slice(0, 600),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  },
  jasmineDone: () => {
    process.stderr.write(
      `${backendName}: shard ${shard} done, ${total()} fallbacks, ${tf.memory().numTensors} tensors left\n`,
    );
  },
});
await jasmineEnv.execute();
process.exit(0);
