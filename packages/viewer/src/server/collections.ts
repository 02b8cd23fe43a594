import type {
  Catalogue,
  CollectionId,
  ListedProblem,
  LiveRun,
  RunListing,
  SweepListing,
} from '../contract/api.ts';
import { findDocument, readDocument, type DocumentPlace, type FolderContent } from './read-document.ts';
import { readLiveRun } from './read-live-run.ts';
import { UnreadableFile, type FileTree, type StoredFile } from './server-io.ts';

/** The runs and sweeps there are. Every question looks at the folders anew, so that a run appears once it is finished. */
export interface Collections {
  readonly catalogue: () => Promise<Catalogue>;
  /** @returns `undefined` for an id that is none of a run, a sweep or a problem. */
  readonly find: (id: CollectionId) => Promise<FoundCollection | undefined>;
}

/** A run, a sweep, or why it can't be shown. */
export interface FoundCollection {
  readonly content: FolderContent;
  /** `run.json` or `sweep.json`. */
  readonly document: StoredFile;
  /** Finds a file in its folder, whether or not it may be given away. */
  readonly findFile: (path: string) => Promise<StoredFile | undefined>;
}

/** Where runs come from. */
interface Source {
  readonly tree: FileTree;
  readonly isDemo: boolean;
  /** What was read, by the folder's name, to be used again while its document is the same. */
  readonly read: Map<string, { readonly version: string; readonly content: Promise<FolderContent> }>;
}

/** In the name of a folder it would make the id of a demo. */
const demoMark = '~';
/** Ends the name of a folder whose run is being made. */
const partialEnd = '.partial';

/**
 * The runs of a visitor's folder and those that come with Narrows.
 *
 * @param options.runs the visitor's; none where there is no disk
 * @param options.now milliseconds since 1970
 */
export function openCollections({
  runs,
  demo,
  now,
}: {
  readonly runs: FileTree | undefined;
  readonly demo: FileTree;
  readonly now: () => number;
}): Collections {
  const own = runs && { tree: runs, isDemo: false, read: new Map() };
  const demos = { tree: demo, isDemo: true, read: new Map() };

  return {
    async catalogue() {
      const parts = await Promise.all([own && listSource(own, now), listSource(demos, now)]);
      return {
        runs: parts.flatMap((part) => part?.runs ?? []),
        sweeps: parts.flatMap((part) => part?.sweeps ?? []),
        problems: parts.flatMap((part) => part?.problems ?? []),
        live: parts.flatMap((part) => part?.live ?? []),
      };
    },
    async find(id) {
      const source = id.startsWith(demoMark) ? demos : own;
      const name = source === demos ? id.slice(demoMark.length) : id;
      // Names are compared with those that are there: no id can become a path that leads elsewhere.
      if (source === undefined || name.endsWith(partialEnd)) return undefined;
      if (!(await shownFolders(source)).includes(name)) return undefined;
      const place = await findDocument(source.tree, name);
      if (place === undefined) return undefined;
      return {
        content: await readOnce(source, name, place),
        document: place.file,
        findFile: (path) => source.tree.find(`${name}/${path}`),
      };
    },
  };
}

/** Names of the folders that are looked into, in order. */
async function shownFolders({ tree }: Source): Promise<readonly string[]> {
  return (await tree.folders()).filter((name) => !name.startsWith('.')).sort();
}

async function readOnce({ read }: Source, name: string, place: DocumentPlace): Promise<FolderContent> {
  const version = `${place.kind} ${place.file.version}`;
  const known = read.get(name);
  const content = known?.version === version ? known.content : readDocument(place, name);
  read.set(name, { version, content });
  try {
    return await content;
  } catch (error) {
    // That it couldn't be read says nothing of what is in it, and may pass.
    if (read.get(name)?.content === content) read.delete(name);
    if (!(error instanceof UnreadableFile)) throw error;
    return { kind: 'problem', message: error.message };
  }
}

async function listSource(source: Source, now: () => number): Promise<Catalogue> {
  const { tree, isDemo } = source;
  const runs: RunListing[] = [];
  const sweeps: SweepListing[] = [];
  const problems: ListedProblem[] = [];
  const live: LiveRun[] = [];
  const names = await shownFolders(source);
  for (const gone of [...source.read.keys()].filter((name) => !names.includes(name)))
    source.read.delete(gone);
  for (const name of names) {
    const id = isDemo ? demoMark + name : name;
    if (name.endsWith(partialEnd)) {
      const outcome = await readLiveRun(tree, name, { id: name.slice(0, -partialEnd.length), nowMs: now() });
      if (outcome?.kind === 'live') live.push(outcome.run);
      if (outcome?.kind === 'problem') problems.push({ id, message: outcome.message });
      continue;
    }
    const place = await findDocument(tree, name);
    if (place === undefined) continue;
    if (name.startsWith(demoMark)) {
      const message = `Cannot show "${name}": names that begin with "${demoMark}" are those of demos. Rename the folder.`;
      problems.push({ id, message });
      continue;
    }
    const content = await readOnce(source, name, place);
    if (content.kind === 'run') runs.push({ id, isDemo, ...content.listing });
    else if (content.kind === 'sweep') sweeps.push({ id, isDemo, ...content.listing });
    else problems.push({ id, message: content.message });
  }
  // Demos stay in the order of their names: the page opens with the first, whenever each was trained.
  if (isDemo) return { runs, sweeps, problems, live };
  return { runs: newestFirst(runs), sweeps: newestFirst(sweeps), problems, live };
}

function newestFirst<T extends { readonly finishedAt: string }>(listings: readonly T[]): readonly T[] {
  return listings.toSorted((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt));
}
