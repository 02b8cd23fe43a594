import { computed, effect, signal, untracked } from '@preact/signals';
import { seriesStyle, type RunManifest, type RunModel, type SeriesStyle } from '@narrows/shared';
import type { CollectionId, RunListing } from '../../contract/api.ts';
import { lab } from '../lab.ts';
import { catalogue } from './catalogue.ts';
import { route, setParams } from './route.ts';

export type CodecModel = Extract<RunModel, { latent: number }>;
export type ClassifierModel = Extract<RunModel, { kind: 'classifier' }>;

/** A run with what views ask of it most. */
export interface OpenRun {
  readonly id: CollectionId;
  readonly manifest: RunManifest;
  /** H, W, C */
  readonly imageShape: readonly [number, number, number];
  readonly classNames: readonly string[];
  /** Autoencoders and PCAs, in the manifest's order. */
  readonly codecs: readonly CodecModel[];
  readonly classifiers: readonly ClassifierModel[];
}

export type RunState =
  | { readonly kind: 'loading'; readonly id: CollectionId | undefined }
  | { readonly kind: 'ready'; readonly run: OpenRun }
  | { readonly kind: 'failed'; readonly id: CollectionId; readonly message: string };

/** The run at hand. */
export const runState = signal<RunState>({ kind: 'loading', id: undefined });

/** The run at hand, once it is read. */
export const openRun = computed(() => (runState.value.kind === 'ready' ? runState.value.run : undefined));

/**
 * The run that the address names; else the newest of the visitor's own with codecs and a classifier; else the demo. The
 * last two hold as long as that run is listed: a training that ends changes no view under the visitor.
 */
export const chosenRunId = computed<CollectionId | undefined>(() => {
  const named = route.value.params.get('run');
  if (named !== null) return named;
  const runs = catalogue.value?.runs;
  if (runs === undefined) return undefined;
  if (!runs.some(({ id }) => id === defaultRunId)) defaultRunId = (runs.find(canCompare) ?? runs.at(0))?.id;
  return defaultRunId;
});

/** The run of an address that names none. */
let defaultRunId: CollectionId | undefined;

function canCompare({ models, isDemo }: RunListing): boolean {
  return isDemo || (models.some((id) => id.startsWith('cnn')) && models.some((id) => !id.startsWith('cnn')));
}

/** Parameters that name something of the run at hand, such as its models or test images beside the one at hand. */
const paramsOfRun = [
  'codecs',
  'classifier',
  'on',
  'cell',
  'family',
  'of',
  'code',
  'point',
  'from',
  'to',
  'along',
] as const;

/** Looks at another run. What the address names of the one before is let go. */
export function chooseRun(id: CollectionId): void {
  setParams({ ...Object.fromEntries(paramsOfRun.map((name) => [name, undefined])), run: id });
}

/**
 * Opens the chosen run, now and whenever another is chosen or it is made anew. One that failed is tried again with every
 * catalogue.
 */
export function startRun(): void {
  effect(() => {
    const id = chosenRunId.value;
    if (id === undefined) return;
    const finishedAt = catalogue.value?.runs.find((run) => run.id === id)?.finishedAt;
    untracked(() => void openChosen({ id, finishedAt }));
  });
}

/** A run as the catalogue has it; without the time while it is not listed. */
interface Edition {
  readonly id: CollectionId;
  readonly finishedAt: string | undefined;
}

/** What is at hand or on its way. */
let asked: Edition | undefined;

async function openChosen(edition: Edition): Promise<void> {
  const { id, finishedAt } = edition;
  const at = runState.peek();
  const isSame = asked?.id === id && (finishedAt === undefined || finishedAt === asked.finishedAt);
  if (isSame && at.kind !== 'failed') return;
  asked = edition;
  // The address may have had it opened before it was listed.
  if (at.kind === 'ready' && at.run.id === id && at.run.manifest.finishedAt === finishedAt) return;
  // What failed says so until there is something else to say.
  if (at.kind !== 'failed' || at.id !== id) runState.value = { kind: 'loading', id };
  let next: RunState;
  try {
    next = { kind: 'ready', run: describeRun(id, await lab.openRun(id, finishedAt)) };
  } catch (error) {
    next = { kind: 'failed', id, message: (error as Error).message };
  }
  const now = runState.peek();
  const isNews = now.kind !== 'failed' || next.kind !== 'failed' || now.message !== next.message;
  if (asked === edition && isNews) runState.value = next;
}

/** What views ask of a run most, from its manifest. */
export function describeRun(id: CollectionId, manifest: RunManifest): OpenRun {
  const { height, width, channels, classNames } = manifest.dataset;
  return {
    id,
    manifest,
    imageShape: [height, width, channels],
    classNames,
    codecs: manifest.models.filter((model): model is CodecModel => model.kind !== 'classifier'),
    classifiers: manifest.models.filter((model): model is ClassifierModel => model.kind === 'classifier'),
  };
}

/** What a model of the run is called; `undefined` where it has none of that id. */
export function modelTitle({ manifest }: OpenRun, id: string): string | undefined {
  return manifest.models.find((model) => model.id === id)?.title;
}

/** How a codec is drawn, the same in every view and in the run's report. */
export function codecStyle({ codecs }: OpenRun, id: string): SeriesStyle {
  const index = codecs.findIndex((codec) => codec.id === id);
  // Models of the visitor's own, `mine/NUMBER` from 1, come after those of the run, so that each has a look that it keeps.
  return seriesStyle(index < 0 ? codecs.length - 1 + Number(id.split('/')[1]) : index);
}
