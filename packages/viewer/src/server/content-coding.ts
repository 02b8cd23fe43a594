/**
 * The form of a file to answer with, by the `Accept-Encoding` header (RFC 9110, section 12.5.3).
 *
 * @param header its value, `undefined` where there is none: then as it is
 * @param forms.hasBrotli whether there is a form that is compressed with brotli
 * @param forms.hasIdentity whether the file is there as it is
 * @returns the one of greatest weight, brotli where both weigh the same; `none` where each is refused, for an answer with
 *   406. Items that are not of the grammar are taken as absent.
 */
export function chooseCoding(
  header: string | undefined,
  { hasBrotli, hasIdentity }: { readonly hasBrotli: boolean; readonly hasIdentity: boolean },
): 'br' | 'identity' | 'none' {
  if (header === undefined) return hasIdentity ? 'identity' : 'none';
  const weights = parseWeights(header);
  const any = weights.get('*');
  const brotli = hasBrotli ? (weights.get('br') ?? any ?? 0) : 0;
  // Without being named, the file as it is is welcome, though less than whatever is named.
  const identity = hasIdentity ? (weights.get('identity') ?? (any === 0 ? 0 : 0.0001)) : 0;
  if (brotli === 0 && identity === 0) return 'none';
  return brotli >= identity ? 'br' : 'identity';
}

function parseWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.split(',')) {
    const match = /^([!#$%&'*+.^_`|~\w-]+)(?:[\t ]*;[\t ]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i.exec(
      item.trim(),
    );
    if (match === null) continue;
    const [, coding, weight = '1'] = match as unknown as [string, string, string | undefined];
    weights.set(coding.toLowerCase(), Number(weight));
  }
  return weights;
}
