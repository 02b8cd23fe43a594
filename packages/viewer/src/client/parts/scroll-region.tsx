import type { ComponentChildren } from 'preact';

/** What may be wider than the page: it scrolls by itself, by keyboard too. */
export function ScrollRegion({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
