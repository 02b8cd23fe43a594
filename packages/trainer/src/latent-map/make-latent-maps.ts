import type { LatentMap } from '@narrows/shared';
import type { Progress } from '../cli/progress.ts';
import type { Engine } from '../engine/engine.ts';
import { ExpectedError } from '../expected-error.ts';
import { fewestMapPoints, measuredNeighbours } from './map-limits.ts';
import { findNearestNeighbours, type NearestNeighbours } from './nearest-neighbours.ts';
import { measureNeighbourAccuracy } from './neighbour-accuracy.ts';
import type { Points } from './points.ts';
import { layOnPrincipalPlane } from './principal-plane.ts';
import { measureTrustworthiness } from './trustworthiness.ts';
import { affinityNeighbours } from './tsne-affinities.ts';
import { mapByTsne, requirePerplexity, tsneConstants, tsneLearningRate } from './tsne.ts';
import { mapByUmap, requireUmapPoints, umapConstants } from './umap.ts';

/** How points are laid out in two dimensions. */
export type MapMethod = LatentMap['maps'][number]['method'];

/** A space to map. */
export interface LatentSpace {
  /** The codec whose latent vectors these are, or `pixels`. */
  readonly of: string;
  /** `[points, d]` in row-major order. */
  readonly points: Float32Array;
}

/** The same images in several spaces. */
export interface LatentSpaces {
  /** `[points]`, the class of each image. */
  readonly labels: Uint8Array;
  /** `[points, H·W·C]`: the images themselves, which the neighbours in each space are compared with. */
  readonly pixels: Float32Array;
  /** What to map, in this order; leave out what is mapped already. */
  readonly spaces: readonly LatentSpace[];
}

export interface LatentMapOptions {
  /** In this order; may be none, for the figures of the spaces alone. */
  readonly methods: readonly MapMethod[];
  /** Of t-SNE, see `mapByTsne`. */
  readonly perplexity: number;
  /** Of t-SNE. */
  readonly iterations: number;
  readonly seed: number;
  /** Gets a task for the neighbours of each space, and one for each map. */
  readonly progress: Progress;
  /** Asked every now and then; `true` ends the work, without the space at hand. */
  readonly shouldStop: () => boolean;
}

/** The maps of a space. */
export interface LatentMapResult {
  /** The manifest's entry, but for the file that is to hold the coordinates. */
  readonly entry: Omit<LatentMap, 'file'>;
  /** float32 `[points, 2]`, by method. */
  readonly coordinates: Readonly<Partial<Record<MapMethod, Float32Array>>>;
  /** What is left of t-SNE's loss, in nats, where it was run. */
  readonly klDivergence?: number;
  /** Time that the search for neighbours took, which all maps share and none's duration includes, in ms. */
  readonly searchMs: number;
}

const titles: Readonly<Record<MapMethod, string>> = { tsne: 't-SNE', umap: 'UMAP' };

/**
 * Maps spaces to the plane and measures the spaces and the maps, one space after the other, so that each can be saved
 * before the next begins. One search for neighbours serves both methods and all measures of a space.
 *
 * The same bytes for the same input, engine and seed; only durations differ.
 *
 * @throws ExpectedError when there are too few points for a method, its perplexity or the measures; RangeError for points
 *   that aren't as many as labels, or not finite.
 */
export async function* makeLatentMaps(
  engine: Engine,
  { labels, pixels, spaces }: LatentSpaces,
  options: LatentMapOptions,
): AsyncGenerator<LatentMapResult, void> {
  const count = labels.length;
  requireCount(count, options);
  for (const { of, points } of spaces) {
    const space = { values: points, count };
    const measured = await measureSpace(engine, { of, space, labels, pixels, options });
    if (measured === undefined) return;
    const { neighbours, searchMs, ...measures } = measured;
    const maps: LatentMap['maps'] = [];
    const coordinates: Partial<Record<MapMethod, Float32Array>> = {};
    let divergence: { klDivergence?: number } = {};
    for (const method of options.methods) {
      if (options.shouldStop()) return;
      const map = await makeMap(engine, { of, space, labels, neighbours, method, options });
      if (map === undefined) return;
      maps.push(map.entry);
      coordinates[method] = map.coordinates;
      if (map.klDivergence !== undefined) divergence = { klDivergence: map.klDivergence };
    }
    yield {
      entry: { of, points: count, space: measures, maps },
      coordinates,
      ...divergence,
      searchMs,
    };
  }
}

function requireCount(count: number, { methods, perplexity }: LatentMapOptions): void {
  if (count < fewestMapPoints) {
    throw new ExpectedError(
      `Cannot map ${count} images: there must be at least ${fewestMapPoints}, for the measures compare the ` +
        `${measuredNeighbours} nearest of each: map more images.`,
      { exitCode: 2 },
    );
  }
  if (methods.includes('tsne')) requirePerplexity(perplexity, count);
  if (methods.includes('umap')) requireUmapPoints(count);
}

type Measures = LatentMap['space'];

/** Finds as many neighbours as any of the methods or measures needs, and measures them; `undefined` if it was stopped. */
async function measureSpace(
  engine: Engine,
  {
    of,
    space,
    labels,
    pixels,
    options,
  }: { of: string; space: Points; labels: Uint8Array; pixels: Float32Array; options: LatentMapOptions },
): Promise<(Measures & { neighbours: NearestNeighbours; searchMs: number }) | undefined> {
  const task = options.progress.task(`neighbours of ${of}`);
  const needs = {
    tsne: affinityNeighbours(options.perplexity),
    // One of its neighbours is the point itself.
    umap: umapConstants.neighbours - 1,
  };
  const startMs = performance.now();
  const neighbours = await findNearestNeighbours(engine, space, {
    k: Math.max(measuredNeighbours, ...options.methods.map((method) => needs[method])),
    onProgress: (fraction) => {
      task.update(fraction);
    },
  });
  const searchMs = performance.now() - startMs;
  if (options.shouldStop()) {
    task.finish('stopped');
    return undefined;
  }
  const measures = {
    neighbourAccuracy: measureNeighbourAccuracy(labels, { neighbours, k: measuredNeighbours }),
    // The nearest among the pixels are the nearest among the pixels.
    trustworthiness:
      of === 'pixels'
        ? 1
        : await measureTrustworthiness(
            engine,
            { values: pixels, count: space.count },
            { neighbours, k: measuredNeighbours },
          ),
  };
  task.finish(describeMeasures(measures));
  return { ...measures, neighbours, searchMs };
}

interface MapRequest {
  readonly of: string;
  readonly space: Points;
  readonly labels: Uint8Array;
  readonly neighbours: NearestNeighbours;
  readonly method: MapMethod;
  readonly options: LatentMapOptions;
}

interface MadeMap {
  readonly entry: LatentMap['maps'][number];
  readonly coordinates: Float32Array;
  readonly klDivergence?: number;
}

/** Makes one map and measures it; `undefined` if it was stopped. */
async function makeMap(engine: Engine, request: MapRequest): Promise<MadeMap | undefined> {
  const { of, space, labels, method, options } = request;
  const task = options.progress.task(`${titles[method]} of ${of}`);
  const onProgress = (fraction: number): void => {
    task.update(fraction);
  };
  const startMs = performance.now();
  const map = await (method === 'tsne' ? runTsne : runUmap)(engine, { ...request, onProgress });
  const durationMs = performance.now() - startMs;
  if (map === undefined) {
    task.finish('stopped');
    return undefined;
  }
  const { settings, coordinates, klDivergence } = map;
  const neighbours = await findNearestNeighbours(
    engine,
    { values: coordinates, count: space.count },
    { k: measuredNeighbours },
  );
  const measures = {
    neighbourAccuracy: measureNeighbourAccuracy(labels, { neighbours, k: measuredNeighbours }),
    trustworthiness: await measureTrustworthiness(engine, space, { neighbours, k: measuredNeighbours }),
  };
  const divergence = klDivergence === undefined ? {} : { klDivergence };
  task.finish(
    [
      ...(klDivergence === undefined ? [] : [`KL divergence ${klDivergence.toFixed(3)}`]),
      describeMeasures(measures),
    ].join(', '),
  );
  return { entry: { method, settings, ...measures, durationMs }, coordinates, ...divergence };
}

type MethodRequest = MapRequest & { readonly onProgress: (fraction: number) => void };
type MethodResult = Omit<MadeMap, 'entry'> & Pick<MadeMap['entry'], 'settings'>;

async function runTsne(
  engine: Engine,
  { space, neighbours, options, onProgress }: MethodRequest,
): Promise<MethodResult | undefined> {
  const { perplexity, iterations, seed, shouldStop } = options;
  const { initialSpread: spread, theta, earlyExaggeration } = tsneConstants;
  const initial = await layOnPrincipalPlane(engine, space, { spread, seed });
  const map = await mapByTsne(neighbours, initial, { perplexity, iterations, onProgress, shouldStop });
  const learningRate = tsneLearningRate(space.count);
  return (
    map && { settings: { perplexity, iterations, seed, learningRate, earlyExaggeration, theta }, ...map }
  );
}

async function runUmap(
  _engine: Engine,
  { neighbours, options: { seed, shouldStop }, onProgress }: MethodRequest,
): Promise<MethodResult | undefined> {
  const map = await mapByUmap(neighbours, { seed, onProgress, shouldStop });
  return map && { settings: { ...umapConstants, epochs: map.epochs, seed }, coordinates: map.coordinates };
}

function describeMeasures(measures: Measures): string {
  const percent = (100 * measures.neighbourAccuracy).toFixed(1);
  return `10-NN accuracy ${percent} %, trustworthiness ${measures.trustworthiness.toFixed(4)}`;
}
