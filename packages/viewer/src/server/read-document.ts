import { parseRunManifest, parseSweepResult, RunManifestError, type RunFile } from '@narrows/shared';
import type { RunListing, SweepListing } from '../contract/api.ts';
import { sha256OfText } from './entity-tag.ts';
import { readText, type FileTree, type StoredFile } from './server-io.ts';

/** The file by which a folder is a run or a sweep. */
export interface DocumentPlace {
  readonly kind: 'run' | 'sweep';
  readonly file: StoredFile;
}

/** What a folder's document says. */
export type FolderContent =
  | {
      readonly kind: 'run';
      readonly listing: Omit<RunListing, 'id' | 'isDemo'>;
      /** SHA-256 of `run.json`, lowercase hexadecimal. */
      readonly sha256: string;
      /** The run's files by path: what may be given away. */
      readonly files: ReadonlyMap<string, RunFile>;
    }
  | {
      readonly kind: 'sweep';
      readonly listing: Omit<SweepListing, 'id' | 'isDemo'>;
      /** SHA-256 of `sweep.json`, lowercase hexadecimal. */
      readonly sha256: string;
    }
  /** It can't be shown, with the reason in one line. */
  | { readonly kind: 'problem'; readonly message: string };

/** Documents of thousands of models are below 10 MB; what is larger was not written by a trainer. */
const largestDocumentBytes = 64 * 2 ** 20;

/**
 * Why a document is not even looked into.
 *
 * @param where what to call it
 * @returns one line for people; `undefined` for one of a size that a trainer may have written
 */
export function sizeProblem({ sizeBytes }: StoredFile, where: string): string | undefined {
  if (sizeBytes <= largestDocumentBytes) return undefined;
  const rule = `it must have at most ${largestDocumentBytes} bytes, not ${sizeBytes}`;
  return `Cannot read "${where}": ${rule}. Restore the file.`;
}

/**
 * Finds the `run.json` or `sweep.json` of a folder, without reading it.
 *
 * @returns `undefined` for a folder with neither, which is nothing of ours.
 */
export async function findDocument(tree: FileTree, name: string): Promise<DocumentPlace | undefined> {
  for (const kind of ['run', 'sweep'] as const) {
    const file = await tree.find(`${name}/${kind}.json`);
    if (file !== undefined) return { kind, file };
  }
  return undefined;
}

/**
 * Reads a run's or sweep's document.
 *
 * @param name of its folder, for the message of a problem
 * @throws UnreadableFile where the file is gone or changed since it was found, or can't be read just now.
 */
export async function readDocument({ kind, file }: DocumentPlace, name: string): Promise<FolderContent> {
  const where = `${name}/${kind}.json`;
  const tooLarge = sizeProblem(file, where);
  if (tooLarge !== undefined) return { kind: 'problem', message: tooLarge };
  try {
    const text = await readText(file);
    const sha256 = await sha256OfText(text);
    return kind === 'run' ? runContent(text, { where, sha256 }) : sweepContent(text, { where, sha256 });
  } catch (error) {
    // What the parsers throw for a text that they refuse.
    if (!(error instanceof RunManifestError || error instanceof RangeError)) throw error;
    return { kind: 'problem', message: error.message };
  }
}

function runContent(text: string, { where, sha256 }: { where: string; sha256: string }): FolderContent {
  const { name, preset, finishedAt, dataset, models, files } = parseRunManifest(text, where);
  return {
    kind: 'run',
    listing: { name, preset, finishedAt, dataset: dataset.title, models: models.map(({ id }) => id) },
    sha256,
    files: new Map(files.map((file) => [file.path, file])),
  };
}

function sweepContent(text: string, { where, sha256 }: { where: string; sha256: string }): FolderContent {
  const { name, finishedAt } = parseSweepResult(text, where);
  return { kind: 'sweep', listing: { name, finishedAt }, sha256 };
}
