import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the results' tables: what every codec lets through, and which classes suffer. */
export const resultsMessages = defineMessages({
  en: {
    title: 'Results',
    lead: (images: string, dataset: string) =>
      `What the run’s models make of ${images} test images of ${dataset}, which none of them saw while it was trained. ` +
      'Every figure was measured by the trainer, from the very files that run in your browser.',
    contents: 'On this page',

    costs: 'What a bottleneck costs',
    costsLead:
      'A codec squeezes an image into its latent numbers and draws it again from them. Its error says how far the pixels are off; the classifier’s accuracy says how much of the meaning is left.',
    classifier: 'Classifier',
    costsTable: 'Error of every codec, and what the classifier recognises',
    costsCaption: (classifier: string) =>
      `MSE: mean squared error of pixels from 0 to 1, less is better. PSNR: the same in decibels, more is better. SSIM: structural similarity, 1 for the same image. The lowest error is in bold. Recognised: share of test images that “${classifier}” gets right, with its 95 % Wilson interval.`,
    noClassifier:
      'MSE: mean squared error of pixels from 0 to 1, less is better. PSNR: the same in decibels, more is better. SSIM: structural similarity, 1 for the same image. This run has no classifier.',
    codec: 'Codec',
    latent: 'Latent numbers',
    parameters: 'Parameters',
    mse: 'MSE',
    studyMse: 'MSE, study',
    psnr: 'PSNR',
    ssim: 'SSIM',
    recognised: 'Recognised',
    interval: '95 % interval',
    lost: 'Lost, points',
    studyRecognised: 'Recognised, study',
    originals: 'the originals',
    accuracyChart: 'Recognised test images, with 95 % intervals',
    accuracyChartLabel: (rows: string) => `Share of test images recognised: ${rows}.`,
    accuracyAxis: 'recognised test images, %',
    filledIsOurs: 'Filled: this run, the line is its 95 % interval. Hollow: the study.',
    filledOnly: 'The line is the 95 % interval.',

    classes: 'Error by class',
    classesLead: 'Some classes are harder to draw again than others.',
    classesDigits: 'A 1 is nearly always one stroke, an 8 is two loops and every hand closes them elsewhere.',
    classesChartLabel: (worst: string, best: string) =>
      `Mean squared error of each codec for each class, as in the table below. Averaged over codecs, the hardest class is ${worst} and the easiest ${best}.`,
    classesAxis: 'mean squared error',
    classesTable: 'Mean squared error by class',
    classesCaption: 'Mean squared error of pixels from 0 to 1, over the test images of a class.',
    classesCaptionStudy:
      'Mean squared error of pixels from 0 to 1, over the test images of a class. Columns of the study are those that it has.',
    class: 'Class',
    images: 'Images',
    ofStudy: (codec: string) => `${codec}, study`,
    filledStudy: 'Filled: this run. Hollow: the study.',
    numbers: 'The numbers as a table',
  },
  el: {
    title: 'Αποτελέσματα',
    lead: (images: string, dataset: string) =>
      `Τι κάνουν τα μοντέλα της εκτέλεσης με ${images} εικόνες δοκιμής του ${dataset}, που κανένα δεν είδε όσο εκπαιδευόταν. ` +
      'Κάθε αριθμός μετρήθηκε από τον εκπαιδευτή, με τα ίδια αρχεία που εκτελούνται στον περιηγητή σας.',
    contents: 'Σε αυτή τη σελίδα',

    costs: 'Τι κοστίζει ένα στένωμα',
    costsLead:
      'Ένας κωδικοποιητής συμπιέζει την εικόνα σε λίγους λανθάνοντες αριθμούς και την ξανασχεδιάζει από αυτούς. Το σφάλμα του λέει πόσο απέχουν τα εικονοστοιχεία· η ορθότητα του ταξινομητή λέει πόσο από το νόημα απομένει.',
    classifier: 'Ταξινομητής',
    costsTable: 'Το σφάλμα κάθε κωδικοποιητή και τι αναγνωρίζει ο ταξινομητής',
    costsCaption: (classifier: string) =>
      `MSE: μέσο τετραγωνικό σφάλμα εικονοστοιχείων από 0 έως 1, το μικρότερο είναι καλύτερο. PSNR: το ίδιο σε ντεσιμπέλ, το μεγαλύτερο είναι καλύτερο. SSIM: δομική ομοιότητα, 1 για την ίδια εικόνα. Το μικρότερο σφάλμα είναι με έντονα. Αναγνωρίστηκαν: μερίδιο των εικόνων δοκιμής που ο «${classifier}» βρίσκει σωστά, με το διάστημα Wilson 95 %.`,
    noClassifier:
      'MSE: μέσο τετραγωνικό σφάλμα εικονοστοιχείων από 0 έως 1, το μικρότερο είναι καλύτερο. PSNR: το ίδιο σε ντεσιμπέλ, το μεγαλύτερο είναι καλύτερο. SSIM: δομική ομοιότητα, 1 για την ίδια εικόνα. Η εκτέλεση αυτή δεν έχει ταξινομητή.',
    codec: 'Κωδικοποιητής',
    latent: 'Λανθάνοντες αριθμοί',
    parameters: 'Παράμετροι',
    mse: 'MSE',
    studyMse: 'MSE, μελέτη',
    psnr: 'PSNR',
    ssim: 'SSIM',
    recognised: 'Αναγνωρίστηκαν',
    interval: 'διάστημα 95 %',
    lost: 'Απώλεια, μονάδες',
    studyRecognised: 'Αναγνωρίστηκαν, μελέτη',
    originals: 'οι αρχικές',
    accuracyChart: 'Εικόνες δοκιμής που αναγνωρίστηκαν, με διαστήματα 95 %',
    accuracyChartLabel: (rows: string) => `Μερίδιο εικόνων δοκιμής που αναγνωρίστηκαν: ${rows}.`,
    accuracyAxis: 'εικόνες δοκιμής που αναγνωρίστηκαν, %',
    filledIsOurs: 'Γεμάτο: αυτή η εκτέλεση, η γραμμή είναι το διάστημα 95 %. Κενό: η μελέτη.',
    filledOnly: 'Η γραμμή είναι το διάστημα 95 %.',

    classes: 'Σφάλμα ανά κλάση',
    classesLead: 'Κάποιες κλάσεις ξανασχεδιάζονται δυσκολότερα από άλλες.',
    classesDigits:
      'Το 1 είναι σχεδόν πάντα μία γραμμή, το 8 είναι δύο βρόχοι και κάθε χέρι τους κλείνει αλλού.',
    classesChartLabel: (worst: string, best: string) =>
      `Μέσο τετραγωνικό σφάλμα κάθε κωδικοποιητή για κάθε κλάση, όπως στον παρακάτω πίνακα. Κατά μέσο όρο των κωδικοποιητών, δυσκολότερη κλάση είναι η ${worst} και ευκολότερη η ${best}.`,
    classesAxis: 'μέσο τετραγωνικό σφάλμα',
    classesTable: 'Μέσο τετραγωνικό σφάλμα ανά κλάση',
    classesCaption: 'Μέσο τετραγωνικό σφάλμα εικονοστοιχείων από 0 έως 1, στις εικόνες δοκιμής μιας κλάσης.',
    classesCaptionStudy:
      'Μέσο τετραγωνικό σφάλμα εικονοστοιχείων από 0 έως 1, στις εικόνες δοκιμής μιας κλάσης. Οι στήλες της μελέτης είναι όσες έχει.',
    class: 'Κλάση',
    images: 'Εικόνες',
    ofStudy: (codec: string) => `${codec}, μελέτη`,
    filledStudy: 'Γεμάτο: αυτή η εκτέλεση. Κενό: η μελέτη.',
    numbers: 'Οι αριθμοί σε πίνακα',
  },
});
