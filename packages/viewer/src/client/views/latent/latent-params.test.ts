import { expect, test } from 'vitest';
import type { OpenRun } from '../../state/run.ts';
import { readLatentParams, writeEdits } from './latent-params.ts';

const codecs = [{ id: 'basic-32' }, { id: 'pca-64' }] as unknown as OpenRun['codecs'];
const run = {
  codecs,
  manifest: {
    latentMaps: [
      { of: 'pixels', maps: [{ method: 'tsne' }] },
      { of: 'pca-64', maps: [{ method: 'umap' }, { method: 'tsne' }] },
    ],
  } as unknown as OpenRun['manifest'],
};
const read = (query: string) => readLatentParams(run, new URLSearchParams(query));

test('an address without parameters shows the first codec that was mapped', () => {
  expect(read('')).toMatchObject({
    of: 'pca-64',
    method: 'umap',
    methods: ['umap', 'tsne', 'pca'],
    along: 0.5,
  });
});

test('a run without maps has PCA of its first codec', () => {
  const bare = { codecs, manifest: { latentMaps: [] } as unknown as OpenRun['manifest'] };
  expect(readLatentParams(bare, new URLSearchParams('method=tsne'))).toMatchObject({
    of: 'basic-32',
    method: 'pca',
    methods: ['pca'],
  });
});

test('what does not fit counts as not given', () => {
  expect(read('of=nothing&method=umap&point=-1&from=1.5&to=x&along=200&code=a:1,2:,3')).toEqual({
    ...read(''),
    edits: new Map(),
  });
  expect(read('of=pixels&method=umap')).toMatchObject({ method: 'tsne', methods: ['tsne', 'pca'] });
});

test('picked points and edited coordinates come back', () => {
  const edits = new Map([
    [3, -1.25],
    [17, 0],
    [4, 2.00049],
  ]);
  expect(writeEdits(edits)).toBe('3:-1.25,17:0,4:2');
  expect(read('point=5&from=0&to=9999&along=25&code=3:-1.25,17:0')).toMatchObject({
    point: 5,
    from: 0,
    to: 9999,
    along: 0.25,
    edits: new Map([
      [3, -1.25],
      [17, 0],
    ]),
  });
  expect(writeEdits(new Map())).toBeUndefined();
});
