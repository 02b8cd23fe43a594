import type { SeriesStyle } from '@narrows/shared';
import { chosenCodecs, modelKey, modelStates, ownModels } from '../../state/models.ts';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import type { LabModel } from '../../worker/lab-api.ts';

/** A codec that is compared, whether or not it is there yet. */
export interface CardCodec {
  readonly id: string;
  readonly title: string;
  readonly style: SeriesStyle;
  /** Values in its latent vector, where they are known. */
  readonly latent: number | undefined;
  readonly state: 'waiting' | 'failed' | 'ready';
  /** Once it is ready. */
  readonly model: LabModel | undefined;
}

/** The chosen codecs of the run, the narrowest first, then the visitor's own. */
export function cardCodecs(run: OpenRun): CardCodec[] {
  const ofRun = run.codecs
    .filter(({ id }) => chosenCodecs.value.includes(id))
    .sort((a, b) => a.latent - b.latent)
    .map(({ id, title, latent }): CardCodec => {
      const state = modelStates.value.get(modelKey(run.id, id));
      return {
        id,
        title,
        latent,
        style: codecStyle(run, id),
        state: state?.kind === 'ready' || state?.kind === 'failed' ? state.kind : 'waiting',
        model: state?.kind === 'ready' ? state.model : undefined,
      };
    });
  const own = ownModels.value
    .filter(({ kind }) => kind === 'codec')
    .map((model): CardCodec => ({
      id: model.key,
      title: model.title,
      latent: model.latent,
      style: codecStyle(run, model.key),
      state: 'ready',
      model,
    }));
  return [...ofRun, ...own];
}
