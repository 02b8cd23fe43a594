/**
 * A process for `run-lock.test.ts`. Its arguments are paths of locks. It prints "ready", reads a time to begin, as
 * milliseconds since 1970, tries the next lock every 15 ms, keeps those it gets, prints their numbers as JSON, and lives
 * until its input ends.
 */
import { once } from 'node:events';
import { ExpectedError } from '../../expected-error.ts';
import { acquireRunLock } from '../run-lock.ts';

const paths = process.argv.slice(2);
process.stdout.write('ready\n');
const [beginAtMs] = (await once(process.stdin, 'data')) as [Buffer];
const won: number[] = [];
for (const [index, path] of paths.entries()) {
  // Turning in place, so that several processes begin as much at once as they can.
  while (Date.now() < Number(beginAtMs.toString()) + index * 15);
  try {
    acquireRunLock(path);
    won.push(index);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
  }
}
process.stdout.write(`${JSON.stringify(won)}\n`);
