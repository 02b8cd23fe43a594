import { describe, expect, test } from 'vitest';
import { engineFinding } from './examine-engines.ts';
import type { EngineAnswer } from './try-engine.ts';

const ran = (losses: readonly number[]): EngineAnswer => ({
  kind: 'ran',
  detail: '2 threads',
  losses,
  stepMs: 1.2345,
});

describe('an engine that ran', () => {
  test.each([
    ['the same', [2, 1], 'agree with plain JavaScript to the last digit; 1.23 ms'],
    ['rounded otherwise', [2.000002, 1], 'agree with plain JavaScript to 1e-6; 1.23 ms'],
    ['in TF32', [2, 1.0004], 'agree with plain JavaScript to 4e-4; 1.23 ms'],
  ])('works where its losses are %s', (_, losses, text) => {
    const finding = engineFinding('onnx webgpu', ran(losses), { expected: [2, 1], onnxWorks: true });
    expect(finding).toMatchObject({ section: 'Engines', name: 'onnx webgpu', status: 'ok' });
    expect(finding.text).toContain(text);
    expect(finding.text).toContain('(--device webgpu)');
    expect(finding.remedy).toBeUndefined();
  });

  test.each([
    ['off', [2, 1.01]],
    ['not a number', [2, NaN]],
    ['infinite', [Infinity, 1]],
  ])('is broken where a loss is %s', (_, losses) => {
    const finding = engineFinding('onnx cuda', ran(losses), { expected: [2, 1], onnxWorks: true });
    expect(finding.status).toBe('broken');
    expect(finding.text).toContain(`come to ${losses.join(', ')} in place of 2, 1`);
    expect(finding.remedy).toContain('Update the driver');
  });

  test('is broken where there is nothing to compare it with', () => {
    expect(engineFinding('onnx cpu', ran([2, 1]), { expected: undefined, onnxWorks: true })).toMatchObject({
      status: 'broken',
      text: '2 threads: takes train steps, but nothing says whether they are right',
    });
  });
});

describe('an engine that refused', () => {
  const refused = { kind: 'refused', reason: 'no such thing' } as const;
  const context = { expected: [], onnxWorks: true };

  test('is absent, with its reason and what to do', () => {
    expect(engineFinding('tfjs-node-gpu', refused, context)).toMatchObject({
      status: 'absent',
      text: 'no such thing',
      remedy: expect.stringContaining("Devices in the trainer's README") as string,
    });
  });

  test('is broken where it should work everywhere', () => {
    expect(engineFinding('onnx cpu', refused, context).status).toBe('broken');
  });

  test('is told to mend the cpu first where onnxruntime runs nowhere', () => {
    const remedyOf = (onnxWorks: boolean) =>
      engineFinding('onnx cuda', refused, { ...context, onnxWorks }).remedy;
    expect(remedyOf(false)).toBe('Mend onnx cpu first.');
    expect(remedyOf(true)).toContain('For NVIDIA GPUs');
  });
});
