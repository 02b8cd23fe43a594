import type { ComponentChildren } from 'preact';
import { navigate } from '../state/route.ts';

export interface PageLinkProps {
  /** An address of ours, such as `viewAddress` gives. */
  readonly href: string;
  readonly class?: string;
  /** A name that says more than the words shown, for those who hear links one by one. */
  readonly label?: string;
  /** Whether it leads to where the visitor is. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the page: opens without loading it again, unless the visitor wants another tab or window. */
export function PageLink({ href, class: name, label, isCurrent = false, children }: PageLinkProps) {
  return (
    <a
      href={href}
      class={name}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={followInPage}
    >
      {children}
    </a>
  );
}

function followInPage(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(event.currentTarget.getAttribute('href')!);
}
