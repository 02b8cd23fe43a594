import { defineMessages } from '../../i18n/define-messages.ts';
import type { MapMethod } from './latent-params.ts';

/** Names of the methods, the same in every language. */
export const methodNames: Readonly<Record<MapMethod, string>> = { tsne: 't-SNE', umap: 'UMAP', pca: 'PCA' };

/** Words of the view itself, the map's frame and the marked point. */
export const latentMessages = defineMessages({
  en: {
    title: 'Latent space',
    lead: 'A codec turns each image into a short list of numbers, its code: a point in a space of as many dimensions. Here that space is laid flat, with a dot for every test image. Images that it writes alike lie together, and so do classes, although it was never told of any.',
    space: 'Space',
    pixels: (count: string): string => `Pixels, no codec (${count} numbers)`,
    codec: (title: string, latent: string): string =>
      `${title} (${latent === '1' ? 'one number' : `${latent} numbers`})`,
    method: 'Laid flat by',
    loading: 'Getting the map …',
    mapLabel: (space: string, method: string, points: string): string =>
      `Map of ${points} test images: ${space}, laid flat by ${method}.`,
    mapped: (points: string, count: string): string =>
      points === count ? `${points} test images` : `the first ${points} of ${count} test images`,
    figures: (accuracy: string, trust: string) =>
      `the 10 nearest tell the class of ${accuracy}, trustworthiness ${trust}`,
    classes: 'Classes',
    countOf: (count: string) => `, ${count} images`,
    all: 'Show all',
    none: 'Hide all',
    download: 'Download coordinates (CSV)',
    trust: 'How far to trust this map',
    accuracyOnMap: (map: string, space: string): string =>
      `On the map, ${map} of the images have the class that most of their 10 nearest neighbours have; in the space itself, ${space}.`,
    trustworthiness: (map: string): string =>
      `Trustworthiness ${map}: how far neighbours on the map are neighbours in the space, 1 being all of them.`,
    spaceTrust: (space: string): string =>
      `The space keeps the pixels’ own neighbourhoods with a trustworthiness of ${space}.`,
    nonlinear:
      'What to read in it: who lies beside whom. What not to: how far apart two clusters lie, how large or how dense they are, left and right, up and down. Both t-SNE and UMAP spread crowds, draw the sparse together and begin at random; the axes have no unit.',
    linear:
      'What to read in it: PCA looks straight at the space from the side from which it is widest. Far apart here is far apart in the space, and the axes have the unit of the codes. What not to: that dots on top of each other are alike. They may differ in all the directions that one doesn’t see.',
    noFigures: 'The run has no figures for this map.',
    point: 'A point',
    pointHint:
      'Rest the pointer on a dot, tap it or go there with the arrow keys: here is its image, and what the codec makes of it.',
    number: 'Test image no.',
    original: 'Original',
    rebuilt: 'Reconstruction',
    originalOf: (index: string, name: string): string => `Test image ${index}, class ${name}`,
    rebuiltOf: (index: string): string => `What the codec makes of test image ${index}`,
    className: 'Class',
    mse: 'MSE',
    mseHint: 'MSE: mean squared error of its pixels, which go from 0 to 1.',
    readsOriginal: 'Classifier on the original',
    readsRebuilt: 'Classifier on the reconstruction',
    wrong: 'wrong',
    notOnMap: 'It is not on this map, which has fewer images than the test set.',
    use: 'Take as image at hand',
    useFrom: 'Start a path here (A)',
    useTo: 'End a path here (B)',
    announce: (index: string, name: string): string => `Marked: test image ${index}, class ${name}.`,
    announceVerdict: (mse: string, original: string, rebuilt: string): string =>
      `MSE ${mse}. The classifier takes the original for ${original}, the reconstruction for ${rebuilt}.`,
    drawing: 'your drawing',
    testImage: (index: string): string => `test image ${index}`,
    from: 'A',
    to: 'B',
    modelLoading: 'The codec is on its way …',
  },
  el: {
    title: 'Λανθάνων χώρος',
    lead: 'Ένας κωδικοποιητής κάνει κάθε εικόνα μια σύντομη σειρά αριθμών, τον κώδικά της: ένα σημείο σε χώρο με τόσες διαστάσεις. Εδώ ο χώρος αυτός απλώνεται στο επίπεδο, με μία κουκκίδα για κάθε εικόνα δοκιμής. Εικόνες που γράφει παρόμοια βρίσκονται κοντά, και μαζί οι κλάσεις, κι ας μην του μίλησε ποτέ κανείς γι’ αυτές.',
    space: 'Χώρος',
    pixels: (count: string): string => `Εικονοστοιχεία, χωρίς κωδικοποιητή (${count} αριθμοί)`,
    codec: (title: string, latent: string): string =>
      `${title} (${latent === '1' ? 'ένας αριθμός' : `${latent} αριθμοί`})`,
    method: 'Απλωμένος με',
    loading: 'Φόρτωση του χάρτη …',
    mapLabel: (space: string, method: string, points: string): string =>
      `Χάρτης ${points} εικόνων δοκιμής: ${space}, με ${method}.`,
    mapped: (points: string, count: string): string =>
      points === count ? `${points} εικόνες δοκιμής` : `οι πρώτες ${points} από ${count} εικόνες δοκιμής`,
    figures: (accuracy: string, trust: string) =>
      `οι 10 κοντινότεροι δείχνουν την κλάση του ${accuracy}, αξιοπιστία ${trust}`,
    classes: 'Κλάσεις',
    countOf: (count: string) => `, ${count} εικόνες`,
    all: 'Όλες',
    none: 'Καμία',
    download: 'Λήψη συντεταγμένων (CSV)',
    trust: 'Πόσο αξιόπιστος είναι ο χάρτης',
    accuracyOnMap: (map: string, space: string): string =>
      `Στον χάρτη, το ${map} των εικόνων έχει την κλάση των περισσότερων από τους 10 κοντινότερους γείτονές του· στον ίδιο τον χώρο, το ${space}.`,
    trustworthiness: (map: string): string =>
      `Αξιοπιστία γειτονιών (trustworthiness) ${map}: κατά πόσο οι γείτονες στον χάρτη είναι γείτονες στον χώρο· 1 σημαίνει όλοι.`,
    spaceTrust: (space: string): string =>
      `Ο χώρος διατηρεί τις γειτονιές των ίδιων των εικονοστοιχείων με αξιοπιστία ${space}.`,
    nonlinear:
      'Τι διαβάζει κανείς: ποιος βρίσκεται δίπλα σε ποιον. Τι όχι: πόσο απέχουν δύο συστάδες, πόσο μεγάλες ή πυκνές είναι, το αριστερά και δεξιά, το πάνω και κάτω. Και το t-SNE και το UMAP αραιώνουν τα πυκνά, μαζεύουν τα αραιά και ξεκινούν τυχαία· οι άξονες δεν έχουν μονάδα.',
    linear:
      'Τι διαβάζει κανείς: η PCA κοιτά τον χώρο ευθεία, από την πλευρά όπου είναι πλατύτερος. Ό,τι απέχει εδώ απέχει και στον χώρο, και οι άξονες έχουν τη μονάδα των κωδίκων. Τι όχι: ότι κουκκίδες η μία πάνω στην άλλη μοιάζουν. Μπορεί να διαφέρουν σε όλες τις κατευθύνσεις που δεν φαίνονται.',
    noFigures: 'Η εκτέλεση δεν έχει μετρήσεις για τον χάρτη αυτό.',
    point: 'Ένα σημείο',
    pointHint:
      'Αφήστε τον δείκτη σε μια κουκκίδα, αγγίξτε την ή πηγαίνετε με τα βέλη: εδώ φαίνεται η εικόνα της και τι την κάνει ο κωδικοποιητής.',
    number: 'Εικόνα δοκιμής αρ.',
    original: 'Αρχική',
    rebuilt: 'Ανακατασκευή',
    originalOf: (index: string, name: string): string => `Εικόνα δοκιμής ${index}, κλάση ${name}`,
    rebuiltOf: (index: string): string => `Τι κάνει ο κωδικοποιητής την εικόνα δοκιμής ${index}`,
    className: 'Κλάση',
    mse: 'MSE',
    mseHint: 'MSE: μέσο τετραγωνικό σφάλμα των εικονοστοιχείων της, από 0 έως 1.',
    readsOriginal: 'Ταξινομητής στην αρχική',
    readsRebuilt: 'Ταξινομητής στην ανακατασκευή',
    wrong: 'λάθος',
    notOnMap: 'Δεν υπάρχει στον χάρτη, που έχει λιγότερες εικόνες από το σύνολο δοκιμής.',
    use: 'Ως τρέχουσα εικόνα',
    useFrom: 'Αρχή διαδρομής (Α)',
    useTo: 'Τέλος διαδρομής (Β)',
    announce: (index: string, name: string): string =>
      `Σημαδεύτηκε η εικόνα δοκιμής ${index}, κλάση ${name}.`,
    announceVerdict: (mse: string, original: string, rebuilt: string): string =>
      `MSE ${mse}. Ο ταξινομητής διαβάζει την αρχική ως ${original}, την ανακατασκευή ως ${rebuilt}.`,
    drawing: 'το σχέδιό σας',
    testImage: (index: string): string => `εικόνα δοκιμής ${index}`,
    from: 'Α',
    to: 'Β',
    modelLoading: 'Ο κωδικοποιητής φορτώνεται …',
  },
});

/** What a picture is called within a sentence. */
export function nameOfPicture(index: number | undefined, format: (index: number) => string): string {
  const words = latentMessages();
  return index === undefined ? words.drawing : words.testImage(format(index));
}
