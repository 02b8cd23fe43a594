import { useEffect, useRef } from 'preact/hooks';
import { language } from '../i18n/language.ts';
import { route } from '../state/route.ts';
import { Header } from './header.tsx';
import { Footer } from './footer.tsx';
import { shellMessages, viewTitles } from './shell-messages.ts';
import { ViewPlace } from './view-place.tsx';

/** The page: a link past the navigation, the header, the view at hand, the footer. */
export function App() {
  const words = shellMessages();
  const { view } = route.value;
  const main = useRef<HTMLElement>(null);
  const previous = useRef(view);
  const title = view === 'unknown' ? words.unknownPage : viewTitles()[view];
  useEffect(() => {
    document.title = view === 'draw' ? words.pageTitle : `${title} · Narrows`;
    // Who listens is told of the new view as after loading a page, and who tabs goes on from its start.
    if (previous.current !== view) main.current?.focus({ preventScroll: true });
    previous.current = view;
    showCurrentTab();
  }, [view, language.value]);
  return (
    <>
      <a class="skip-link" href="#main">
        {words.skipToContent}
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1} aria-label={title}>
        <ViewPlace view={view} />
      </main>
      <Footer />
    </>
  );
}

/**
 * Brings the tab at hand into sight on a phone, where the navigation is wider than the screen. Not by `scrollIntoView`:
 * after that, who tabs would go on from there, past the skip link.
 */
function showCurrentTab(): void {
  const tab = document.querySelector('.shell-nav [aria-current]')?.getBoundingClientRect();
  const strip = document.querySelector('.shell-nav');
  if (tab === undefined || strip === null) return;
  const { left, width } = strip.getBoundingClientRect();
  strip.scrollBy({ left: tab.left + tab.width / 2 - (left + width / 2) });
}
