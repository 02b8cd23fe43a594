import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runMain } from '../testing/run-main.ts';
import { noSoftwareVulkan, softwareVulkan } from '../testing/software-vulkan.ts';

const reportSchema = z.strictObject({
  format: z.literal(1),
  canTrain: z.boolean(),
  findings: z.array(
    z.strictObject({
      section: z.enum(['Machine', 'Engines', 'For NVIDIA GPUs', 'For WebGPU']),
      name: z.string(),
      status: z.enum(['ok', 'absent', 'broken']),
      text: z.string().regex(/^\P{Cc}+$/u),
      remedy: z.string().regex(/\.$/).optional(),
    }),
  ),
});

// Each tries every engine.
const slow = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Read by every process of the command: drivers that take down the one in which they are tried. */
const crash = join(folder, 'crash.cjs');
writeFileSync(
  crash,
  `const signals = { 'onnx cuda': 'SIGSEGV', 'onnx webgpu': 'SIGKILL' };
  if (process.argv[2] in signals) process.kill(process.pid, signals[process.argv[2]]);`,
);

test(
  'the command tells as JSON that this machine can train, as its tests do, though drivers crash',
  async () => {
    const { code, stdout, stderr } = await runMain(['doctor', '--json', '--threads=1'], folder, {
      NODE_OPTIONS: `--require=${crash}`,
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { canTrain, findings } = reportSchema.parse(JSON.parse(stdout));
    expect(canTrain).toBe(true);
    const cpu = findings.find(({ name }) => name === 'onnx cpu');
    expect(cpu).toMatchObject({ section: 'Engines', status: 'ok' });
    expect(cpu!.text).toMatch(
      /^1 thread: train steps agree with plain JavaScript to .+; .+ ms for one of basic-32/,
    );
    const names = findings.filter(({ section }) => section === 'Engines').map(({ name }) => name);
    expect(names).toEqual(['onnx cpu', 'onnx webgpu', 'onnx cuda', 'tfjs-node', 'tfjs-node-gpu']);
    const textOf = (wanted: string) => findings.find(({ name }) => name === wanted)?.text;
    expect(textOf('onnx cuda')).toBe('its process ended with SIGSEGV');
    expect(textOf('onnx webgpu')).toBe(
      'its process ended with SIGKILL (as the system does where memory runs out)',
    );
    // Whatever the machine lacks, it says what to do about it.
    for (const { section, status, remedy } of findings) {
      if (section === 'Engines' && status !== 'ok') expect(remedy).toBeDefined();
    }
  },
  slow,
);

test.skipIf(noSoftwareVulkan !== undefined)(
  `WebGPU works where there is a driver${noSoftwareVulkan === undefined ? '' : ` (skipped: ${noSoftwareVulkan})`}`,
  async () => {
    const { code, stdout } = await runMain(['doctor'], folder, softwareVulkan());
    expect(code).toBe(0);
    expect(stdout).toMatch(/ ✓ onnx webgpu +onnxruntime: train steps agree with plain JavaScript to/);
    expect(stdout).toMatch(/ ✓ Vulkan loader +\S+libvulkan\.so\.1/);
    expect(stdout).toMatch(/ ✓ Vulkan driver +\S+\.json:/);
    expect(stdout).toMatch(/\n\nThis machine can train on onnx cpu, onnx webgpu/);
  },
  slow,
);

test('help says what it does, its options and its exit codes', async () => {
  const { code, stdout } = await runMain(['doctor', '--help'], folder);
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: npx nx run trainer:doctor -- [options]');
  for (const part of ['--threads N', '--json', 'At least one engine works.']) expect(stdout).toContain(part);
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test.each([
  [
    ['--threads=0'],
    'Cannot use --threads: it takes a whole number from 1 to 1,024, not 0: write for example --threads=2.',
  ],
  [['--jsom'], 'Cannot use --jsom: doctor has no such option: did you mean --json?'],
])('%s is refused in one line', async (args, message) => {
  const { code, stderr } = await runMain(['doctor', ...args], folder);
  expect([code, stderr]).toEqual([2, `${message}\n`]);
});
