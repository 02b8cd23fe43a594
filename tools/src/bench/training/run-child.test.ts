import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutcome, runChild } from './run-child.ts';
import { compiledIn } from './testing/made-up-sitting.ts';

const { job } = compiledIn(1);
const script = (text: string): string[] => [process.execPath, '-e', text];
const timeoutMs = 20_000;

describe('runChild', () => {
  it('gives the job as the last word and reads the last line', async () => {
    const text = `
      const job = JSON.parse(process.argv.at(-1));
      console.log('chatter');
      console.log(JSON.stringify({ version: job.model, peakBytes: 1 }));`;
    expect(await runChild(script(text), job, { timeoutMs })).toEqual({
      answer: { version: 'basic-32', peakBytes: 1 },
    });
  });

  it('says that a program is not there', async () => {
    expect(await runChild(['/no/such/program'], job, { timeoutMs })).toEqual({
      failure: 'spawn /no/such/program ENOENT',
    });
  });

  it('says why a child died', async () => {
    expect(await runChild(script('null.x'), job, { timeoutMs })).toEqual({
      failure: "exit code 1: TypeError: Cannot read properties of null (reading 'x')",
    });
    expect(await runChild(script('process.kill(process.pid, "SIGKILL")'), job, { timeoutMs })).toEqual({
      failure: 'SIGKILL',
    });
  });

  it('ends a child that takes too long', async () => {
    expect(await runChild(script('setInterval(() => {}, 1000)'), job, { timeoutMs: 400 })).toEqual({
      failure: 'took longer than 0 s',
    });
  });
});

describe('readOutcome', () => {
  it("takes a child's own word, without the place of the repository", () => {
    const root = resolve(import.meta.dirname, '../../../..');
    const line = JSON.stringify({ failure: `no ${root}/packages/one` });
    expect(readOutcome(line, '')).toEqual({ failure: 'no packages/one' });
  });

  it.each(['', 'Segmentation', '{"version":1}'])('makes a failure of what is no answer: %j', (stdout) => {
    expect(readOutcome(stdout, '')).toEqual({ failure: `gave no answer: "${stdout}"` });
  });
});
