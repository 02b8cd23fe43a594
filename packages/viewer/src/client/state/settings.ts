import { effect, signal } from '@preact/signals';
import { language, languages, preferredLanguage } from '../i18n/language.ts';

/** Colours: the system's choice, or one of the two. */
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The theme asked for. */
export const theme = signal<Theme>('auto');

/** Takes up what the visitor chose before, and keeps what is chosen from now on. */
export function startSettings(): void {
  theme.value = themes.find((known) => known === read('theme')) ?? 'auto';
  language.value =
    languages.find(({ tag }) => tag === read('language'))?.tag ?? preferredLanguage(navigator.languages);
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    write('theme', theme.value);
  });
  effect(() => {
    document.documentElement.lang = language.value;
    write('language', language.value);
  });
}

// Storage may be forbidden; the choice then holds until the page is left.
function read(name: string): string | null {
  try {
    return localStorage.getItem(`narrows.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`narrows.${name}`, value);
  } catch {
    return;
  }
}
