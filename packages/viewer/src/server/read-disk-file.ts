import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ByteRange } from './byte-range.ts';
import { UnreadableFile, type StoredFile } from './server-io.ts';

/** What is not longer is read in one go. */
const wholeBytes = 2 ** 18;
/** What is longer, so much at a time: of every reader one piece is in memory. */
const chunkBytes = 2 ** 16;

/**
 * Reads a file, or a part of it: what is short into memory, what is longer as a stream of chunks of 64 KiB, which
 * closes the file when it ends or is cancelled.
 *
 * @param path where it is; a link is not followed
 * @param options.name what to call it in an error
 * @param options.sizeBytes the size that it must have
 * @param options.changedMs the time of change that it must have, any unless told
 * @throws UnreadableFile where it isn't there or another.
 */
export async function readDiskFile(
  path: string,
  {
    name,
    sizeBytes,
    changedMs,
    range = { start: 0, end: sizeBytes - 1 },
  }: {
    readonly name: string;
    readonly sizeBytes: number;
    readonly changedMs?: number;
    readonly range?: ByteRange | undefined;
  },
): ReturnType<StoredFile['read']> {
  let file: FileHandle;
  try {
    // Windows has no such flag, which then counts as 0.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw new UnreadableFile(
      `Cannot read "${name}": the file can't be opened (${codeOf(error)}). Restore it.`,
    );
  }
  const length = range.end - range.start + 1;
  try {
    const { size, mtimeMs } = await file.stat();
    if (size !== sizeBytes || (changedMs !== undefined && mtimeMs !== changedMs)) {
      throw new UnreadableFile(`Cannot read "${name}": the file was changed just now. Ask again.`);
    }
    if (length > wholeBytes) return streamOf(file, range);
    const bytes = await readExactly(file, { position: range.start, length, name });
    await file.close();
    return bytes;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function streamOf(file: FileHandle, { start, end }: ByteRange): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = start;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const length = Math.min(chunkBytes, end + 1 - position);
          controller.enqueue(await readExactly(file, { position, length, name: 'the file' }));
          position += length;
        } catch (error) {
          await file.close();
          throw error;
        }
        if (position <= end) return;
        await file.close();
        controller.close();
      },
      cancel: () => file.close(),
    },
    // Nothing is read before somebody reads it.
    { highWaterMark: 0 },
  );
}

async function readExactly(
  file: FileHandle,
  { position, length, name }: { position: number; length: number; name: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0)
      throw new UnreadableFile(`Cannot read "${name}": it became shorter meanwhile. Ask again.`);
    done += bytesRead;
  }
  return bytes;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
