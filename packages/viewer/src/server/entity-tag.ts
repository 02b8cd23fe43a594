/** The entity tag of a content, strong: equal tags mean equal bytes. */
export function entityTag(sha256: string, coding: 'br' | 'identity' = 'identity'): string {
  return coding === 'br' ? `"${sha256}-br"` : `"${sha256}"`;
}

/**
 * Whether an `If-None-Match` header names a tag (RFC 9110, section 13.1.2): `*`, or a list of which weak ones count, too.
 *
 * @param tag strong, as `entityTag` makes it
 */
export function matchesTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  const tags: readonly string[] = header.match(/"[!\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.includes(tag);
}

/** SHA-256 of a text as UTF-8, lowercase hexadecimal. */
export async function sha256OfText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
