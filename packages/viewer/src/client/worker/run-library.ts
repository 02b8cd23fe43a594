import type { CollectionId } from '../../contract/api.ts';
import type { Figures, PcaBasis } from './lab-api.ts';
import { onceByRun } from './once-by-key.ts';
import {
  listedHashes,
  readFigures,
  readPcaBasis,
  readRun,
  readTestSet,
  type RunFiles,
  type TestImages,
} from './run-files.ts';
import type { FileSource } from './verified-file.ts';

/** Runs and their files, each read once. */
export interface RunLibrary {
  /**
   * The same object until the run is found to be another.
   * @param finishedAt when the run was finished as the caller knows it: another manifest at hand is read again
   */
  run(id: CollectionId, finishedAt?: string): Promise<RunFiles>;
  testSet(id: CollectionId): Promise<TestImages>;
  figures(id: CollectionId): Promise<Figures & { readonly sha256: string }>;
  pcaBasis(id: CollectionId): Promise<PcaBasis | undefined>;
}

export function createRunLibrary(source: FileSource): RunLibrary {
  const runs = new Map<CollectionId, Promise<RunFiles>>();
  let isTidied = false;
  const read = async (id: CollectionId): Promise<RunFiles> => {
    const opened = await readRun(source, id);
    if (!isTidied) {
      isTidied = true;
      // Nobody waits for it, and where it fails, as it does without a connection, all stays as it was.
      source.cache.tidy(() => listedHashes(source)).catch(() => undefined);
    }
    return opened;
  };
  const readAgain = async (held: RunFiles): Promise<RunFiles> => {
    const found = await read(held.id);
    return found.manifest.finishedAt === held.manifest.finishedAt ? held : found;
  };
  const run = (id: CollectionId, finishedAt?: string): Promise<RunFiles> => {
    const opened = (runs.get(id) ?? read(id)).then((held) =>
      finishedAt === undefined || held.manifest.finishedAt === finishedAt ? held : readAgain(held),
    );
    runs.set(id, opened);
    // A failure is forgotten, so that the next one who asks starts anew.
    opened.catch(() => {
      if (runs.get(id) === opened) runs.delete(id);
    });
    return opened;
  };
  const ofRun = <T>(readPart: (run: RunFiles) => Promise<T>) => {
    const once = onceByRun<T>();
    return async (id: CollectionId): Promise<T> => {
      const files = await run(id);
      return once(files, '', () => readPart(files));
    };
  };
  return {
    run,
    testSet: ofRun(readTestSet),
    figures: ofRun(readFigures),
    pcaBasis: ofRun(readPcaBasis),
  };
}
