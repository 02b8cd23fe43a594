import { useEffect, useState } from 'preact/hooks';
import type { RunListing } from '../../../contract/api.ts';
import { lab } from '../../lab.ts';
import { catalogue } from '../../state/catalogue.ts';
import { forgetModels } from '../../state/models.ts';
import { describeRun, type OpenRun } from '../../state/run.ts';
import { hasWidths } from './width-families.ts';

/** The run whose models the slider moves. */
export type WidthSource = { readonly kind: 'loading' } | { readonly kind: 'ready'; readonly run: OpenRun };

/**
 * The run at hand where it has a PCA and an autoencoder of several widths; else the catalogue's first run on the same
 * dataset that has. Where there is none, the run at hand with what it has.
 */
export function useWidthSource(run: OpenRun): WidthSource {
  const listed = otherRunWithWidths(run);
  // It may be made anew under its id.
  const edition = listed && `${listed.id} ${listed.finishedAt}`;
  const [other, setOther] = useState<{ edition: string; run: OpenRun | undefined }>();
  useEffect(() => {
    if (listed === undefined || edition === undefined) return;
    const { id, finishedAt } = listed;
    let isCurrent = true;
    forgetModels(id);
    lab.openRun(id, finishedAt).then(
      (manifest) => {
        if (isCurrent) setOther({ edition, run: describeRun(id, manifest) });
      },
      () => {
        if (isCurrent) setOther({ edition, run: undefined });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [edition]);
  if (edition === undefined) return { kind: 'ready', run };
  if (other?.edition !== edition) return { kind: 'loading' };
  // One that can't be read is no help; the header says what is wrong with it once it is chosen.
  if (other.run?.imageShape.join() !== run.imageShape.join()) return { kind: 'ready', run };
  return { kind: 'ready', run: other.run };
}

function otherRunWithWidths(run: OpenRun): RunListing | undefined {
  if (hasWidths(run.manifest.models.map(({ id }) => id))) return undefined;
  const runs = catalogue.value?.runs ?? [];
  const dataset = runs.find(({ id }) => id === run.id)?.dataset;
  return runs.find((listing) => listing.dataset === dataset && hasWidths(listing.models));
}
