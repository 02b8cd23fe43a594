/**
 * Pixels as they are stored, 0…255, as models take them: divided by 255 and rounded to float32, as the trainer does it,
 * so that a model sees the same numbers here.
 */
export function scaleBytes(bytes: Uint8Array): Float32Array {
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = bytes[i] / 255;
  return pixels;
}
