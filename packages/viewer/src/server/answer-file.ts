import type { Context } from 'hono';
import { parseByteRange, type ByteRange } from './byte-range.ts';
import { chooseCoding } from './content-coding.ts';
import { entityTag, matchesTag } from './entity-tag.ts';
import type { StoredFile } from './server-io.ts';

/** May be kept, and must be asked for again each time, which an entity tag makes cheap. */
const revalidate = 'no-cache';
/** The address is of this content alone: kept for a year without asking. */
const forGood = 'public, max-age=31536000, immutable';

/** How to give a file away. */
export interface AnswerOptions {
  readonly mimeType: string;
  /** SHA-256 of its content, for the entity tag. */
  readonly sha256: string;
  /** Whether the address is of this content alone. */
  readonly isImmutable: boolean;
}

/**
 * Answers a GET or HEAD with a file: 200, 206 for one range of bytes, 304 for what the asker has, 406, or 416.
 *
 * A range is always of the file as it is, never of its compressed form.
 *
 * @throws UnreadableFile where the file is gone or changed since it was found.
 */
export async function answerFile(
  context: Context,
  file: StoredFile,
  { mimeType, sha256, isImmutable }: AnswerOptions,
): Promise<Response> {
  const { req } = context;
  const { sizeBytes, brotliBytes, isCompressedOnly = false } = file;
  const range = isCompressedOnly ? undefined : requestedRange(context, { sizeBytes, sha256 });
  const forms = { hasBrotli: brotliBytes !== undefined, hasIdentity: !isCompressedOnly };
  const coding = range === undefined ? chooseCoding(req.header('Accept-Encoding'), forms) : 'identity';
  if (coding === 'none') {
    const needed = isCompressedOnly ? 'br' : 'identity';
    return context.json({ error: `Cannot give the file: Accept-Encoding must allow "${needed}".` }, 406);
  }
  const headers: Record<string, string> = {
    ETag: entityTag(sha256, coding),
    'Cache-Control': isImmutable ? forGood : revalidate,
    ...(brotliBytes === undefined ? {} : { Vary: 'Accept-Encoding' }),
  };
  const known = req.header('If-None-Match');
  if (known !== undefined && matchesTag(known, headers['ETag'])) return context.body(null, 304, headers);
  if (range === 'unsatisfiable') {
    const error = `Cannot give that range: the file has ${sizeBytes} bytes.`;
    return context.json({ error }, 416, { 'Content-Range': `bytes */${sizeBytes}` });
  }
  headers['Accept-Ranges'] = 'bytes';
  headers['Content-Type'] = mimeType;
  headers['Content-Length'] = String(sizeBytes);
  if (coding === 'br') {
    headers['Content-Encoding'] = 'br';
    headers['Content-Length'] = String(brotliBytes);
  }
  if (range !== undefined) {
    headers['Content-Range'] = `bytes ${range.start}-${range.end}/${sizeBytes}`;
    headers['Content-Length'] = String(range.end - range.start + 1);
  }
  const status = range === undefined ? 200 : 206;
  if (req.method === 'HEAD') return context.body(null, status, headers);
  const body = await file.read({
    ...(coding === 'br' ? { coding } : {}),
    ...(range === undefined ? {} : { range }),
  });
  return context.body(body, status, headers);
}

/** The range that is asked for; `undefined` where all of the file is. */
function requestedRange(
  { req }: Context,
  { sizeBytes, sha256 }: { sizeBytes: number; sha256: string },
): ByteRange | 'unsatisfiable' | undefined {
  const header = req.header('Range');
  // Ranges are defined for GET alone.
  if (header === undefined || req.method !== 'GET') return undefined;
  // Of another version of the file, a part is no use. Dates can't match, for we give none.
  const condition = req.header('If-Range');
  if (condition !== undefined && condition.trim() !== entityTag(sha256)) return undefined;
  const range = parseByteRange(header, sizeBytes);
  return range === 'ignored' ? undefined : range;
}
