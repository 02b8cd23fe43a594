import { describe, expect, it } from 'vitest';
import { benchModels, peers } from './peer-table.ts';
import { planJobs, type PlannedJob, type PlanOptions } from './plan-jobs.ts';

const options: PlanOptions = {
  threads: 2,
  batchSizes: [64, 128, 256, 512],
  warmUp: 20,
  steps: 200,
  stepsBudgetMs: 4000,
  stepsPatienceMs: 60_000,
  imageCounts: [15_000, 30_000, 60_000],
  targetBudgetMs: 300_000,
  models: benchModels.slice(0, 2),
  peers: peers.filter(({ id }) => ['narrows', 'pytorch', 'jax-js', 'jax-js-workers'].includes(id)),
  kinds: ['steps'],
  rounds: 2,
  threadCounts: [],
};
const names = (plan: readonly PlannedJob[]): string[] =>
  plan.map(({ peer, round, job }) => `${job.model} ${round} ${peer.id}`);

describe('planJobs', () => {
  it('has the peers take turns within each round', () => {
    expect(names(planJobs(options)).slice(0, 8)).toEqual([
      'basic-32 1 narrows',
      'basic-32 1 pytorch',
      'basic-32 1 jax-js',
      'basic-32 1 jax-js-workers',
      'basic-32 2 narrows',
      'basic-32 2 pytorch',
      'basic-32 2 jax-js',
      'basic-32 2 jax-js-workers',
    ]);
  });

  it('asks who takes seconds a step once, for one batch size', () => {
    const cnn = planJobs({ ...options, models: [benchModels[2]] });
    const slow = cnn.filter(({ peer }) => peer.id === 'jax-js');
    expect(slow).toHaveLength(1);
    expect(slow[0].job).toMatchObject({ batchSizes: [64] });
    expect(cnn.find(({ peer }) => peer.id === 'narrows')!.job).toMatchObject({
      batchSizes: [64, 128, 256, 512],
    });
  });

  it('gives a peer with one thread one, and leaves out one that needs several where there is one', () => {
    expect(planJobs(options).find(({ peer }) => peer.id === 'jax-js')!.job.threads).toBe(1);
    expect(names(planJobs({ ...options, threads: 1 })).join()).not.toContain('workers');
  });

  it('runs nobody on more threads than it is told', () => {
    const plan = planJobs({ ...options, threads: 1 });
    expect(plan.every(({ job }) => job.threads === 1)).toBe(true);
  });

  it('compares threads of those who run on any number', () => {
    const plan = planJobs({ ...options, rounds: 1, threadCounts: [1, 2] });
    const single = plan.filter(({ job }) => job.threads === 1 && job.model === 'basic-32');
    expect(single.map(({ peer }) => peer.id)).toEqual(['jax-js', 'narrows', 'pytorch']);
  });

  it('trains on parts of the data in the first round alone', () => {
    const counts = planJobs({ ...options, kinds: ['epochs'], rounds: 3 })
      .filter(({ peer, job }) => peer.id === 'narrows' && job.model === 'basic-32')
      .map(({ job }) => (job.kind === 'epochs' ? job.imageCounts : []));
    expect(counts).toEqual([[15_000, 30_000, 60_000], [60_000]]);
  });

  it('starts training to a target from another seed in each round', () => {
    const seeds = planJobs({ ...options, kinds: ['target'] }).flatMap(({ job, round }) =>
      job.kind === 'target' ? [[round, job.seed]] : [],
    );
    expect(new Set(seeds.map(String))).toEqual(new Set(['1,1', '2,2']));
  });

  it('gives each model its own target', () => {
    const targets = planJobs({ ...options, kinds: ['target'] }).map(({ job }) =>
      job.kind === 'target' ? job.target : undefined,
    );
    expect(new Set(targets)).toEqual(new Set([0.01, 0.006]));
  });

  it('asks nobody for what it has no part in', () => {
    const plan = planJobs({ ...options, peers, kinds: ['compile', 'inference'] });
    expect(new Set(plan.map(({ peer }) => peer.id))).toEqual(new Set(['compile', 'ort-node', 'ort-web']));
  });
});
