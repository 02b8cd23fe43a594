/**
 * A process for `atomic-file.test.ts`: writes the file named in its first argument as often as the second says, in turn
 * one megabyte of "a" and two of "b". Prints a line after the first two, and an error's message to stderr.
 */
import { writeFileAtomic } from '../atomic-file.ts';

const [path, times] = process.argv.slice(2);
try {
  for (let round = 0; round < Number(times); round++) {
    writeFileAtomic(path, 'a'.repeat(1e6));
    writeFileAtomic(path, 'b'.repeat(2e6));
    if (round === 0) process.stdout.write('writing\n');
  }
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
