/**
 * A process for `signals.test.ts`: takes steps of 20 ms and writes a line for each, until it is asked to stop; then ten
 * more, and writes the file named in its first argument.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStopSignal, surviveClosedOutput } from '../signals.ts';

const marker = process.argv[2];
surviveClosedOutput(process.stdout, process.stderr);
const stop = createStopSignal(process, {
  say: (line) => process.stderr.write(`${line}\n`),
  beforeExit: () => process.stderr.write('bye\n'),
});

process.stdout.write('ready\n');
while (!stop.requested) {
  await sleep(20);
  process.stdout.write('step\n');
}
// Long enough for signals that follow: the work after a request must not be over before they arrive.
for (let step = 0; step < 50; step++) {
  await sleep(20);
  process.stdout.write('last steps\n');
}
writeFileSync(marker, 'saved');
process.exitCode = stop.exitCode ?? 0;
stop.dispose();
