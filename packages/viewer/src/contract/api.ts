/**
 * What the server answers and the client asks for. Both sides import this file and nothing else of each other.
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /api/runs` | `Catalogue` as JSON |
 * | `GET /api/runs/:id` | the run's `run.json` as it is on disk |
 * | `GET /api/runs/:id/files/PATH` | a file that its manifest lists; with `?sha256=HASH` cached for good |
 * | `GET /api/sweeps/:id` | the sweep's `sweep.json` as it is on disk |
 * | `GET /api/live` | server-sent events: `catalogue` (a `Catalogue`) when it changes, `progress` (a `LiveRun`) |
 *
 * Every error is JSON `{ error: string }`, one line for people, with a 4xx or 5xx status.
 */
import type { RunProgress } from '@narrows/shared';

/**
 * Identifies a run or sweep: the name of its folder, after a `~` for those that come with Narrows. So `study` is the
 * visitor's own and `~study` the demo; both stand in an address as they are.
 */
export type CollectionId = string;

/** A finished run as the list shows it. */
export interface RunListing {
  readonly id: CollectionId;
  /** Name of the run, for people. */
  readonly name: string;
  /** Whether it comes with Narrows. */
  readonly isDemo: boolean;
  readonly preset: string;
  /** ISO 8601 in UTC. */
  readonly finishedAt: string;
  /** Name of the dataset, such as `MNIST`. */
  readonly dataset: string;
  /** Ids of its models. */
  readonly models: readonly string[];
}

/** A finished sweep as the list shows it. */
export interface SweepListing {
  readonly id: CollectionId;
  readonly name: string;
  readonly isDemo: boolean;
  readonly finishedAt: string;
}

/** A folder that looks like a run or sweep and can't be shown, with the reason in one line. */
export interface ListedProblem {
  readonly id: CollectionId;
  readonly message: string;
}

/** Everything there is to look at. */
export interface Catalogue {
  /** The visitor's own first, newest first; then the demos, in the order of their names. */
  readonly runs: readonly RunListing[];
  readonly sweeps: readonly SweepListing[];
  readonly problems: readonly ListedProblem[];
  /** Runs that are being made or were stopped. */
  readonly live: readonly LiveRun[];
}

/** A run that is being made. */
export interface LiveRun {
  readonly id: CollectionId;
  readonly progress: RunProgress;
  /**
   * `running` while its trainer reports; `stopped` when it said that it stopped; `interrupted` when it has said nothing
   * for `interruptedAfterMs`.
   */
  readonly state: 'running' | 'stopped' | 'interrupted';
}

/** The views, in the order of the navigation. */
export const viewNames = ['draw', 'widths', 'latent', 'robustness', 'results', 'verify', 'models'] as const;
export type ViewName = (typeof viewNames)[number];

/** Path of a view: the server answers each with the page, which reads the address. */
export function viewPath(view: ViewName): string {
  return view === 'draw' ? '/' : `/${view}`;
}

/**
 * A trainer reports every second where its work lets it, and some steps don't for the better part of a minute; one that
 * has been silent for so long was killed.
 */
export const interruptedAfterMs = 120_000;

/** Answer of every failed request. */
export interface ApiError {
  readonly error: string;
}

/** Addresses of the API, relative to the server's root. */
export const apiPaths = {
  catalogue: '/api/runs',
  live: '/api/live',
  run: (id: CollectionId): string => `/api/runs/${encodeURIComponent(id)}`,
  sweep: (id: CollectionId): string => `/api/sweeps/${encodeURIComponent(id)}`,
  /** @param sha256 as the manifest has it: the answer may then be cached for good. */
  file: (id: CollectionId, path: string, sha256: string): string =>
    `/api/runs/${encodeURIComponent(id)}/files/${path}?sha256=${sha256}`,
} as const;
