import { defineMessages } from '../../i18n/define-messages.ts';

/** Names of the families of codecs, by the form of their ids. */
export const familyNames = defineMessages<Readonly<Record<string, string>>>({
  en: {
    'pca-L': 'PCA',
    'pca-L-clipped': 'PCA, clipped to [0, 1]',
    'basic-L-linear': 'autoencoder, one hidden layer',
    'basic-L': 'autoencoder, one hidden layer, ReLU code',
    'deeper-L-linear': 'autoencoder, two hidden layers',
    'deeper-L': 'autoencoder, two hidden layers, ReLU code',
    'conv-L': 'convolutional autoencoder',
    'tied-L': 'linear autoencoder, tied weights',
    'denoising-L': 'denoising autoencoder',
    'vae-L': 'variational autoencoder',
    'aware-L': 'task-aware autoencoder',
  },
  el: {
    'pca-L': 'PCA',
    'pca-L-clipped': 'PCA, περικομμένη στο [0, 1]',
    'basic-L-linear': 'αυτοκωδικοποιητής με ένα κρυφό στρώμα',
    'basic-L': 'αυτοκωδικοποιητής με ένα κρυφό στρώμα, κώδικας ReLU',
    'deeper-L-linear': 'αυτοκωδικοποιητής με δύο κρυφά στρώματα',
    'deeper-L': 'αυτοκωδικοποιητής με δύο κρυφά στρώματα, κώδικας ReLU',
    'conv-L': 'συνελικτικός αυτοκωδικοποιητής',
    'tied-L': 'γραμμικός αυτοκωδικοποιητής με κοινά βάρη',
    'denoising-L': 'αυτοκωδικοποιητής αποθορυβοποίησης',
    'vae-L': 'μεταβλητός αυτοκωδικοποιητής (VAE)',
    'aware-L': 'αυτοκωδικοποιητής με γνώση της εργασίας',
  },
});

/** The name of a family for people; the form itself where it has none. */
export function familyName(form: string): string {
  return familyNames()[form] ?? form;
}

/** Words of the view “How narrow?”. */
export const widthsMessages = defineMessages({
  en: {
    title: 'How narrow?',
    lead: (pixels: string, shape: string) =>
      `An image here is ${pixels} numbers (${shape}), one for the brightness of each pixel. A codec squeezes them through a bottleneck of only a few numbers and rebuilds the image from those alone. Make it narrower, and see when the classifier stops recognising what comes out.`,
    shape: (height: number, width: number, channels: number) =>
      channels === 1 ? `${height} × ${width} pixels` : `${height} × ${width} pixels in ${channels} colours`,
    otherRun: (here: string, other: string) =>
      `“${here}” has no PCA or too few widths, so these are the models of “${other}”, trained on the same images.`,
    fewModels: (name: string) =>
      `“${name}” has no PCA or too few widths of an autoencoder, and no other run on these images has them. Train some with:`,
    width: 'Width of the bottleneck',
    widthValue: (width: string, share: string, pixels: string) => `${width} of ${pixels} numbers, ${share}`,
    widthHint:
      'Arrow keys go one step, Page Up and Page Down to the next width that an autoencoder was trained at.',
    family: 'Autoencoder',
    original: 'Original',
    drawing: 'Your drawing',
    testImage: (index: string, name: string) => `Test image ${index}, a “${name}”`,
    pca: 'PCA',
    numbers: (width: string) => (width === '1' ? '1 number' : `${width} numbers`),
    autoencoder: 'Autoencoder',
    exact: (width: string) => `trained at ${width}`,
    nearest: (trained: string, width: string) => `trained at ${trained}, the nearest within ${width}`,
    tooNarrow: (narrowest: string) => `None this narrow was trained: the narrowest has ${narrowest}.`,
    noPca: 'This run has no PCA.',
    noAutoencoder: 'This run has no autoencoder whose width its name tells.',
    loading: 'On its way …',
    errorOf: (name: string) => `Error map of ${name}`,
    reconstructionBy: (name: string) => `Reconstruction by ${name}`,
    mse: 'MSE',
    psnr: 'PSNR',
    measures:
      'MSE is the mean squared difference of a pixel (0 is black, 1 white), PSNR the same in decibels: more is closer.',
    draw: 'Draw your own',
    filmstrip: 'At every trained width',
    filmstripHint:
      'Above PCA, below the autoencoder; ✓ and ✗ say whether the classifier still reads the right class. Pick a width to look at it.',
    atWidth: (width: string, pca: string | undefined, autoencoder: string | undefined) =>
      [
        `${width} numbers`,
        ...(pca === undefined ? [] : [`PCA ${pca}`]),
        ...(autoencoder === undefined ? [] : [`autoencoder ${autoencoder}`]),
      ].join('; '),
    fromOn: (pca: string | undefined, autoencoder: string | undefined) => {
      const parts = [
        ...(pca === undefined ? [] : [`from ${pca} numbers on with PCA`]),
        ...(autoencoder === undefined ? [] : [`from ${autoencoder} on with the autoencoder`]),
      ];
      return parts.length === 0
        ? 'At no width here does the classifier still read this image right.'
        : `The classifier reads this image right ${parts.join(', and ')}.`;
    },
    curves: 'Over the whole test set',
    sweepBy: (images: string, name: string) =>
      `Each point is a codec trained at that width and measured on ${images} test images by the sweep “${name}”. Bands reach from the worst to the best of its seeds; the same classifier, trained on originals, judges all.`,
    runBy: (images: string, name: string) =>
      `No sweep on these images is at hand, so these are the codecs of “${name}” alone, measured on its ${images} test images.`,
    ownPoints: (name: string) => `hollow: the models of “${name}” that you see above`,
    mseChart: 'Mean squared error of a pixel',
    accuracyChart: 'Recognised by the classifier, %',
    chartAxis: 'numbers in the bottleneck',
    chartLabel: (what: string, families: string) =>
      `${what} over the numbers in the bottleneck, a line each for ${families}. The table below has the values.`,
    originals: 'originals',
    marker: (width: string) => `${width}`,
    pickHint: 'Click a chart to move the slider there.',
    answer: (width: string, pixels: string, parts: string, originals: string) =>
      `At ${width} numbers of ${pixels}, the classifier still recognises ${parts}. Of the originals it recognises ${originals}.`,
    answerPart: (accuracy: string, name: string, measuredAt: string | undefined) =>
      `${accuracy} of what comes out of ${name}${measuredAt === undefined ? '' : ` (measured at ${measuredAt})`}`,
    and: ' and ',
    narrowest: (parts: string) =>
      `The narrowest width that stays within one percentage point of the originals, there and from there on: ${parts}.`,
    threshold: (name: string, width: string) => `${name} ${width}`,
    noThreshold: (name: string) => `${name} at none`,
    tableHere: 'At the width of the slider',
    codec: 'codec',
    measuredAt: 'measured at',
    accuracy: 'recognised',
    spread: 'over the seeds',
    within: 'within one point from',
    none: '–',
    allValues: 'All values as a table',
    allValuesCaption: 'Mean squared error and share recognised at each width, means over the seeds.',
    noCurves: 'No sweep on these images is at hand, and this run has no classifier that judged its codecs.',
  },
  el: {
    title: 'Πόσο στενά;',
    lead: (pixels: string, shape: string) =>
      `Μια εικόνα εδώ είναι ${pixels} αριθμοί (${shape}), ένας για τη φωτεινότητα κάθε εικονοστοιχείου. Ένας κωδικοποιητής τους περνά από ένα στένωμα λίγων μόνο αριθμών και ξαναχτίζει την εικόνα από αυτούς. Στενέψτε το και δείτε πότε ο ταξινομητής παύει να αναγνωρίζει ό,τι βγαίνει.`,
    shape: (height: number, width: number, channels: number) =>
      channels === 1
        ? `${height} × ${width} εικονοστοιχεία`
        : `${height} × ${width} εικονοστοιχεία σε ${channels} χρώματα`,
    otherRun: (here: string, other: string) =>
      `Η «${here}» δεν έχει PCA ή έχει πολύ λίγα πλάτη, γι’ αυτό βλέπετε τα μοντέλα της «${other}», που εκπαιδεύτηκαν στις ίδιες εικόνες.`,
    fewModels: (name: string) =>
      `Η «${name}» δεν έχει PCA ή έχει πολύ λίγα πλάτη αυτοκωδικοποιητή, ούτε τα έχει άλλη εκτέλεση με αυτές τις εικόνες. Εκπαιδεύστε μερικά με:`,
    width: 'Πλάτος του στενώματος',
    widthValue: (width: string, share: string, pixels: string) => `${width} από ${pixels} αριθμούς, ${share}`,
    widthHint:
      'Τα βέλη πηγαίνουν ένα βήμα, τα Page Up και Page Down στο επόμενο πλάτος στο οποίο εκπαιδεύτηκε αυτοκωδικοποιητής.',
    family: 'Αυτοκωδικοποιητής',
    original: 'Αρχική',
    drawing: 'Το σχέδιό σας',
    testImage: (index: string, name: string) => `Εικόνα δοκιμής ${index}, «${name}»`,
    pca: 'PCA',
    numbers: (width: string) => (width === '1' ? '1 αριθμός' : `${width} αριθμοί`),
    autoencoder: 'Αυτοκωδικοποιητής',
    exact: (width: string) => `εκπαιδεύτηκε στο ${width}`,
    nearest: (trained: string, width: string) => `εκπαιδεύτηκε στο ${trained}, το πλησιέστερο ως το ${width}`,
    tooNarrow: (narrowest: string) =>
      `Τόσο στενός δεν εκπαιδεύτηκε κανένας: το μικρότερο πλάτος είναι ${narrowest}.`,
    noPca: 'Η εκτέλεση αυτή δεν έχει PCA.',
    noAutoencoder: 'Η εκτέλεση αυτή δεν έχει αυτοκωδικοποιητή με το πλάτος στο όνομά του.',
    loading: 'Έρχεται …',
    errorOf: (name: string) => `Χάρτης σφάλματος: ${name}`,
    reconstructionBy: (name: string) => `Ανακατασκευή: ${name}`,
    mse: 'MSE',
    psnr: 'PSNR',
    measures:
      'MSE είναι η μέση τετραγωνική διαφορά ενός εικονοστοιχείου (0 μαύρο, 1 λευκό), PSNR το ίδιο σε ντεσιμπέλ: περισσότερα σημαίνουν πιο κοντά.',
    draw: 'Σχεδιάστε δική σας',
    filmstrip: 'Σε κάθε πλάτος που εκπαιδεύτηκε',
    filmstripHint:
      'Πάνω η PCA, κάτω ο αυτοκωδικοποιητής· ✓ και ✗ λένε αν ο ταξινομητής διαβάζει ακόμη τη σωστή κλάση. Διαλέξτε ένα πλάτος για να το δείτε.',
    atWidth: (width: string, pca: string | undefined, autoencoder: string | undefined) =>
      [
        `${width} αριθμοί`,
        ...(pca === undefined ? [] : [`PCA ${pca}`]),
        ...(autoencoder === undefined ? [] : [`αυτοκωδικοποιητής ${autoencoder}`]),
      ].join('· '),
    fromOn: (pca: string | undefined, autoencoder: string | undefined) => {
      const parts = [
        ...(pca === undefined ? [] : [`από ${pca} αριθμούς και πάνω με την PCA`]),
        ...(autoencoder === undefined ? [] : [`από ${autoencoder} και πάνω με τον αυτοκωδικοποιητή`]),
      ];
      return parts.length === 0
        ? 'Σε κανένα πλάτος εδώ ο ταξινομητής δεν διαβάζει πια σωστά αυτή την εικόνα.'
        : `Ο ταξινομητής διαβάζει σωστά αυτή την εικόνα ${parts.join(' και ')}.`;
    },
    curves: 'Σε όλες τις εικόνες δοκιμής',
    sweepBy: (images: string, name: string) =>
      `Κάθε σημείο είναι ένας κωδικοποιητής που εκπαιδεύτηκε σε αυτό το πλάτος και μετρήθηκε σε ${images} εικόνες δοκιμής από τη σάρωση «${name}». Οι ζώνες φτάνουν από τον χειρότερο ως τον καλύτερο σπόρο· ο ίδιος ταξινομητής, εκπαιδευμένος στις αρχικές, τους κρίνει όλους.`,
    runBy: (images: string, name: string) =>
      `Δεν υπάρχει σάρωση με αυτές τις εικόνες, γι’ αυτό βλέπετε μόνο τους κωδικοποιητές της «${name}», μετρημένους στις ${images} εικόνες δοκιμής της.`,
    ownPoints: (name: string) => `κενά: τα μοντέλα της «${name}» που βλέπετε πάνω`,
    mseChart: 'Μέσο τετραγωνικό σφάλμα εικονοστοιχείου',
    accuracyChart: 'Αναγνωρίζει ο ταξινομητής, %',
    chartAxis: 'αριθμοί στο στένωμα',
    chartLabel: (what: string, families: string) =>
      `${what} ως προς τους αριθμούς στο στένωμα, μία γραμμή για καθένα από: ${families}. Ο πίνακας παρακάτω έχει τις τιμές.`,
    originals: 'αρχικές',
    marker: (width: string) => `${width}`,
    pickHint: 'Πατήστε σε ένα διάγραμμα για να πάει εκεί ο δρομέας.',
    answer: (width: string, pixels: string, parts: string, originals: string) =>
      `Με ${width} αριθμούς από ${pixels}, ο ταξινομητής αναγνωρίζει ακόμη ${parts}. Από τις αρχικές αναγνωρίζει ${originals}.`,
    answerPart: (accuracy: string, name: string, measuredAt: string | undefined) =>
      `${accuracy} με ${name}${measuredAt === undefined ? '' : ` (μετρήθηκε στο ${measuredAt})`}`,
    and: ' και ',
    narrowest: (parts: string) =>
      `Το μικρότερο πλάτος που μένει, εκεί και από εκεί και πάνω, ως μία εκατοστιαία μονάδα από τις αρχικές: ${parts}.`,
    threshold: (name: string, width: string) => `${name} ${width}`,
    noThreshold: (name: string) => `${name} σε κανένα`,
    tableHere: 'Στο πλάτος του δρομέα',
    codec: 'κωδικοποιητής',
    measuredAt: 'μετρήθηκε στο',
    accuracy: 'αναγνωρίζονται',
    spread: 'ανάμεσα στους σπόρους',
    within: 'ως μία μονάδα από',
    none: '–',
    allValues: 'Όλες οι τιμές σε πίνακα',
    allValuesCaption:
      'Μέσο τετραγωνικό σφάλμα και ποσοστό που αναγνωρίζεται σε κάθε πλάτος, μέσοι όροι των σπόρων.',
    noCurves:
      'Δεν υπάρχει σάρωση με αυτές τις εικόνες, και η εκτέλεση αυτή δεν έχει ταξινομητή που να έκρινε τους κωδικοποιητές της.',
  },
});
