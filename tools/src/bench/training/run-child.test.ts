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
    expect(await runChild(script(text), job, { timeoutMs, ending: new AbortController() })).toEqual({
      answer: { version: 'basic-32', peakBytes: 1 },
    });
  });

  it('says that a program is not there', async () => {
    expect(await runChild(['/no/such/program'], job, { timeoutMs, ending: new AbortController() })).toEqual({
      failure: 'spawn /no/such/program ENOENT',
    });
  });

  it('says why a child died', async () => {
    expect(await runChild(script('null.x'), job, { timeoutMs, ending: new AbortController() })).toEqual({
      failure: "exit code 1: TypeError: Cannot read properties of null (reading 'x')",
    });
    expect(
      await runChild(script('process.kill(process.pid, "SIGKILL")'), job, {
        timeoutMs,
        ending: new AbortController(),
      }),
    ).toEqual({
      failure: 'SIGKILL',
    });
  });

  it('ends a child that takes too long', async () => {
    expect(
      await runChild(script('setInterval(() => {}, 1000)'), job, {
        timeoutMs: 400,
        ending: new AbortController(),
      }),
    ).toEqual({
      failure: 'took longer than 0 s',
    });
  });
});

describe('ending', () => {
  it.skipIf(process.platform === 'win32')('is asked for by a signal to the child alone, too', async () => {
    const ending = new AbortController();
    await runChild(script('process.kill(process.pid, "SIGTERM")'), job, { timeoutMs, ending });
    expect(ending.signal.reason).toBe('SIGTERM');
  });

  it('comes to a child at work, and to one that has not begun', async () => {
    const ending = new AbortController();
    const outcome = runChild(script('setInterval(() => {}, 1000)'), job, { timeoutMs, ending });
    ending.abort('SIGINT');
    expect(await outcome).toHaveProperty('failure');
    expect(await runChild(script('setInterval(() => {}, 1000)'), job, { timeoutMs, ending })).toHaveProperty(
      'failure',
    );
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
