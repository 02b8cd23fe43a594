import { runManifestSchema, type JsonValue } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import { createProgress } from '../cli/progress.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import {
  makeLatentMaps,
  type LatentMapOptions,
  type LatentMapResult,
  type LatentSpaces,
} from './make-latent-maps.ts';
import { findNearestNeighbours } from './nearest-neighbours.ts';
import { measureNeighbourAccuracy } from './neighbour-accuracy.ts';
import { drawClusters, drawPoints } from './testing/drawn-points.ts';
import { measureTrustworthiness } from './trustworthiness.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });
const count = 90;
const { points, labels } = drawClusters(count, { distance: 4, width: 6 });
const spaces: LatentSpaces = {
  labels,
  pixels: points.values,
  spaces: [
    { of: 'pixels', points: points.values },
    // The first of six coordinates alone, in which two of three clusters coincide.
    { of: 'basic-1', points: points.values.filter((_, i) => i % 6 === 0) },
  ],
};

/** Options whose progress is written to `lines`. */
function options(changes: Partial<LatentMapOptions> = {}, lines: string[] = []): LatentMapOptions {
  const stream = { write: (text: string) => lines.push(text) };
  return {
    methods: ['tsne', 'umap'],
    perplexity: 10,
    iterations: 250,
    seed: 1,
    progress: createProgress({ stream, isTty: false, now: () => performance.now() }),
    shouldStop: () => false,
    ...changes,
  };
}

async function collect(request: LatentSpaces, settings: LatentMapOptions): Promise<LatentMapResult[]> {
  const results: LatentMapResult[] = [];
  for await (const result of makeLatentMaps(engine, request, settings)) results.push(result);
  return results;
}

/** Without what a clock decides. */
function withoutTimes({ entry, coordinates, klDivergence }: LatentMapResult) {
  const maps = entry.maps.map((map) => ({ ...map, durationMs: 0 }));
  return { entry: { ...entry, maps }, coordinates, klDivergence };
}

describe('maps of two spaces by both methods', () => {
  const lines: string[] = [];
  let results: LatentMapResult[];
  beforeAll(async () => {
    results = await collect(spaces, options({}, lines));
  });

  test('come in the order asked for, as the manifest wants them', () => {
    expect(
      results.map(({ entry }) => [entry.of, entry.points, entry.maps.map(({ method }) => method)]),
    ).toEqual([
      ['pixels', count, ['tsne', 'umap']],
      ['basic-1', count, ['tsne', 'umap']],
    ]);
    const entries = results.map(({ entry }) => ({ ...entry, file: 'maps/file.safetensors' }));
    const { latentMaps } = runManifestSchema.shape;
    // A round through JSON, which has no undefined and no NaN.
    expect(latentMaps.parse(JSON.parse(JSON.stringify(entries)))).toEqual(entries);
  });

  test('are measured as their coordinates say, each against its own space', async () => {
    for (const [i, { entry, coordinates }] of results.entries()) {
      const space = { values: spaces.spaces[i].points, count };
      const inSpace = await findNearestNeighbours(engine, space, { k: 10 });
      expect(entry.space).toEqual({
        neighbourAccuracy: measureNeighbourAccuracy(labels, { neighbours: inSpace, k: 10 }),
        trustworthiness: await measureTrustworthiness(engine, points, { neighbours: inSpace, k: 10 }),
      });
      for (const { method, ...map } of entry.maps) {
        const values = coordinates[method]!;
        expect(values).toHaveLength(2 * count);
        const neighbours = await findNearestNeighbours(engine, { values, count }, { k: 10 });
        expect(map.neighbourAccuracy).toBe(measureNeighbourAccuracy(labels, { neighbours, k: 10 }));
        expect(map.trustworthiness).toBe(await measureTrustworthiness(engine, space, { neighbours, k: 10 }));
        expect(map.durationMs).toBeGreaterThan(0);
      }
    }
  });

  test('tell the spaces apart', () => {
    const [pixels, basic] = results.map(({ entry }) => entry);
    expect(pixels.space.trustworthiness).toBe(1);
    expect(basic.space.trustworthiness).toBeLessThan(0.9);
    expect(basic.space.neighbourAccuracy).toBeLessThan(pixels.space.neighbourAccuracy - 0.1);
    expect(pixels.maps[0].trustworthiness).toBeGreaterThan(0.8);
  });

  test('tell what they were made with', () => {
    const expected: Record<string, JsonValue>[] = [
      { perplexity: 10, iterations: 250, seed: 1, learningRate: 50, earlyExaggeration: 12, theta: 0.5 },
      { neighbours: 15, minDist: 0.1, epochs: 500, seed: 1 },
    ];
    for (const { entry, klDivergence } of results) {
      expect(entry.maps.map(({ settings }) => settings)).toEqual(expected);
      expect(klDivergence).toBeGreaterThan(0);
    }
  });

  test('leave a line for each search and each map', () => {
    const ends = lines.filter((line) => line.includes('trustworthiness'));
    const accuracy = (value: number) => `10-NN accuracy ${(100 * value).toFixed(1)} %`;
    const expected = results.flatMap(({ entry, klDivergence }) => [
      `neighbours of ${entry.of}: ${accuracy(entry.space.neighbourAccuracy)}, trustworthiness ${entry.space.trustworthiness.toFixed(4)}\n`,
      `t-SNE of ${entry.of}: KL divergence ${klDivergence!.toFixed(3)}, ${accuracy(entry.maps[0].neighbourAccuracy)}, trustworthiness ${entry.maps[0].trustworthiness.toFixed(4)}\n`,
      `UMAP of ${entry.of}: ${accuracy(entry.maps[1].neighbourAccuracy)}, trustworthiness ${entry.maps[1].trustworthiness.toFixed(4)}\n`,
    ]);
    expect(ends).toEqual(expected);
  });

  test('are the same for a space that is mapped alone, as after a stop, and by one method', async () => {
    const [alone] = await collect({ ...spaces, spaces: [spaces.spaces[1]] }, options());
    expect(withoutTimes(alone)).toEqual(withoutTimes(results[1]));
    const [single] = await collect({ ...spaces, spaces: [spaces.spaces[1]] }, options({ methods: ['umap'] }));
    expect(single.coordinates).toEqual({ umap: results[1].coordinates.umap });
    expect(single.klDivergence).toBeUndefined();
  });
});

test('without methods the spaces are measured all the same', async () => {
  const results = await collect(spaces, options({ methods: [] }));
  expect(results.map(({ entry }) => entry.maps)).toEqual([[], []]);
  expect(results[1].entry.space.trustworthiness).toBeLessThan(1);
});

test.each([
  ['in the search', 1, ['neighbours of pixels: stopped\n']],
  ['in t-SNE', 10, ['t-SNE of pixels: stopped\n']],
  ['in UMAP', 300, ['UMAP of pixels: stopped\n']],
])(
  'a stop %s ends it without the space at hand, and with the live line closed',
  async (_, calls, expected) => {
    const lines: string[] = [];
    let asked = 0;
    const settings = options({ shouldStop: () => ++asked >= calls }, lines);
    expect(await collect(spaces, settings)).toEqual([]);
    expect(lines.filter((line) => line.includes('stopped'))).toEqual(expected);
    // Throws while something else is under way.
    settings.progress.task('another').finish('done');
  },
);

test('a stop in the second space leaves the first', async () => {
  let of = '';
  const settings = options({ methods: [], shouldStop: () => of === 'pixels' });
  for await (const { entry } of makeLatentMaps(engine, spaces, settings)) {
    expect(of).toBe('');
    of = entry.of;
  }
  expect(of).toBe('pixels');
});

test.each<[string, number, Partial<LatentMapOptions>, RegExp]>([
  ['the measures', 20, { methods: [] }, /^Cannot map 20 images: there must be at least 21, /],
  ['the perplexity', 30, { perplexity: 10 }, /^Cannot run t-SNE on 30 points with perplexity 10: /],
])('too few points for %s are refused before anything is begun', async (_, few, changes, message) => {
  const lines: string[] = [];
  const { values } = drawPoints(few, 3);
  const request = { labels: new Uint8Array(few), pixels: values, spaces: [{ of: 'pixels', points: values }] };
  await expect(collect(request, options(changes, lines))).rejects.toThrow(message);
  expect(lines).toEqual([]);
});

test('the largest perplexity that is allowed works', async () => {
  const { values } = drawPoints(31, 3);
  const request = { labels: new Uint8Array(31), pixels: values, spaces: [{ of: 'pixels', points: values }] };
  const [{ coordinates }] = await collect(
    request,
    options({ methods: ['tsne'], iterations: 20, perplexity: 10.3 }),
  );
  expect(coordinates.tsne!.every(Number.isFinite)).toBe(true);
});
