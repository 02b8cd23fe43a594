import type { LabModel } from './lab-api.ts';
import type { ModelRuns } from './model-runs.ts';
import type { OrtRuntime } from './ort-session.ts';
import type { RunFiles } from './run-files.ts';

/** A model of which everything is here that it takes to open it, on any runtime. */
export interface ModelSource {
  /** Whose it is; `undefined` for a visitor's own. */
  readonly run: RunFiles | undefined;
  /** Values of an image that it takes. */
  readonly imageSize: number;
  readonly info: LabModel;
  open(runtime: OrtRuntime): Promise<ModelRuns>;
}

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
