import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph, type Graph } from './graph.ts';
import { lower } from './lower.ts';
import { removeDead, rewrite } from './rewrite.ts';
import { expectSameResults } from './testing/same-results.ts';
import { trace } from './trace.ts';

const specs = { x: { shape: [3], dtype: 'float32' }, unused: { shape: [2], dtype: 'float32' } } as const;

function sample(): Graph {
  return lower(
    trace(({ x }) => {
      tf.exp(tf.add(x, 7));
      return { y: tf.neg(tf.neg(x)), z: tf.add(x, 3) };
    }, specs),
  );
}

describe('removeDead', () => {
  it('drops nodes and constants that no output depends on, and keeps every input', async () => {
    const before = sample();
    const after = removeDead(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = input "unused" : float32[2]
      %2 = constant [7] : float32[]
      %3 = constant [3] : float32[]
      %4 = Add(%0, %2) : float32[3]
      %5 = Exp(%4) : float32[3]
      %6 = Neg(%0) : float32[3]
      %7 = Neg(%6) : float32[3]
      %8 = Add(%0, %3) : float32[3]
      output "y" = %7
      output "z" = %8"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = input "unused" : float32[2]
      %2 = constant [3] : float32[]
      %3 = Neg(%0) : float32[3]
      %4 = Neg(%3) : float32[3]
      %5 = Add(%0, %2) : float32[3]
      output "y" = %4
      output "z" = %5"
    `);
    await expectSameResults(before, after);
  });

  it('changes nothing where nothing is dead', () => {
    const once = removeDead(sample());
    expect(removeDead(once)).toEqual(once);
  });

  it('keeps a node of which one output is used', () => {
    const graph = lower(trace(({ x }) => ({ y: tf.split(x, 3)[1] }), specs));
    expect(removeDead(graph).nodes).toHaveLength(1);
  });
});

describe('rewrite', () => {
  it('puts values in the place of outputs, for the nodes that follow and for the outputs of the graph', () => {
    const graph = rewrite(removeDead(sample()), ({ op, inputs }) =>
      op === 'Neg' ? [inputs[0]!] : undefined,
    );
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = input "unused" : float32[2]
      %2 = constant [3] : float32[]
      %3 = Add(%0, %2) : float32[3]
      output "y" = %0
      output "z" = %3"
    `);
  });

  it('tells the rule what makes a value, how often it is used, and what a constant holds', () => {
    const seen: string[] = [];
    rewrite(removeDead(sample()), ({ op, inputs }, { producer, usedOnce, constant }) => {
      const data = constant(inputs[1] ?? null);
      const about = [op, producer(inputs[0])?.op, usedOnce(inputs[0]!), data?.join()];
      seen.push(about.map(String).join(' '));
      return undefined;
    });
    expect(seen).toEqual([
      'Neg undefined false undefined',
      'Neg Neg true undefined',
      'Add undefined false 3',
    ]);
  });

  it('leaves the graph that it was given as it was', () => {
    const graph = sample();
    const text = printGraph(graph);
    rewrite(graph, ({ outputs }, { builder }) => [
      builder.expand(builder.scalar(0, 'float32'), outputs[0].shape),
    ]);
    expect(printGraph(graph)).toBe(text);
  });
});
