import { language, type Language } from './language.ts';

/**
 * The words of one part of the interface, beside the code that shows them. A language that lacks a message is a compile
 * error. A message with values in it is a function of them.
 *
 * @returns a function that gives the messages in the language at hand; call it while rendering.
 */
export function defineMessages<Messages>(
  tables: { readonly en: Messages } & Readonly<Record<Exclude<Language, 'en'>, NoInfer<Messages>>>,
): () => Messages {
  return () => tables[language.value];
}
