import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from './finding.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const binding = `bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`;
// It tries every engine.
const slow = 240_000;

/** A copy of the packages whose onnxruntime-node lacks its binding. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'broken-'));
  for (const name of ['shared', 'models', 'compiler', 'trainer']) {
    for (const part of ['package.json', 'src']) {
      cpSync(join(root, 'packages', name, part), join(copy, 'packages', name, part), { recursive: true });
    }
    link(join(root, 'packages', name, 'node_modules'), join(copy, 'packages', name, 'node_modules'));
  }
  mkdirSync(join(copy, 'node_modules/@narrows'), { recursive: true });
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules/@narrows', name));
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@narrows' || name === 'onnxruntime-node' || name === '.cache') continue;
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  const runtime = join(root, 'node_modules/onnxruntime-node');
  cpSync(runtime, join(copy, 'node_modules/onnxruntime-node'), {
    recursive: true,
    filter: (path) => path !== resolve(runtime, binding),
  });
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

function link(target: string, path: string): void {
  try {
    readdirSync(target);
  } catch {
    return;
  }
  symlinkSync(target, path);
}

function run(
  ...args: readonly string[]
): Promise<{ code: number | string | undefined; stdout: string; stderr: string }> {
  const main = join(copy, 'packages/trainer/src/main.ts');
  return new Promise((resolved) => {
    execFile(
      process.execPath,
      ['--import', loader, main, ...args],
      { cwd: copy },
      (error, stdout, stderr) => {
        resolved({ code: error === null ? 0 : (error.code ?? undefined), stdout, stderr });
      },
    );
  });
}

test(
  'the doctor tells that onnxruntime lacks its binding, and all else that it finds',
  async () => {
    const { code, stdout, stderr } = await run('doctor', '--json', '--threads=1');
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const engines = findings.filter(({ section }) => section === 'Engines');
    const missing = /Cannot find module '.*onnxruntime_binding\.node'/;
    expect(engines.slice(0, 3)).toMatchObject([
      { name: 'onnx cpu', status: 'broken', remedy: expect.stringContaining('npm ci') as string },
      { name: 'onnx webgpu', status: 'absent', remedy: 'Mend onnx cpu first.' },
      { name: 'onnx cuda', status: 'absent', remedy: 'Mend onnx cpu first.' },
    ]);
    for (const { text } of engines.slice(0, 3)) expect(text).toMatch(missing);
    for (const { text } of engines.slice(3)) expect(text).not.toMatch(missing);
    expect(engines.map(({ name }) => name).slice(3)).toEqual(['tfjs-node', 'tfjs-node-gpu']);
    expect(new Set(findings.map(({ section }) => section)).size).toBe(4);
  },
  slow,
);

test('other commands say in one line what is missing, and the doctor still answers a question', async () => {
  const train = await run('train', '--preset=quick');
  expect(train.code).toBe(1);
  expect(train.stderr).toMatch(
    /^Cannot train: a part of the installation can't be loaded \(Cannot find module '.*onnxruntime_binding\.node'\): run npm ci anew; .*trainer:doctor.*\n$/,
  );
  const help = await run('doctor', '--help');
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Usage: npx nx run trainer:doctor');
});
