/** Bytes of a file, from `start` to `end`, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header asks of a file (RFC 9110, section 14).
 *
 * @param header its value
 * @param sizeBytes size of the file
 * @returns the range, cut to the file; `unsatisfiable` where it lies past the end, for an answer with 416; `ignored`
 *   where the header is to be taken as absent: another unit, not of the grammar, or several ranges, which a server may
 *   answer with the whole.
 */
export function parseByteRange(header: string, sizeBytes: number): ByteRange | 'unsatisfiable' | 'ignored' {
  const match = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i.exec(header);
  if (match === null) return 'ignored';
  const [, first, last] = match;
  if (first === '') {
    if (last === '') return 'ignored';
    // The last so many bytes.
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return 'ignored';
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes - 1) } : 'unsatisfiable';
}
