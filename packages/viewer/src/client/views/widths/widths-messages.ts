import { defineMessages } from '../../i18n/define-messages.ts';
import { formatCount } from '../../i18n/number-format.ts';

/** Names of the families of codecs, by the form of their ids; they stand in sentences, too. */
const familyNames = defineMessages<Readonly<Record<string, string>>>({
  en: {
    'pca-L': 'PCA',
    'pca-L-clipped': 'clipped PCA',
    'basic-L-linear': 'autoencoder with one hidden layer',
    'basic-L': 'autoencoder with one hidden layer and a ReLU code',
    'deeper-L-linear': 'autoencoder with two hidden layers',
    'deeper-L': 'autoencoder with two hidden layers and a ReLU code',
    'conv-L': 'convolutional autoencoder',
    'tied-L': 'linear autoencoder with tied weights',
    'denoising-L': 'denoising autoencoder',
    'vae-L': 'variational autoencoder',
    'aware-L': 'task-aware autoencoder',
  },
  el: {
    'pca-L': 'PCA',
    'pca-L-clipped': 'περικομμένη PCA',
    'basic-L-linear': 'αυτοκωδικοποιητής με ένα κρυφό στρώμα',
    'basic-L': 'αυτοκωδικοποιητής με ένα κρυφό στρώμα και κώδικα ReLU',
    'deeper-L-linear': 'αυτοκωδικοποιητής με δύο κρυφά στρώματα',
    'deeper-L': 'αυτοκωδικοποιητής με δύο κρυφά στρώματα και κώδικα ReLU',
    'conv-L': 'συνελικτικός αυτοκωδικοποιητής',
    'tied-L': 'γραμμικός αυτοκωδικοποιητής με κοινά βάρη',
    'denoising-L': 'αυτοκωδικοποιητής αποθορυβοποίησης',
    'vae-L': 'μεταβολικός αυτοκωδικοποιητής (VAE)',
    'aware-L': 'αυτοκωδικοποιητής που γνωρίζει τον ταξινομητή',
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
      `An image here is ${pixels} numbers (${shape}). A codec squeezes them through a bottleneck of only a few numbers and rebuilds the image from those alone. Make it narrower, and see when the classifier stops recognising what comes out.`,
    shape: (height: number, width: number, channels: number) =>
      channels === 1
        ? `${height} × ${width} pixels, each from 0 to 1`
        : `${height} × ${width} pixels in ${channels} colours, each from 0 for dark to 1 for bright`,
    otherRun: (here: string, other: string) =>
      `The slider needs a PCA and an autoencoder that was trained at several widths. The run “${here}” does not have both, so you see those of the run “${other}”, trained on the same images.`,
    fewModels: (name: string) =>
      `The slider needs a PCA and an autoencoder that was trained at several widths. The run “${name}” does not have both, nor does another run on these images. This trains one that has:`,
    width: 'Width of the bottleneck',
    widthValue: (width: string, pixels: string, share: string) => `${width} of ${pixels} numbers (${share})`,
    widthHint: (lowest: string, widest: string) =>
      `On the keyboard, arrows change the width by one, Page Up and Page Down go to the next width that the autoencoder was trained at, Home and End to ${lowest} and ${widest}.`,
    family: 'Autoencoder',
    original: 'Original',
    drawing: 'Your drawing',
    testImage: (index: string, name: string) => `Test image ${index}, a “${name}”`,
    pca: 'PCA',
    autoencoder: 'Autoencoder',
    numbers: (width: number) => (width === 1 ? '1 number' : `${formatCount(width)} numbers`),
    nearest: (trained: string, width: string) => `${trained} numbers, the widest trained up to ${width}`,
    tooNarrow: (narrowest: string) => `None so narrow was trained; the first has ${narrowest}.`,
    noPca: 'This run has no PCA.',
    noAutoencoder: 'This run has no autoencoder that is named by its width.',
    loading: 'On its way …',
    errorOf: (name: string) => `${name}: where the reconstruction is too low or too high`,
    reconstructionBy: (name: string) => `${name}: reconstruction`,
    mse: 'MSE',
    psnr: 'PSNR',
    measures:
      'MSE is the mean squared error of a pixel, 0 where nothing is lost; PSNR is the same in decibels, where more is better.',
    draw: 'Draw one yourself',
    filmstrip: 'This image at every trained width',
    filmstripHint:
      'Top row PCA, bottom row the autoencoder; ✓ where the classifier reads the right class, ✗ where it does not. Each is a button that moves the slider to its width.',
    atWidth: (width: number, pca: string | undefined, autoencoder: string | undefined) =>
      [
        width === 1 ? '1 number' : `${formatCount(width)} numbers`,
        ...(pca === undefined ? [] : [`PCA ${pca}`]),
        ...(autoencoder === undefined ? [] : [`autoencoder ${autoencoder}`]),
      ].join('; '),
    fromOn: (pca: string | undefined, autoencoder: string | undefined) => {
      if (pca === undefined && autoencoder === undefined) {
        return 'Not even at the widest does the classifier read this image right.';
      }
      const parts = [
        ...(pca === undefined ? [] : [`with PCA from ${pca} on`]),
        ...(autoencoder === undefined ? [] : [`with the autoencoder from ${autoencoder} on`]),
      ];
      return `How many numbers this image needs for the classifier to read it right and keep doing so: ${parts.join(', ')}.`;
    },
    curves: (images: string) => `The same on ${images} test images`,
    sweepBy: (name: string) =>
      `From the sweep “${name}”: each point is a codec trained at that width, a band reaches from the worst to the best of its seeds, and one classifier, trained on originals, judges all.`,
    runBy: (name: string) =>
      `No sweep on these images is at hand: these are the codecs of the run “${name}”.`,
    ownPoints: (name: string) => `hollow: the models shown here, of the run “${name}”`,
    mseChart: 'Mean squared error of a pixel',
    accuracyChart: 'Recognised by the classifier, %',
    chartAxis: 'numbers in the bottleneck',
    chartLabel: (what: string, families: string) =>
      `${what}, over the numbers in the bottleneck. A line each for: ${families}. The values are in the table at the end of the page.`,
    originals: 'originals',
    pickHint: 'A click on a chart moves the slider there.',
    answerTitle: 'So, how narrow?',
    answer: (width: string, pixels: string, parts: string, originals: string) =>
      `At ${width} of ${pixels} numbers, the classifier still recognises ${parts}. Of the originals it recognises ${originals}.`,
    answerPart: (accuracy: string, name: string, measuredAt: string | undefined) =>
      `${accuracy} with ${withArticle(name)}${measuredAt === undefined ? '' : ` (measured at ${measuredAt})`}`,
    and: ' and ',
    narrowest: (parts: string) =>
      `Narrowest width from which on it stays within one percentage point of the originals: ${parts}.`,
    threshold: (name: string, width: string) => `with ${withArticle(name)} ${width}`,
    noThreshold: (name: string) => `with ${withArticle(name)} none that was measured`,
    tableHere: (width: string) => `The curves at ${width}, or at the widest measured below it`,
    codec: 'codec',
    measuredAt: 'measured at',
    accuracy: 'recognised',
    spread: 'over the seeds',
    within: 'within one point from',
    none: '–',
    allValues: 'All values as a table',
    allValuesCaption: 'Mean squared error and share recognised at each width, means over the seeds',
    noCurves: 'No sweep on these images is at hand, and this run has no classifier that judged its codecs.',
  },
  el: {
    title: 'Πόσο στενά;',
    lead: (pixels: string, shape: string) =>
      `Μια εικόνα εδώ είναι ${pixels} αριθμοί (${shape}). Ένας κωδικοποιητής τους περνά από ένα στένωμα λίγων μόνο αριθμών και ξαναχτίζει την εικόνα από αυτούς και μόνο. Στενέψτε το και δείτε πότε ο ταξινομητής παύει να αναγνωρίζει ό,τι βγαίνει.`,
    shape: (height: number, width: number, channels: number) =>
      channels === 1
        ? `${height} × ${width} εικονοστοιχεία, το καθένα από 0 έως 1`
        : `${height} × ${width} εικονοστοιχεία σε ${channels} χρώματα, το καθένα από 0 για το σκοτεινό ως 1 για το φωτεινό`,
    otherRun: (here: string, other: string) =>
      `Ο δρομέας χρειάζεται PCA και έναν αυτοκωδικοποιητή εκπαιδευμένο σε αρκετά πλάτη. Η εκτέλεση «${here}» δεν έχει και τα δύο, γι’ αυτό βλέπετε τα μοντέλα της εκτέλεσης «${other}», που εκπαιδεύτηκαν στις ίδιες εικόνες.`,
    fewModels: (name: string) =>
      `Ο δρομέας χρειάζεται PCA και έναν αυτοκωδικοποιητή εκπαιδευμένο σε αρκετά πλάτη. Η εκτέλεση «${name}» δεν έχει και τα δύο, ούτε άλλη εκτέλεση με αυτές τις εικόνες. Έτσι εκπαιδεύεται μία που τα έχει:`,
    width: 'Πλάτος του στενώματος',
    widthValue: (width: string, pixels: string, share: string) =>
      `${width} από ${pixels} αριθμούς (${share})`,
    widthHint: (lowest: string, widest: string) =>
      `Στο πληκτρολόγιο, τα βέλη αλλάζουν το πλάτος κατά ένα, τα Page Up και Page Down πάνε στο επόμενο πλάτος στο οποίο εκπαιδεύτηκε ο αυτοκωδικοποιητής, τα Home και End στο ${lowest} και στο ${widest}.`,
    family: 'Αυτοκωδικοποιητής',
    original: 'Αρχική',
    drawing: 'Το σχέδιό σας',
    testImage: (index: string, name: string) => `Εικόνα δοκιμής ${index}, «${name}»`,
    pca: 'PCA',
    autoencoder: 'Αυτο\u00adκωδικο\u00adποιητής',
    numbers: (width: number) => (width === 1 ? '1 αριθμός' : `${formatCount(width)} αριθμοί`),
    nearest: (trained: string, width: string) =>
      `${trained} αριθμοί, το μεγαλύτερο πλάτος που εκπαιδεύτηκε ως το ${width}`,
    tooNarrow: (narrowest: string) => `Τόσο στενός δεν εκπαιδεύτηκε· ο πρώτος έχει ${narrowest}.`,
    noPca: 'Η εκτέλεση αυτή δεν έχει PCA.',
    noAutoencoder: 'Η εκτέλεση αυτή δεν έχει αυτοκωδικοποιητή που να ονομάζεται από το πλάτος του.',
    loading: 'Έρχεται …',
    errorOf: (name: string) => `${name}: πού η ανακατασκευή είναι πολύ χαμηλή ή πολύ υψηλή`,
    reconstructionBy: (name: string) => `${name}: ανακατασκευή`,
    mse: 'MSE',
    psnr: 'PSNR',
    measures:
      'Το MSE είναι το μέσο τετραγωνικό σφάλμα ενός εικονοστοιχείου, 0 όπου δεν χάνεται τίποτα· το PSNR είναι το ίδιο σε ντεσιμπέλ, όπου το περισσότερο είναι καλύτερο.',
    draw: 'Σχεδιάστε μία εσείς',
    filmstrip: 'Η εικόνα αυτή σε κάθε πλάτος που εκπαιδεύτηκε',
    filmstripHint:
      'Πάνω η PCA, κάτω ο αυτοκωδικοποιητής· ✓ όπου ο ταξινομητής διαβάζει τη σωστή κλάση, ✗ όπου όχι. Καθένα είναι κουμπί που πάει τον δρομέα στο πλάτος του.',
    atWidth: (width: number, pca: string | undefined, autoencoder: string | undefined) =>
      [
        width === 1 ? '1 αριθμός' : `${formatCount(width)} αριθμοί`,
        ...(pca === undefined ? [] : [`PCA ${pca}`]),
        ...(autoencoder === undefined ? [] : [`αυτοκωδικοποιητής ${autoencoder}`]),
      ].join('· '),
    fromOn: (pca: string | undefined, autoencoder: string | undefined) => {
      if (pca === undefined && autoencoder === undefined) {
        return 'Ούτε στο μεγαλύτερο πλάτος διαβάζει ο ταξινομητής σωστά αυτή την εικόνα.';
      }
      const parts = [
        ...(pca === undefined ? [] : [`με PCA από ${pca} και πάνω`]),
        ...(autoencoder === undefined ? [] : [`με τον αυτοκωδικοποιητή από ${autoencoder} και πάνω`]),
      ];
      return `Πόσους αριθμούς χρειάζεται αυτή η εικόνα για να τη διαβάζει σωστά ο ταξινομητής, από εκεί και πέρα πάντα: ${parts.join(', ')}.`;
    },
    curves: (images: string) => `Το ίδιο σε ${images} εικόνες δοκιμής`,
    sweepBy: (name: string) =>
      `Από τη σάρωση «${name}»: κάθε σημείο είναι ένας κωδικοποιητής που εκπαιδεύτηκε σε αυτό το πλάτος, η ζώνη φτάνει από τον χειρότερο ως τον καλύτερο σπόρο του, και ένας ταξινομητής, εκπαιδευμένος στις αρχικές, τους κρίνει όλους.`,
    runBy: (name: string) =>
      `Δεν υπάρχει σάρωση με αυτές τις εικόνες: αυτοί είναι οι κωδικοποιητές της εκτέλεσης «${name}».`,
    ownPoints: (name: string) => `κενά: τα μοντέλα που βλέπετε εδώ, της εκτέλεσης «${name}»`,
    mseChart: 'Μέσο τετραγωνικό σφάλμα εικονοστοιχείου',
    accuracyChart: 'Αναγνωρίζει ο ταξινομητής, %',
    chartAxis: 'αριθμοί στο στένωμα',
    chartLabel: (what: string, families: string) =>
      `${what}, ως προς τους αριθμούς στο στένωμα. Μία γραμμή για καθένα: ${families}. Οι τιμές είναι στον πίνακα στο τέλος της σελίδας.`,
    originals: 'αρχικές',
    pickHint: 'Ένα κλικ σε διάγραμμα πάει εκεί τον δρομέα.',
    answerTitle: 'Πόσο στενά λοιπόν;',
    answer: (width: string, pixels: string, parts: string, originals: string) =>
      `Με ${width} από ${pixels} αριθμούς, ο ταξινομητής αναγνωρίζει ακόμη ${parts}. Από τις αρχικές αναγνωρίζει ${originals}.`,
    answerPart: (accuracy: string, name: string, measuredAt: string | undefined) =>
      `${accuracy} (${name}${measuredAt === undefined ? '' : `, μετρήθηκε στο ${measuredAt}`})`,
    and: ' και ',
    narrowest: (parts: string) =>
      `Το μικρότερο πλάτος από το οποίο και πάνω μένει ως μία εκατοστιαία μονάδα από τις αρχικές: ${parts}.`,
    threshold: (name: string, width: string) => `${width} (${name})`,
    noThreshold: (name: string) => `κανένα από όσα μετρήθηκαν (${name})`,
    tableHere: (width: string) =>
      `Οι καμπύλες στο ${width}, ή στο μεγαλύτερο πλάτος που μετρήθηκε πριν από αυτό`,
    codec: 'κωδικοποιητής',
    measuredAt: 'μετρήθηκε στο',
    accuracy: 'αναγνωρίζονται',
    spread: 'ανάμεσα στους σπόρους',
    within: 'ως μία μονάδα από',
    none: '–',
    allValues: 'Όλες οι τιμές σε πίνακα',
    allValuesCaption:
      'Μέσο τετραγωνικό σφάλμα και ποσοστό που αναγνωρίζεται σε κάθε πλάτος, μέσοι όροι των σπόρων',
    noCurves:
      'Δεν υπάρχει σάρωση με αυτές τις εικόνες, και η εκτέλεση αυτή δεν έχει ταξινομητή που να έκρινε τους κωδικοποιητές της.',
  },
});

/** Methods have none, and neither has the form of an id. */
function withArticle(name: string): string {
  if (!name.includes('encoder')) return name;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
