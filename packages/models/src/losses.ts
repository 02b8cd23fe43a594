import * as tf from '@tensorflow/tfjs';

/** Mean of `(x̂ - x)²` over all pixels of all images: two tensors of the same shape → scalar. */
export function meanSquaredError(reconstructions: tf.Tensor, images: tf.Tensor): tf.Scalar {
  return tf.mean(tf.squaredDifference(reconstructions, images));
}

/**
 * Mean cross-entropy in nats: `-mean(log softmax(logits)[label])`.
 * @param logits `[N, classes]` float32.
 * @param labels `[N]` int32 in `0…classes-1`; a label outside contributes 0.
 */
export function softmaxCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const classes = logits.shape[1]!;
  const picked = tf.mul(tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32'), tf.logSoftmax(logits));
  return tf.neg(tf.mean(tf.sum(picked, 1))) as tf.Scalar;
}
