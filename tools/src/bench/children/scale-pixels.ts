/**
 * Bytes to float32 in [0, 1]. A loop, since `Float32Array.from` with a function makes a list of all elements first, in ten
 * times as long: peers that take floats would look slow and greedy.
 */
export function scalePixels(images: Uint8Array): Float32Array<ArrayBuffer> {
  const scaled = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) scaled[i] = images[i] / 255;
  return scaled;
}
