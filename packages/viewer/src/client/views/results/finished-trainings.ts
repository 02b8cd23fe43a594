import { computed, effect, signal } from '@preact/signals';
import type { CollectionId, RunListing } from '../../../contract/api.ts';
import { catalogue, liveRuns } from '../../state/catalogue.ts';

/** Runs that were seen while they were made, since this view was first opened. */
const watched = signal<ReadonlySet<CollectionId>>(new Set());

effect(() => {
  const ids = liveRuns.value.map(({ id }) => id);
  const known = watched.peek();
  if (ids.some((id) => !known.has(id))) watched.value = new Set([...known, ...ids]);
});

/** Those of them that are finished and ready to be looked at. */
export const finishedTrainings = computed<readonly RunListing[]>(() => {
  const live = new Set(liveRuns.value.map(({ id }) => id));
  const runs = catalogue.value?.runs ?? [];
  return runs.filter(({ id }) => watched.value.has(id) && !live.has(id));
});
