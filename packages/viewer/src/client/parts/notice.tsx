import type { ComponentChildren } from 'preact';

/** A message that is read out when it comes: an error, or something worth knowing. */
export function Notice({
  tone,
  title,
  children,
}: {
  tone: 'error' | 'info';
  title?: string;
  children: ComponentChildren;
}) {
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      {title !== undefined && <b>{title}</b>}
      <div>{children}</div>
    </div>
  );
}
