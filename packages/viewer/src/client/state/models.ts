import { computed, effect, signal } from '@preact/signals';
import type { CollectionId } from '../../contract/api.ts';
import { lab } from '../lab.ts';
import { modelKey, type LabModel, type ModelKey } from '../worker/lab-api.ts';
import type { Fitting } from '../worker/own-model-layout.ts';
import { requireTakableSize } from '../worker/require-onnx.ts';
import { openRun, runState, type ClassifierModel, type OpenRun } from './run.ts';
import { route, setParams } from './route.ts';

export { modelKey };

/** How far a model is on its way to being run. */
export type ModelState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly model: LabModel }
  | { readonly kind: 'failed'; readonly message: string };

/** Every model that was asked for. */
export const modelStates = signal<ReadonlyMap<ModelKey, ModelState>>(new Map());

/** A model that the visitor dropped, and what it was found to fit. */
interface DroppedModel extends Fitting {
  readonly model: LabModel;
}

const droppedModels = signal<readonly DroppedModel[]>([]);

/** Models that the visitor dropped and that fit the run at hand, in the order in which they came. */
export const ownModels = computed<readonly LabModel[]>(() => {
  const run = openRun.value;
  if (run === undefined) return [];
  const { imageShape, classCount } = fittingOf(run);
  return droppedModels.value
    .filter((dropped) => String(dropped.imageShape) === String(imageShape))
    .filter((dropped) => dropped.model.kind === 'codec' || dropped.classCount === classCount)
    .map(({ model }) => model);
});

/** What a model must fit to join a run. */
function fittingOf({ imageShape, classNames }: OpenRun): Fitting {
  return { imageShape, classCount: classNames.length };
}

function setState(key: ModelKey, state: ModelState): void {
  modelStates.value = new Map(modelStates.peek()).set(key, state);
}

/** Forgets the models of a run that is about to be read: it may have been made anew, with other files. */
export function startModels(): void {
  effect(() => {
    const at = runState.value;
    if (at.kind !== 'loading' || at.id === undefined) return;
    forgetModels(at.id);
  });
}

/** Forgets the models of a run whose manifest is about to be read: the worker may let go of them. */
export function forgetModels(runId: CollectionId): void {
  const prefix = modelKey(runId, '');
  modelStates.value = new Map([...modelStates.peek()].filter(([key]) => !key.startsWith(prefix)));
}

/**
 * Asks for models of a run, one after the other in the order given, so that the first are of use while the others are on
 * their way. One that failed is tried again.
 */
export async function requestModels(runId: CollectionId, ids: readonly string[]): Promise<void> {
  const wanted = ids.filter((id) => {
    const state = modelStates.peek().get(modelKey(runId, id));
    return state === undefined || state.kind === 'failed';
  });
  const loading: ModelState = { kind: 'loading' };
  for (const id of wanted) setState(modelKey(runId, id), loading);
  for (const id of wanted) {
    const key = modelKey(runId, id);
    let next: ModelState;
    try {
      next = { kind: 'ready', model: await lab.load(runId, id) };
    } catch (error) {
      next = { kind: 'failed', message: (error as Error).message };
    }
    // Those of a run that was forgotten meanwhile are not its models any more.
    if (modelStates.peek().get(key) === loading) setState(key, next);
  }
}

/** Takes in a visitor's ONNX file. */
export async function addOwnModel(file: File, run: OpenRun): Promise<LabModel> {
  // Before it is read: memory may not hold it.
  requireTakableSize(file.name, file.size);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const fitting = fittingOf(run);
  const model = await lab.addOwnModel(file.name, bytes, fitting);
  setState(model.key, { kind: 'ready', model });
  droppedModels.value = [...droppedModels.value, { ...fitting, model }];
  return model;
}

export async function removeOwnModel(key: ModelKey): Promise<void> {
  droppedModels.value = droppedModels.value.filter(({ model }) => model.key !== key);
  await lab.removeOwnModel(key);
}

/** So many codecs are shown unless the visitor picks others. */
const defaultCodecs = 5;

/** Ids of the run's codecs that views compare: those that the address names, else the first few. */
export const chosenCodecs = computed<readonly string[]>(() => {
  const run = openRun.value;
  if (run === undefined) return [];
  const ids = run.codecs.map(({ id }) => id);
  const named = route.value.params.get('codecs')?.split(',');
  if (named === undefined) return ids.slice(0, defaultCodecs);
  return ids.filter((id) => named.includes(id));
});

export function chooseCodecs(ids: readonly string[]): void {
  setParams({ codecs: ids.join(',') });
}

/** The classifier of a run that judges: its first that was trained on originals, else its first. */
export function judgeOf({ classifiers }: OpenRun): ClassifierModel | undefined {
  return classifiers.find(({ trainedOn }) => trainedOn === 'original') ?? classifiers.at(0);
}

/** The classifier that judges in the run at hand. */
export const judge = computed(() => (openRun.value === undefined ? undefined : judgeOf(openRun.value)));

/** A codec that is ready to run, a run's or the visitor's. */
export interface ReadyCodec {
  readonly id: string;
  readonly title: string;
  readonly model: LabModel;
  readonly isOwn: boolean;
}

/** The chosen codecs that have arrived, then the visitor's own. */
export const readyCodecs = computed<readonly ReadyCodec[]>(() => {
  const run = openRun.value;
  if (run === undefined) return [];
  const ofRun = chosenCodecs.value.flatMap((id) => {
    const state = modelStates.value.get(modelKey(run.id, id));
    const { title } = run.codecs.find((codec) => codec.id === id)!;
    return state?.kind === 'ready' ? [{ id, title, model: state.model, isOwn: false }] : [];
  });
  const own = ownModels.value
    .filter(({ kind }) => kind === 'codec')
    .map((model) => ({ id: model.key, title: model.title, model, isOwn: true }));
  return [...ofRun, ...own];
});

/** The judging classifier, once it has arrived. */
export const readyJudge = computed<LabModel | undefined>(() => {
  const run = openRun.value;
  const id = judge.value?.id;
  if (run === undefined || id === undefined) return undefined;
  const state = modelStates.value.get(modelKey(run.id, id));
  return state?.kind === 'ready' ? state.model : undefined;
});

/** Classifiers that the visitor dropped. */
export const ownClassifiers = computed(() => ownModels.value.filter(({ kind }) => kind === 'classifier'));

/** Asks for the judge and then the chosen codecs, the small ones first. Call it in an effect. */
export function requestChosen(): void {
  const run = openRun.value;
  if (run === undefined) return;
  const parameters = (id: string) => run.codecs.find((codec) => codec.id === id)!.parameterCount;
  const codecs = [...chosenCodecs.value].sort((a, b) => parameters(a) - parameters(b));
  void requestModels(run.id, [...(judge.value === undefined ? [] : [judge.value.id]), ...codecs]);
}
