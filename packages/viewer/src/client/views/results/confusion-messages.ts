import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the confusion matrix and of the images behind its cells. */
export const confusionMessages = defineMessages({
  en: {
    title: 'What is taken for what',
    lead: 'Each row holds the test images of one class, each column those that got that answer. The diagonal is right; everything beside it is a mistake, the stronger its colour, the more often. Open a cell to see its images.',
    shown: 'The classifier is shown',
    originals: 'the originals',
    grid: (shown: string) => `Confusion matrix: ${shown}`,
    gridHint: 'Arrow keys move from cell to cell, Enter opens the images of a cell.',
    axes: '↓ true class, → answer; numbers of test images',
    cell: (count: string, label: string, answer: string) =>
      label === answer
        ? `${label} taken for ${answer}, right: ${count}`
        : `${label} taken for ${answer}: ${count}`,
    total: (right: string, wrong: string) => `${right} right, ${wrong} wrong`,
    choose: 'Open a cell, such as the most frequent mistake:',
    mostFrequent: (count: string, label: string, answer: string) => `${label} taken for ${answer} (${count})`,
    images: (count: string, label: string, answer: string) =>
      label === answer
        ? `${count} images of “${label}” that are recognised`
        : `${count} images of “${label}” that are taken for “${answer}”`,
    oneImage: (label: string, answer: string) =>
      label === answer
        ? `1 image of “${label}” that is recognised`
        : `1 image of “${label}” that is taken for “${answer}”`,
    none: (label: string, answer: string) => `No image of “${label}” is taken for “${answer}”.`,
    order: 'Surest answers first. Left the original, right what the codec makes of it.',
    orderOriginal: 'Surest answers first.',
    loading: 'Fetching the images …',
    original: (index: string, label: string) => `Test image ${index}, a ${label}`,
    reconstruction: (index: string, codec: string) => `Test image ${index} as ${codec} gives it back`,
    sure: (answer: string, probability: string) => `${answer} at ${probability}`,
    openInDraw: 'open in Draw',
    openLabel: (index: string) => `Test image ${index}: open in Draw`,
    more: (count: string) => `Show ${count} more`,
    allShown: 'All are shown',
    close: 'Close the images',
  },
  el: {
    title: 'Τι μπερδεύεται με τι',
    lead: 'Κάθε γραμμή έχει τις εικόνες δοκιμής μιας κλάσης, κάθε στήλη όσες πήραν εκείνη την απάντηση. Η διαγώνιος είναι σωστή· ό,τι είναι δίπλα της είναι λάθος, όσο πιο έντονο το χρώμα, τόσο συχνότερο. Ανοίξτε ένα κελί για να δείτε τις εικόνες του.',
    shown: 'Ο ταξινομητής βλέπει',
    originals: 'τις αρχικές',
    grid: (shown: string) => `Πίνακας σύγχυσης: ${shown}`,
    gridHint: 'Τα βέλη πηγαίνουν από κελί σε κελί, το Enter ανοίγει τις εικόνες ενός κελιού.',
    axes: '↓ πραγματική κλάση, → απάντηση· πλήθη εικόνων δοκιμής',
    cell: (count: string, label: string, answer: string) =>
      label === answer ? `${label} ως ${answer}, σωστά: ${count}` : `${label} ως ${answer}: ${count}`,
    total: (right: string, wrong: string) => `${right} σωστά, ${wrong} λάθος`,
    choose: 'Ανοίξτε ένα κελί, όπως το συχνότερο λάθος:',
    mostFrequent: (count: string, label: string, answer: string) => `${label} ως ${answer} (${count})`,
    images: (count: string, label: string, answer: string) =>
      label === answer
        ? `${count} εικόνες του «${label}» που αναγνωρίζονται`
        : `${count} εικόνες του «${label}» που εκλαμβάνονται ως «${answer}»`,
    oneImage: (label: string, answer: string) =>
      label === answer
        ? `1 εικόνα του «${label}» που αναγνωρίζεται`
        : `1 εικόνα του «${label}» που εκλαμβάνεται ως «${answer}»`,
    none: (label: string, answer: string) => `Καμία εικόνα του «${label}» δεν εκλαμβάνεται ως «${answer}».`,
    order: 'Πρώτα οι πιο βέβαιες απαντήσεις. Αριστερά η αρχική, δεξιά ό,τι δίνει ο κωδικοποιητής.',
    orderOriginal: 'Πρώτα οι πιο βέβαιες απαντήσεις.',
    loading: 'Ανάκτηση των εικόνων …',
    original: (index: string, label: string) => `Εικόνα δοκιμής ${index}, ένα ${label}`,
    reconstruction: (index: string, codec: string) => `Η εικόνα δοκιμής ${index} όπως τη δίνει ο ${codec}`,
    sure: (answer: string, probability: string) => `${answer} με ${probability}`,
    openInDraw: 'άνοιγμα στο «Σχεδιάστε»',
    openLabel: (index: string) => `Εικόνα δοκιμής ${index}: άνοιγμα στο «Σχεδιάστε»`,
    more: (count: string) => `Ακόμη ${count}`,
    allShown: 'Φαίνονται όλες',
    close: 'Κλείσιμο των εικόνων',
  },
});
