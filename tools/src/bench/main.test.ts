import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sittingOf, stepsOf } from './training/testing/made-up-sitting.ts';
import { readResults } from './training/results-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'narrows-bench-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const program = ['--import', 'tsx', join(import.meta.dirname, 'main.ts')];
const tiny = ['--models=basic-32', '--peers=compile,pytorch', '--kinds=compile,epochs', '--quick'];
const run = (...flags: string[]) => spawnSync(process.execPath, [...program, ...flags], { encoding: 'utf8' });
/** Whether there is a process of that number. */
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the bench', { timeout: 60_000 }, () => {
  it('tells what its options are', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--models LIST     of basic-32, deeper-64, cnn [default: all]');
  });

  it.each([
    {
      name: 'an option that there is not',
      status: 2,
      says: /^Cannot run the bench: Unknown option '--turbo'/,
      flags: ['--turbo'],
    },
    {
      name: 'a file that is not there to be updated',
      status: 1,
      says: /^Cannot read ".*absent.json": there is no such file \(ENOENT\): make it by/,
      flags: ['--update', '--output', join(folder, 'absent.json')],
    },
    {
      name: 'a folder in place of a file',
      status: 1,
      says: /^Cannot write to ".*": it is a folder \(EISDIR\): name another file by --output/,
      flags: ['--output', folder],
    },
    {
      name: 'a file in place of a folder',
      status: 1,
      says: /^Cannot write to ".*x.json": a part of its path is a file/,
      flags: ['--output', join(import.meta.filename, 'x.json')],
    },
  ])('ends before its first job on $name', ({ flags, status, says }) => {
    const ended = run(...tiny, ...flags);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('leaves the results of another machine as they are, without a job', () => {
    const path = join(folder, 'other.json');
    const text = JSON.stringify(sittingOf(stepsOf('narrows', 1)));
    writeFileSync(path, text);
    const { status, stderr } = run(...tiny, '--update', '--output', path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Cannot update a bench's results: all must be measured on one machine/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.skipIf(process.platform === 'win32').each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('keeps what it has on %s, and leaves no child', async (signal, status) => {
    const output = join(folder, signal, 'training.json');
    const started = join(folder, `${signal}.pid`);
    const python = join(folder, signal + '.sh');
    writeFileSync(
      python,
      `#!/bin/sh\necho $$ > ${started}.new\nmv ${started}.new ${started}\nexec sleep 300\n`,
      {
        mode: 0o755,
      },
    );
    const bench = spawn(process.execPath, [...program, ...tiny, '--output', output], {
      env: { ...process.env, PYTHON: python },
    });
    let [stdout, stderr] = ['', ''];
    bench.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    bench.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exit = new Promise<number | null>((settle) => bench.on('close', settle));
    await expect.poll(() => existsSync(started), { timeout: 40_000 }).toBe(true);
    const child = Number(readFileSync(started, 'utf8'));
    bench.kill(signal);
    expect(await exit).toBe(status);
    await expect.poll(() => isThere(child)).toBe(false);
    expect(readResults(output).measurements).toMatchObject([{ peer: 'compile' }]);
    expect(stdout).toContain('## Compiling a train step');
    expect(stderr).toContain(`Ended by ${signal} after 1 of 2 measurements, which are kept in ${output}.`);
  });
});
