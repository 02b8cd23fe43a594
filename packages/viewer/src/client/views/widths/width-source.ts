import { useEffect, useState } from 'preact/hooks';
import type { CollectionId } from '../../../contract/api.ts';
import { lab } from '../../lab.ts';
import { catalogue } from '../../state/catalogue.ts';
import { describeRun, type OpenRun } from '../../state/run.ts';
import { hasWidths } from './width-families.ts';

/** The run whose models the slider moves. */
export type WidthSource =
  | { readonly kind: 'loading' }
  /** `isOther`: it is not the run at hand, which lacks the widths. */
  | { readonly kind: 'ready'; readonly run: OpenRun; readonly isOther: boolean };

/**
 * The run at hand where it has a PCA and an autoencoder of several widths; else the catalogue's first run on the same
 * dataset that has. Where there is none, the run at hand with what it has.
 */
export function useWidthSource(run: OpenRun): WidthSource {
  const otherId = otherRunWithWidths(run);
  const [other, setOther] = useState<{ id: CollectionId; run: OpenRun | undefined }>();
  useEffect(() => {
    if (otherId === undefined) return;
    let isCurrent = true;
    lab.openRun(otherId).then(
      (manifest) => {
        if (isCurrent) setOther({ id: otherId, run: describeRun(otherId, manifest) });
      },
      () => {
        if (isCurrent) setOther({ id: otherId, run: undefined });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [otherId]);
  if (otherId === undefined) return { kind: 'ready', run, isOther: false };
  if (other?.id !== otherId) return { kind: 'loading' };
  // One that can't be read is no help; the header says what is wrong with it once it is chosen.
  if (other.run?.imageShape.join() !== run.imageShape.join()) {
    return { kind: 'ready', run, isOther: false };
  }
  return { kind: 'ready', run: other.run, isOther: true };
}

function otherRunWithWidths(run: OpenRun): CollectionId | undefined {
  if (hasWidths(run.manifest.models.map(({ id }) => id))) return undefined;
  const runs = catalogue.value?.runs ?? [];
  const dataset = runs.find(({ id }) => id === run.id)?.dataset;
  return runs.find((listing) => listing.dataset === dataset && hasWidths(listing.models))?.id;
}
