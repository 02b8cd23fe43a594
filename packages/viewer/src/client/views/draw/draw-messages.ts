import { defineMessages } from '../../i18n/define-messages.ts';

/** What is said of one classifier's answer. */
export interface SpokenAnswer {
  readonly name: string;
  readonly probability: string;
  readonly isFlip: boolean;
}

/** Words of the drawing pad and what stands beside it. */
export const drawMessages = defineMessages({
  en: {
    title: 'How narrow can a bottleneck get?',
    lead: (pixels: string) =>
      `Draw a digit. Each codec squeezes its ${pixels} pixels through a few numbers and rebuilds the picture from those alone; one classifier says which digit it still sees.`,
    leadImage: (pixels: string) =>
      `Pick an image. Each codec squeezes its ${pixels} values through a few numbers and rebuilds the picture from those alone; one classifier says what it still sees.`,
    specimen: 'Your image',
    pad: 'Drawing pad',
    padHint: 'Draw a digit',
    padKeys:
      'With the keyboard: arrows move the pen, Space or Enter puts it down and lifts it, Ctrl+Z undoes.',
    penDown: 'Pen down.',
    undo: 'Undo',
    redo: 'Redo',
    clear: 'Clear',
    brush: 'Brush',
    brushWidth: (pixels: string) => `${pixels} px of 28`,
    notDrawable: (dataset: string) =>
      `${dataset} can’t be drawn with one pen: its models want other images than digits and letters. Pick one of its test images.`,
    noImage: 'No image yet',
    examples: 'Test images, one of each class',
    example: (name: string) => `Test image of class ${name}`,
    results: 'What becomes of it',
    seen: 'What the models see',
    seenHint: '28 × 28 pixels, centred and scaled like the digits they were trained on.',
    seenTest: (index: string, name: string) => `Test image ${index}: ${name}. Draw on it to change it.`,
    seenPicked: (index: string, name: string) => `Test image ${index}: ${name}.`,
    seenLabel: 'The image as the models see it',
    noJudge: 'This run has no classifier, so there is only the picture to judge by.',
    models: (ready: number, all: number) => `Models arriving: ${ready} of ${all}`,
    waiting: 'on its way …',
    failed: 'could not be loaded',
    numbers: (latent: string) => (latent === '1' ? '1 number' : `${latent} numbers`),
    ratio: (pixels: string) => `1 for ${pixels} pixels`,
    ratioValues: (values: string) => `1 for ${values} values`,
    ownCodec: 'your model; it does not tell its bottleneck',
    reconstruction: (codec: string) => `What comes out of ${codec}`,
    errorMap: (codec: string) => `Error map of ${codec}`,
    mse: 'MSE',
    psnr: 'PSNR',
    flip: (from: string) => `flip, was ${from}`,
    right: 'right',
    wrong: 'wrong',
    probabilities: 'Probability of each class',
    howToRead: 'How to read this',
    legendFlip:
      'A flip: the classifier takes the reconstruction for another class than the original. The bottleneck has lost what made the difference.',
    legendMse:
      'MSE is the mean squared error of a pixel, from 0 (the same picture) to 1. PSNR says the same in decibels: 10 dB more are a tenth of the error.',
    legendWaist:
      'The waist of each figure is drawn to scale: its height beside the whole is the codec’s numbers beside those of the image.',
    empty: 'The pad is empty.',
    summaryOriginal: (answer: SpokenAnswer) => `Classifier sees ${answer.name} with ${answer.probability}.`,
    summaryCodec: (codec: string, answer: SpokenAnswer) =>
      `After ${codec}: ${answer.name}, ${answer.probability}${answer.isFlip ? ', a flip' : ''}.`,
    summaryPlain: (count: number) =>
      count === 1 ? '1 reconstruction is shown.' : `${count} reconstructions are shown.`,
  },
  el: {
    title: 'Πόσο στενό γίνεται ένα πέρασμα;',
    lead: (pixels: string) =>
      `Σχεδιάστε ένα ψηφίο. Κάθε κωδικοποιητής στριμώχνει τα ${pixels} εικονοστοιχεία του σε λίγους αριθμούς και ξαναφτιάχνει την εικόνα μόνο από αυτούς· ένας ταξινομητής λέει ποιο ψηφίο βλέπει ακόμη.`,
    leadImage: (pixels: string) =>
      `Διαλέξτε μια εικόνα. Κάθε κωδικοποιητής στριμώχνει τις ${pixels} τιμές της σε λίγους αριθμούς και ξαναφτιάχνει την εικόνα μόνο από αυτούς· ένας ταξινομητής λέει τι βλέπει ακόμη.`,
    specimen: 'Η εικόνα σας',
    pad: 'Πίνακας σχεδίασης',
    padHint: 'Σχεδιάστε ένα ψηφίο',
    padKeys:
      'Με το πληκτρολόγιο: τα βέλη κινούν την πένα, το διάστημα ή το Enter την κατεβάζει και τη σηκώνει, το Ctrl+Z αναιρεί.',
    penDown: 'Η πένα γράφει.',
    undo: 'Αναίρεση',
    redo: 'Επανάληψη',
    clear: 'Καθαρισμός',
    brush: 'Πινέλο',
    brushWidth: (pixels: string) => `${pixels} px από 28`,
    notDrawable: (dataset: string) =>
      `Το ${dataset} δεν σχεδιάζεται με μία πένα: τα μοντέλα του θέλουν άλλες εικόνες, όχι ψηφία και γράμματα. Διαλέξτε μία από τις εικόνες δοκιμής του.`,
    noImage: 'Καμία εικόνα ακόμη',
    examples: 'Εικόνες δοκιμής, μία από κάθε κλάση',
    example: (name: string) => `Εικόνα δοκιμής της κλάσης ${name}`,
    results: 'Τι απογίνεται',
    seen: 'Τι βλέπουν τα μοντέλα',
    seenHint: '28 × 28 εικονοστοιχεία, στο κέντρο και στο μέγεθος των ψηφίων με τα οποία εκπαιδεύτηκαν.',
    seenTest: (index: string, name: string) =>
      `Εικόνα δοκιμής ${index}: ${name}. Σχεδιάστε πάνω της για να την αλλάξετε.`,
    seenPicked: (index: string, name: string) => `Εικόνα δοκιμής ${index}: ${name}.`,
    seenLabel: 'Η εικόνα όπως τη βλέπουν τα μοντέλα',
    noJudge: 'Η εκτέλεση δεν έχει ταξινομητή· μένει μόνο η εικόνα για να κρίνετε.',
    models: (ready: number, all: number) => `Έρχονται τα μοντέλα: ${ready} από ${all}`,
    waiting: 'έρχεται …',
    failed: 'δεν φορτώθηκε',
    numbers: (latent: string) => (latent === '1' ? '1 αριθμός' : `${latent} αριθμοί`),
    ratio: (pixels: string) => `1 ανά ${pixels} εικονοστοιχεία`,
    ratioValues: (values: string) => `1 ανά ${values} τιμές`,
    ownCodec: 'δικό σας μοντέλο· δεν λέει το στένωμά του',
    reconstruction: (codec: string) => `Τι βγαίνει από: ${codec}`,
    errorMap: (codec: string) => `Χάρτης σφάλματος: ${codec}`,
    mse: 'MSE',
    psnr: 'PSNR',
    flip: (from: string) => `αλλαγή, ήταν ${from}`,
    right: 'σωστό',
    wrong: 'λάθος',
    probabilities: 'Πιθανότητα κάθε κλάσης',
    howToRead: 'Πώς διαβάζεται',
    legendFlip:
      'Αλλαγή: ο ταξινομητής παίρνει την ανακατασκευή για άλλη κλάση απ’ ό,τι την αρχική. Στο στένωμα χάθηκε αυτό που έκανε τη διαφορά.',
    legendMse:
      'Το MSE είναι το μέσο τετραγωνικό σφάλμα ενός εικονοστοιχείου, από 0 (ίδια εικόνα) ως 1. Το PSNR λέει το ίδιο σε ντεσιμπέλ: 10 dB περισσότερα είναι το ένα δέκατο του σφάλματος.',
    legendWaist:
      'Η μέση κάθε σχήματος είναι υπό κλίμακα: το ύψος της προς το όλο είναι οι αριθμοί του κωδικοποιητή προς τους αριθμούς της εικόνας.',
    empty: 'Ο πίνακας είναι κενός.',
    summaryOriginal: (answer: SpokenAnswer) =>
      `Ο ταξινομητής βλέπει ${answer.name} με ${answer.probability}.`,
    summaryCodec: (codec: string, answer: SpokenAnswer) =>
      `Μετά από ${codec}: ${answer.name}, ${answer.probability}${answer.isFlip ? ', αλλαγή' : ''}.`,
    summaryPlain: (count: number) =>
      count === 1 ? 'Φαίνεται 1 ανακατασκευή.' : `Φαίνονται ${count} ανακατασκευές.`,
  },
});
