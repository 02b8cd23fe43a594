import type { OpenRun } from '../../state/run.ts';

export type MapMethod = 'tsne' | 'umap' | 'pca';

/** What the address says about this view. */
export interface LatentParams {
  /** The codec whose latent space is mapped, or `pixels`. */
  readonly of: string;
  readonly method: MapMethod;
  /** Methods that there is a map of this space by; PCA is always among them. */
  readonly methods: readonly MapMethod[];
  /** Test image that is marked. */
  readonly point: number | undefined;
  /** Test images at the ends of the path; where there is none named, it begins at the image at hand. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** How far along the path, in [0, 1]. */
  readonly along: number;
  /** Coordinates of the code that were set by hand, by index. */
  readonly edits: ReadonlyMap<number, number>;
}

/** Reads the address; what does not fit the run counts as not given. */
export function readLatentParams(
  { codecs, manifest }: Pick<OpenRun, 'codecs' | 'manifest'>,
  params: URLSearchParams,
): LatentParams {
  const spaces = ['pixels', ...codecs.map(({ id }) => id)];
  const mapped = manifest.latentMaps.find(({ of }) => of !== 'pixels')?.of;
  const named = params.get('of');
  const of = spaces.find((id) => id === named) ?? mapped ?? codecs.at(0)?.id ?? 'pixels';
  const made = manifest.latentMaps.find((map) => map.of === of)?.maps.map(({ method }) => method) ?? [];
  const methods: MapMethod[] = [...made, 'pca'];
  const along = Number(params.get('along') ?? 50);
  return {
    of,
    methods,
    method: methods.find((method) => method === params.get('method')) ?? methods[0],
    point: readIndex(params.get('point')),
    from: readIndex(params.get('from')),
    to: readIndex(params.get('to')),
    along: along >= 0 && along <= 100 ? along / 100 : 0.5,
    edits: readEdits(params.get('code')),
  };
}

function readIndex(text: string | null): number | undefined {
  return text !== null && /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}

function readEdits(text: string | null): Map<number, number> {
  const edits = new Map<number, number>();
  for (const part of text?.split(',') ?? []) {
    const found = /^(\d{1,4}):(-?\d+(?:\.\d+)?)$/.exec(part);
    if (found !== null) edits.set(Number(found[1]), Number(found[2]));
  }
  return edits;
}

/** Edited coordinates as the address has them, `INDEX:VALUE,…`; `undefined` for none. */
export function writeEdits(edits: ReadonlyMap<number, number>): string | undefined {
  if (edits.size === 0) return undefined;
  return [...edits].map(([index, value]) => `${index}:${Number(value.toFixed(3))}`).join(',');
}
