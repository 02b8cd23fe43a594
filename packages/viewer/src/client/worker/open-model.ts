import type { ModelSource } from './lab-models.ts';
import type { ModelRuns } from './model-runs.ts';
import type { OrtRuntime } from './ort-session.ts';

/**
 * A model that is open on one runtime or more. It stays open where it was before: computations that are under way have
 * that in their hands, and the way back is short.
 */
export interface OpenModel {
  readonly source: ModelSource;
  readonly runsOn: Map<OrtRuntime, ModelRuns>;
}

/** Frees what was opened. */
export async function closeAll(opened: Iterable<ModelRuns>): Promise<void> {
  for (const runs of opened) {
    // What can't be closed, as after a GPU was lost, is gone already.
    await runs.close().catch(() => undefined);
  }
}
