/**
 * Class probabilities: exp(xᵢ) / Σ exp(xⱼ) over each row.
 *
 * @param logits float32 `[N, classes]`
 * @param classes values in a row, at least 1
 * @returns float32 `[N, classes]`, each row adding up to 1
 */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let i = start; i < start + classes; i++) largest = Math.max(largest, logits[i]);
    // With the largest taken away, nothing overflows and the sum is at least 1.
    let sum = 0;
    for (let i = start; i < start + classes; i++) sum += Math.exp(logits[i] - largest);
    for (let i = start; i < start + classes; i++) probabilities[i] = Math.exp(logits[i] - largest) / sum;
  }
  return probabilities;
}
