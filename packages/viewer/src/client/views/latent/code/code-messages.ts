import { defineMessages } from '../../../i18n/define-messages.ts';

/** Words of the code's editor. */
export const codeMessages = defineMessages({
  en: {
    title: 'Turn the numbers of the code',
    hint: 'Each bar is one number of the code of the image at hand, on the scale from the least to the greatest that any test image has there. Move one and see what it does.',
    keys: 'With the keyboard: left and right go from bar to bar, up and down turn it, Page Up and Page Down by more, Delete puts it back.',
    pickCodec: 'Pixels have no code. Choose a codec above the map.',
    loading: 'Encoding the test images to see how far each number reaches …',
    bars: 'Numbers of the code',
    coordinate: (number: number): string => `Number ${number}`,
    valueText: (value: string, original: string, isEdited: boolean): string =>
      isEdited ? `${value}, was ${original}` : value,
    constant: 'the same for every test image',
    reset: (number: number): string => `Put number ${number} back`,
    resetAll: 'Put all back',
    sort: 'Those that vary most first',
    unused: (count: number, all: number): string =>
      count === 1
        ? `One of the ${all} numbers is the same for every test image: this codec does without it.`
        : `${count} of the ${all} numbers are the same for every test image: this codec does without them.`,
    original: 'Original',
    before: 'Reconstruction',
    after: 'With the changed code',
    noChange: 'Nothing is changed yet',
    changed: (count: number): string =>
      count === 1 ? 'One number is changed' : `${count} numbers are changed`,
    reads: (name: string): string => `The classifier takes it for ${name}.`,
  },
  el: {
    title: 'Αλλάξτε τους αριθμούς του κώδικα',
    hint: 'Κάθε στήλη είναι ένας αριθμός του κώδικα της τρέχουσας εικόνας, σε κλίμακα από τον μικρότερο ως τον μεγαλύτερο που έχει εκεί κάποια εικόνα δοκιμής. Μετακινήστε μία και δείτε τι κάνει.',
    keys: 'Με το πληκτρολόγιο: αριστερά και δεξιά από στήλη σε στήλη, πάνω και κάτω την αλλάζουν, Page Up και Page Down περισσότερο, Delete την επαναφέρει.',
    pickCodec: 'Τα εικονοστοιχεία δεν έχουν κώδικα. Διαλέξτε κωδικοποιητή πάνω από τον χάρτη.',
    loading: 'Κωδικοποίηση των εικόνων δοκιμής για να φανεί πού φτάνει κάθε αριθμός …',
    bars: 'Αριθμοί του κώδικα',
    coordinate: (number: number): string => `Αριθμός ${number}`,
    valueText: (value: string, original: string, isEdited: boolean): string =>
      isEdited ? `${value}, ήταν ${original}` : value,
    constant: 'ίδιος σε όλες τις εικόνες δοκιμής',
    reset: (number: number): string => `Επαναφορά του αριθμού ${number}`,
    resetAll: 'Επαναφορά όλων',
    sort: 'Πρώτα όσοι μεταβάλλονται περισσότερο',
    unused: (count: number, all: number): string =>
      count === 1
        ? `Ένας από τους ${all} αριθμούς είναι ίδιος σε όλες τις εικόνες δοκιμής: ο κωδικοποιητής δεν τον χρειάζεται.`
        : `${count} από τους ${all} αριθμούς είναι ίδιοι σε όλες τις εικόνες δοκιμής: ο κωδικοποιητής δεν τους χρειάζεται.`,
    original: 'Αρχική',
    before: 'Ανακατασκευή',
    after: 'Με τον αλλαγμένο κώδικα',
    noChange: 'Τίποτα δεν άλλαξε ακόμη',
    changed: (count: number): string => (count === 1 ? 'Άλλαξε ένας αριθμός' : `Άλλαξαν ${count} αριθμοί`),
    reads: (name: string): string => `Ο ταξινομητής τη διαβάζει ως ${name}.`,
  },
});
