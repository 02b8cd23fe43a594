import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the sample predictions. */
export const samplesMessages = defineMessages({
  en: {
    title: 'A few of them',
    lead: (classifier: string) =>
      `One test image of each class, and what the codecs make of it, computed now by your browser. Below each: the class that “${classifier}” reads in it and how probable it finds that; a mistake is red and underlined.`,
    noClassifier:
      'One test image of each class, and what the codecs make of it, computed now by your browser.',
    others: 'Show others',
    originals: 'Original',
    table: 'Test images and their reconstructions',
    image: (index: string, label: string) => `Test image ${index}, a ${label}`,
    reconstruction: (index: string, codec: string) => `Test image ${index} by ${codec}`,
    answer: (name: string, probability: string) => `${name}, ${probability}`,
    wrong: 'wrong',
    loading: 'Fetching the images …',
    codec: 'Codec',
    openLabel: (name: string, index: string) => `${name}, test image ${index}: open in Draw`,
  },
  el: {
    title: 'Μερικές από αυτές',
    lead: (classifier: string) =>
      `Μία εικόνα δοκιμής από κάθε κλάση, και τι την κάνουν οι κωδικοποιητές, υπολογισμένο τώρα από τον περιηγητή σας. Κάτω από καθεμία: η κλάση που διαβάζει ο «${classifier}» και πόσο πιθανή τη θεωρεί· το λάθος είναι κόκκινο και υπογραμμισμένο.`,
    noClassifier:
      'Μία εικόνα δοκιμής από κάθε κλάση, και τι την κάνουν οι κωδικοποιητές, υπολογισμένο τώρα από τον περιηγητή σας.',
    others: 'Άλλες εικόνες',
    originals: 'Αρχική',
    table: 'Εικόνες δοκιμής και οι ανακατασκευές τους',
    image: (index: string, label: string) => `Εικόνα δοκιμής ${index}, ένα ${label}`,
    reconstruction: (index: string, codec: string) => `Η εικόνα δοκιμής ${index} από τον ${codec}`,
    answer: (name: string, probability: string) => `${name}, ${probability}`,
    wrong: 'λάθος',
    loading: 'Ανάκτηση των εικόνων …',
    codec: 'Κωδικοποιητής',
    openLabel: (name: string, index: string) => `${name}, εικόνα δοκιμής ${index}: άνοιγμα στο «Σχεδιάστε»`,
  },
});
