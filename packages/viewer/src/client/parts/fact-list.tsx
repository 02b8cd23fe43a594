import type { ComponentChildren } from 'preact';

/** Facts with their names before them, or above them on a phone. */
export function FactList({
  facts,
}: {
  facts: readonly (readonly [name: string, fact: ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
