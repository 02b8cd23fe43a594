import type { ByteRange } from './byte-range.ts';

/** Which bytes of a file to read. */
export interface ReadOptions {
  /** A part of it; all of it unless told. */
  readonly range?: ByteRange;
  /** In the form that is compressed with brotli, which the file must have. */
  readonly coding?: 'br';
}

/** A file that can be read. */
export interface StoredFile {
  readonly sizeBytes: number;
  /** Differs whenever the content may: of a file on disk its size and time of change. */
  readonly version: string;
  /** SHA-256 of the content where it is known without reading it, lowercase hexadecimal. */
  readonly sha256?: string;
  /** Size of the form that is compressed with brotli, where there is one. */
  readonly brotliBytes?: number;
  /** Whether it can't be read as it is. */
  readonly isCompressedOnly?: boolean;
  /** Whether its name is of this content alone. */
  readonly isImmutable?: boolean;
  /** @throws UnreadableFile where the file is gone or changed since it was found. */
  read(options?: ReadOptions): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** Folders with files in them, such as `runs` on disk. Nothing outside it can be reached. */
export interface FileTree {
  /** Names of the folders right inside it. */
  folders(): Promise<readonly string[]>;
  /**
   * @param path of parts joined by "/"
   * @returns `undefined` where there is no such file, or where links lead out of the folder that the path begins with.
   */
  find(path: string): Promise<StoredFile | undefined>;
}

/** What the app needs of the runtime that it runs on. */
export interface ServerIo {
  /** The built page: `index.html`, `assets/…`. */
  readonly client: FileTree;
  /** The runs that come with Narrows. */
  readonly demo: FileTree;
  /** The visitor's own runs, looked at anew for each request; none where there is no disk. */
  readonly runs: FileTree | undefined;
  /** Whether a request for this host is for us, as the address has it: `localhost`, `[::1]`; without the port. */
  readonly allowsHost: (hostname: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborts when the server is about to end: streams of events end, too. */
  readonly closing: AbortSignal;
  /** Is told of defects, whose details are nobody else's business. */
  readonly report: (error: unknown) => void;
}

/** A file that was there and can't be read as expected. Its message is one line for people, and names no folder. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/**
 * Reads a file as text.
 *
 * @throws UnreadableFile where the file is gone or changed since it was found.
 */
export async function readText(file: StoredFile): Promise<string> {
  return new Response(await file.read()).text();
}
