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
    const finding = engineFinding('onnx webgpu', ran(losses), [2, 1]);
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
    const finding = engineFinding('onnx cuda', ran(losses), [2, 1]);
    expect(finding.status).toBe('broken');
    expect(finding.text).toContain(`come to ${losses.join(', ')} in place of 2, 1`);
    expect(finding.remedy).toContain('Update the driver');
  });
});

describe('an engine that refused', () => {
  const refused = { kind: 'refused', reason: 'no such thing' } as const;

  test('is absent, with its reason and what to do', () => {
    expect(engineFinding('tfjs-node-gpu', refused, [])).toMatchObject({
      status: 'absent',
      text: 'no such thing',
      remedy: expect.stringContaining("Devices in the trainer's README") as string,
    });
  });

  test('is broken where it should work everywhere', () => {
    expect(engineFinding('onnx cpu', refused, []).status).toBe('broken');
  });
});
