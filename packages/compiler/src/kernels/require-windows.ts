import type * as tf from '@tensorflow/tfjs';

/**
 * Refuses windows that ONNX has no words for. Its output is as large as the windows that fit into the padded image,
 * rounded down; tfjs may have fewer than one, or round up (`dimRoundingMode`) and let the last hang over the padding.
 * @throws RangeError when the windows do not fit.
 */
export function requireWindows(kernel: string, info: tf.backend_util.Conv2DInfo): tf.backend_util.Conv2DInfo {
  const { top, bottom, left, right } = info.padInfo;
  const axes = [
    ['high', info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.inHeight + top + bottom],
    ['wide', info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.inWidth + left + right],
  ] as const;
  for (const [direction, count, stride, window, padded] of axes) {
    const reach = (Math.max(count, 1) - 1) * stride + window;
    if (reach <= padded) continue;
    throw new RangeError(
      `Cannot trace kernel "${kernel}": its windows must lie within the padded image, which is ${padded} ${direction}; ` +
        `they reach to ${reach}. Choose a smaller window or stride, or leave out dimRoundingMode.`,
    );
  }
  return info;
}
