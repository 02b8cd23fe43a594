/** Levels of grey that a drawing keeps in the address. */
const levels = 16;

/**
 * A drawing as text for an address: two pixels a byte, 16 levels of grey each, as base64url (RFC 4648, section 5). 28×28
 * pixels take 523 characters.
 * @param image float32 in [0, 1]
 */
export function encodeInk(image: Float32Array): string {
  const bytes = new Uint8Array(Math.ceil(image.length / 2));
  image.forEach((value, i) => {
    bytes[i >> 1] |= Math.round(value * (levels - 1)) << (i % 2 === 0 ? 4 : 0);
  });
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/**
 * The drawing that `encodeInk` wrote.
 * @param pixels how many it must have
 * @returns float32 in [0, 1]; `undefined` for a text that is no such drawing.
 */
export function decodeInk(text: string, pixels: number): Float32Array | undefined {
  let binary: string;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
  if (binary.length !== Math.ceil(pixels / 2)) return undefined;
  return Float32Array.from({ length: pixels }, (_, i) => {
    const byte = binary.charCodeAt(i >> 1);
    return (i % 2 === 0 ? byte >> 4 : byte & 15) / (levels - 1);
  });
}
