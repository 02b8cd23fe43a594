import type { CollectionId } from '../../contract/api.ts';
import type { Figures, PcaBasis } from './lab-api.ts';
import { onceByKey } from './once-by-key.ts';
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
  run(id: CollectionId): Promise<RunFiles>;
  testSet(id: CollectionId): Promise<TestImages>;
  figures(id: CollectionId): Promise<Figures & { readonly sha256: string }>;
  pcaBasis(id: CollectionId): Promise<PcaBasis | undefined>;
}

export function createRunLibrary(source: FileSource): RunLibrary {
  const runs = onceByKey<RunFiles>();
  const testSets = onceByKey<TestImages>();
  const figures = onceByKey<Figures & { readonly sha256: string }>();
  const bases = onceByKey<PcaBasis | undefined>();
  let isTidied = false;
  const run = (id: CollectionId) =>
    runs(id, async () => {
      const opened = await readRun(source, id);
      if (!isTidied) {
        isTidied = true;
        // Nobody waits for it, and where it fails, as it does without a connection, all stays as it was.
        source.cache.tidy(() => listedHashes(source)).catch(() => undefined);
      }
      return opened;
    });
  return {
    run,
    testSet: (id) => testSets(id, async () => readTestSet(await run(id))),
    figures: (id) => figures(id, async () => readFigures(await run(id))),
    pcaBasis: (id) => bases(id, async () => readPcaBasis(await run(id))),
  };
}
