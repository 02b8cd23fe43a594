import { attributesKey, type Graph, type Value } from '../graph.ts';
import { rewrite } from '../rewrite.ts';
import { formatType } from '../tensor-type.ts';

/** Computes once what several nodes compute from the same inputs with the same attributes. */
export function shareEqual(graph: Graph): Graph {
  const known = new Map<string, readonly Value[]>();
  return rewrite(graph, ({ op, domain, inputs, outputs, attributes }) => {
    const ids = inputs.map((value) => value?.id ?? '_').join(',');
    const key = `${domain}.${op}(${ids})${attributesKey(attributes)}${outputs.map(formatType).join()}`;
    const earlier = known.get(key);
    if (earlier === undefined) known.set(key, outputs);
    return earlier;
  });
}
