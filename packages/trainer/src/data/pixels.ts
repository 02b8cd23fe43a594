/** Pixels as they are stored, 0…255, as a model takes them: float32 in [0, 1]. */
export function scaleBytes(bytes: Uint8Array): Float32Array {
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = bytes[i] / 255;
  return pixels;
}

/** Pixels in [0, 1] rounded to bytes; what lies outside is clipped. */
export function roundToBytes(pixels: Float32Array): Uint8Array {
  return Uint8Array.from(pixels, (pixel) => Math.round(255 * Math.min(1, Math.max(0, pixel))));
}
