import type { ModelSource } from './lab-models.ts';
import type { ModelRuns } from './model-runs.ts';
import type { OrtRuntime } from './ort-session.ts';

/**
 * A model that is open on one runtime or more. It stays open where it was before: computations that are under way have
 * that in their hands, and the way back is short.
 */
export interface OpenModel {
  readonly source: ModelSource;
  /** On the runtime that is in use. */
  readonly runs: ModelRuns;
  readonly runsOn: ReadonlyMap<OrtRuntime, ModelRuns>;
}

/** The model with what it was opened as on a runtime, which is in use from now on. */
export function openedOn(
  { source, runsOn = new Map() }: Pick<OpenModel, 'source'> & Partial<OpenModel>,
  runtime: OrtRuntime,
  runs: ModelRuns,
): OpenModel {
  return { source, runs, runsOn: new Map(runsOn).set(runtime, runs) };
}
