import { signal } from '@preact/signals';

/** Languages of the interface, by their BCP 47 tag. */
export type Language = 'en' | 'el';

/** Every language with its name in itself. */
export const languages: readonly { readonly tag: Language; readonly name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'el', name: 'Ελληνικά' },
];

/** The language at hand. Everything that reads it while it renders is drawn again when it changes. */
export const language = signal<Language>('en');

/** The first of the browser's preferred languages that there is; English if none is. */
export function preferredLanguage(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const found = languages.find(({ tag }) => preference.toLowerCase().split('-')[0] === tag);
    if (found !== undefined) return found.tag;
  }
  return 'en';
}
