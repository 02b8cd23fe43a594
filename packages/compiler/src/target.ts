/** What the one machine that a graph is compiled for has beyond ONNX's standard operators; nothing, for a file to hand on. */
export interface Target {
  /**
   * How many channels onnxruntime's blocked convolutions take together on this processor, a multiple of 4: 16 with AVX-512,
   * 8 with AVX2. A wrong number gives wrong results, so let {@link findBlockedChannels} try.
   */
  readonly blockedChannels?: number | undefined;
}
