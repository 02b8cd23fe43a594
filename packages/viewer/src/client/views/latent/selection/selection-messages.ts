import { defineMessages } from '../../../i18n/define-messages.ts';

/** Words of the selection. */
export const selectionMessages = defineMessages({
  en: {
    title: 'A selection',
    hint: 'Draw a lasso around dots, with that choice above the map or with the Shift key. Or select without drawing:',
    ofClass: 'All of class',
    select: 'Select class',
    nearest: 'Nearest to the marked point',
    around: 'Select nearest',
    markFirst: 'Mark a point first.',
    clear: 'Clear the selection',
    selected: (count: string): string => `${count} images selected`,
    one: 'One image selected',
    nothing: 'No dot lies within the lasso.',
    perClass: 'By class',
    figures: 'What the codecs cost here, and over the whole test set',
    on: 'Images',
    originals: 'the originals',
    recognised: 'Recognised here, %',
    recognisedAll: 'of all, %',
    mse: 'MSE here',
    mseAll: 'of all',
    samples: 'Some of them',
    samplesHint: (count: number): string =>
      count === 0
        ? 'None of these is recognised as it is and lost as a reconstruction.'
        : 'First those that the classifier recognises as they are and no longer as reconstructions, framed.',
    sample: (index: string, name: string, isLost: boolean): string =>
      `Mark test image ${index}, class ${name}${isLost ? ', lost as a reconstruction' : ''}`,
  },
  el: {
    title: 'Μια επιλογή',
    hint: 'Σχεδιάστε ένα λάσο γύρω από κουκκίδες, με την επιλογή πάνω από τον χάρτη ή με το πλήκτρο Shift. Ή επιλέξτε χωρίς σχέδιο:',
    ofClass: 'Όλες της κλάσης',
    select: 'Επιλογή κλάσης',
    nearest: 'Κοντινότερες στο σημαδεμένο σημείο',
    around: 'Επιλογή κοντινότερων',
    markFirst: 'Σημαδέψτε πρώτα ένα σημείο.',
    clear: 'Καθαρισμός της επιλογής',
    selected: (count: string): string => `${count} εικόνες επιλεγμένες`,
    one: 'Μία εικόνα επιλεγμένη',
    nothing: 'Καμία κουκκίδα μέσα στο λάσο.',
    perClass: 'Ανά κλάση',
    figures: 'Τι κοστίζουν οι κωδικοποιητές εδώ, και σε όλο το σύνολο δοκιμής',
    on: 'Εικόνες',
    originals: 'οι αρχικές',
    recognised: 'Αναγνωρίζονται εδώ, %',
    recognisedAll: 'από όλες, %',
    mse: 'MSE εδώ',
    mseAll: 'σε όλες',
    samples: 'Μερικές από αυτές',
    samplesHint: (count: number): string =>
      count === 0
        ? 'Καμία από αυτές δεν αναγνωρίζεται όπως είναι και χάνεται ως ανακατασκευή.'
        : 'Πρώτα, σε πλαίσιο, όσες ο ταξινομητής αναγνωρίζει όπως είναι και όχι πια ως ανακατασκευές.',
    sample: (index: string, name: string, isLost: boolean): string =>
      `Σημάδεμα της εικόνας δοκιμής ${index}, κλάση ${name}${isLost ? ', χαμένη ως ανακατασκευή' : ''}`,
  },
});
