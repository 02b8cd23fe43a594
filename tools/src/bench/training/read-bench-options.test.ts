import { describe, expect, it } from 'vitest';
import { readBenchOptions } from './read-bench-options.ts';

describe('readBenchOptions', () => {
  it('measures everybody by default, and what others are foreseen by first', () => {
    const { plan } = readBenchOptions({});
    expect(plan.models.map(({ id }) => id)).toEqual(['basic-32', 'deeper-64', 'cnn']);
    expect(plan.kinds).toEqual(['compile', 'inference', 'steps', 'epochs', 'target']);
    expect(plan.batchSizes).toEqual([64, 128, 256, 512]);
  });

  it('takes parts, in its own order', () => {
    const { plan } = readBenchOptions({
      models: 'cnn',
      peers: 'pytorch,narrows',
      kinds: 'epochs,steps',
      rounds: '5',
      threads: '1',
    });
    expect(plan.models.map(({ id }) => id)).toEqual(['cnn']);
    expect(plan.peers.map(({ id }) => id)).toEqual(['pytorch', 'narrows']);
    expect([plan.kinds, plan.rounds, plan.threads]).toEqual([['steps', 'epochs'], 5, 1]);
  });

  it('trains to no target in a hurry', () => {
    expect(readBenchOptions({ quick: true }).plan.kinds).not.toContain('target');
  });

  it.each([
    [{ models: 'huge' }, /Cannot train "huge" in the bench: peers know basic-32, deeper-64, cnn/],
    [{ peers: 'narrows,abacus' }, /Cannot measure "abacus": there is no peer of that name/],
    [{ kinds: 'speed' }, /Cannot measure "speed": it is none of steps, epochs, target, compile, inference/],
    [{ rounds: '0' }, /Cannot set --rounds to "0"/],
    [{ threads: '1.5' }, /Cannot set --threads to "1.5"/],
  ])('refuses %j', (flags, message) => {
    expect(() => readBenchOptions(flags)).toThrow(message);
  });
});
