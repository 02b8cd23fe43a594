import type { CollectionId } from '../../contract/api.ts';
import type { LabModel, Verification, WorkProgress } from './lab-api.ts';
import type { ModelShelf } from './model-shelf.ts';
import type { RunLibrary } from './run-library.ts';
import type { Turns } from './turns.ts';
import { verifyRun } from './verify.ts';

/** Verifies one run at a time. */
export interface Verifier {
  /** @throws Error when one is under way, and `Stopped.` when it was stopped */
  verify(runId: CollectionId, onProgress: (progress: WorkProgress) => void): Promise<Verification>;
  stop(): void;
}

export function createVerifier(library: RunLibrary, shelf: ModelShelf, turns: Turns): Verifier {
  let current: { isStopped: boolean } | undefined;

  const verify = async (
    runId: CollectionId,
    onProgress: (progress: WorkProgress) => void,
    pause: () => Promise<void>,
  ): Promise<Verification> => {
    const run = await library.run(runId);
    const { models, evaluation } = run.manifest;
    const loaded: LabModel[] = [];
    for (const { id } of models) {
      await pause();
      onProgress({ fraction: 0, label: id, etaSeconds: undefined });
      loaded.push(await shelf.load(run, id));
    }
    const testSet = await library.testSet(runId);
    const figures = await library.figures(runId);
    const ofKind = (kind: LabModel['kind']) => loaded.filter((model) => model.kind === kind);
    return verifyRun({
      runId,
      manifest: run.manifest,
      codecs: ofKind('codec').map(({ id, key }) => ({ id, runs: shelf.codec(key) })),
      classifiers: ofKind('classifier').map(({ id, key }) => ({ id, runs: shelf.classifier(key) })),
      testSet,
      figures,
      runtime: await shelf.runtime(),
      files: [
        ...loaded.flatMap(({ sha256 }) =>
          Object.entries(sha256).map(([path, hash]) => ({ path, sha256: hash })),
        ),
        { path: evaluation.files.testSet, sha256: testSet.sha256 },
        { path: evaluation.files.perImage, sha256: figures.sha256 },
      ],
      onProgress,
      pause,
    });
  };

  return {
    async verify(runId, onProgress) {
      if (current !== undefined) {
        throw new Error(
          'Cannot verify: one verification at a time, and one is under way: stop it or wait for its end.',
        );
      }
      const mine = { isStopped: false };
      current = mine;
      try {
        return await verify(runId, onProgress, async () => {
          await turns.background();
          if (mine.isStopped) throw new Error('Stopped.');
        });
      } finally {
        current = undefined;
      }
    },
    stop() {
      if (current !== undefined) current.isStopped = true;
    },
  };
}
