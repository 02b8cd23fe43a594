import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { slopeOfOutput } from './slope-of-output.ts';

const specs = { x: { shape: [2, 3], dtype: 'float32' }, dy: { shape: [2, 3], dtype: 'float32' } } as const;
const reluGradient: TensorFunction = ({ x, dy }) => {
  const { value, grad } = tf.valueAndGrad((v) => tf.relu(v))(x, dy);
  return { y: value, dx: grad };
};

describe('slopeOfOutput', () => {
  it('compares the output of a ReLU with 0, so that nothing but the ReLU needs its input', async () => {
    const before = trace(reluGradient, specs);
    const after = slopeOfOutput(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = input "dy" : float32[2,3]
      %2 = Relu(%0) : float32[2,3]
      %3 = Step(%0) {alpha: 0} : float32[2,3]
      %4 = Cast(%3) {dtype: "float32"} : float32[2,3]
      %5 = Multiply(%1, %4) : float32[2,3]
      output "y" = %2
      output "dx" = %5"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = input "dy" : float32[2,3]
      %2 = constant [0] : float32[]
      %3 = Relu(%0) : float32[2,3]
      %4 = Greater(%3, %2) : bool[2,3]
      %5 = Cast(%4) {dtype: "float32"} : float32[2,3]
      %6 = Cast(%5) {dtype: "float32"} : float32[2,3]
      %7 = Multiply(%1, %6) : float32[2,3]
      output "y" = %3
      output "dx" = %7"
    `);
    await expectSameResults(lower(before), lower(after));
  });

  it('agrees at zeros and at infinity', async () => {
    const before = trace(reluGradient, specs);
    const x = { ...specs.x, data: Float32Array.of(0, -0, Infinity, -Infinity, 1e-45, -1e-45) };
    await expectSameResults(lower(before), lower(slopeOfOutput(before)), { inputs: { x } });
  });

  it.each<[string, TensorFunction]>([
    ['a slope on the negative side', ({ x }) => ({ y: tf.relu(x), slope: tf.step(x, 0.1) })],
    ['the slope of another tensor', ({ x, dy }) => ({ y: tf.relu(x), slope: tf.step(dy) })],
    ['a slope without a ReLU', ({ x }) => ({ slope: tf.step(x) })],
    [
      'the slope of a ReLU on int32, which tfjs casts before',
      ({ x }) => {
        const whole = tf.cast(x, 'int32');
        return { y: tf.relu(whole), slope: tf.step(whole) };
      },
    ],
  ])('leaves %s alone', (_, fn) => {
    const before = trace(fn, specs);
    expect(printGraph(slopeOfOutput(before))).toBe(printGraph(before));
  });
});
