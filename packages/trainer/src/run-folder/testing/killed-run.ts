/**
 * A process for `killed-run.test.ts`. Its arguments are a run's folder, a generation and a number.
 *
 * With a number N from 1 on, it makes one run, and kills itself with SIGKILL just before its N-th call that changes the
 * disk, a write half done; with fewer calls than that it exits with 0. With 0 it prints "ready" and makes one run after
 * the other until somebody kills it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [out, generation, killAt] = process.argv.slice(2);

let calls = 0;
/** Makes the N-th call of any of these functions the last thing that this process does. */
function killInstead<Arguments extends unknown[], Result>(
  call: (...args: Arguments) => Result,
  halfDone?: (...args: Arguments) => void,
): (...args: Arguments) => Result {
  return (...args) => {
    if (++calls === Number(killAt)) {
      halfDone?.(...args);
      process.kill(process.pid, 'SIGKILL');
    }
    return call(...args);
  };
}

const { openSync, writeFileSync, writeSync } = fs;
const opening = killInstead(openSync);
Object.assign(fs, {
  // Opening to read changes nothing, and there is no need to kill at it.
  openSync: (...args: Parameters<typeof openSync>) =>
    args[1] === 'r' ? openSync(...args) : opening(...args),
  writeFileSync: killInstead(writeFileSync, (file, data) => {
    const bytes = Buffer.from(data as string);
    writeSync(file as number, bytes.subarray(0, bytes.length / 2));
  }),
  renameSync: killInstead(fs.renameSync),
  mkdirSync: killInstead(fs.mkdirSync),
  rmSync: killInstead(fs.rmSync),
  rmdirSync: killInstead(fs.rmdirSync),
});
syncBuiltinESMExports();

const { makeRun } = await import('./make-run.ts');
if (killAt === '0') {
  process.stdout.write('ready\n');
  for (let round = 0; ; round++) makeRun(out, `${generation}-${round}`);
}
calls = 0;
makeRun(out, generation);
