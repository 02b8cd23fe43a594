import { defineMessages } from '../i18n/define-messages.ts';

/** What is wrong with an image that was asked for: visitors type its number, and links may be damaged. */
export const specimenMessages = defineMessages({
  en: {
    noTestImage: (number: string, last: number): string =>
      `Cannot show test image "${number}": it must be a whole number from 0 to ${last}.`,
    noDrawing:
      'Cannot show the drawing of this address: it is damaged, or of another size than the images of this run.',
  },
  el: {
    noTestImage: (number: string, last: number): string =>
      `Δεν υπάρχει εικόνα δοκιμής «${number}»: ο αριθμός της πρέπει να είναι ακέραιος από 0 έως ${last}.`,
    noDrawing:
      'Το σχέδιο αυτής της διεύθυνσης δεν εμφανίζεται: είναι φθαρμένο ή έχει άλλο μέγεθος από τις εικόνες της εκτέλεσης.',
  },
});
