import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the image at hand and its neighbours. */
export const atHandMessages = defineMessages({
  en: {
    title: 'Your image on the map',
    hint: 'Here is the image at hand, which all views share, among the test images whose codes lie nearest to its own.',
    draw: 'Draw one yourself',
    atHand: (name: string): string => `The image at hand: ${name}`,
    neighbours: 'Its nearest neighbours',
    distance:
      'The figure is the distance: of the codes, not on the map (square root of the summed squared differences). The dot on the map is the mean of these neighbours’ places, the nearer the weightier.',
    distancePixels:
      'The figure is the distance: of the pixels, not on the map (square root of the summed squared differences, of values from 0 to 1). The dot on the map is the mean of these neighbours’ places, the nearer the weightier.',
    vote: (count: number, of: number, name: string): string => `${count} of ${of} are of class ${name}.`,
    neighbour: (index: string, name: string, distance: string): string =>
      `Mark test image ${index}, class ${name}, distance ${distance}`,
    looking: 'Looking for its neighbours …',
  },
  el: {
    title: 'Η εικόνα σας στον χάρτη',
    hint: 'Η τρέχουσα εικόνα, κοινή σε όλες τις όψεις, ανάμεσα στις εικόνες δοκιμής με τους κοντινότερους κώδικες.',
    draw: 'Σχεδιάστε μια δική σας',
    atHand: (name: string): string => `Η τρέχουσα εικόνα: ${name}`,
    neighbours: 'Οι κοντινότεροι γείτονές της',
    distance:
      'Ο αριθμός είναι η απόσταση: των κωδίκων, όχι στον χάρτη (τετραγωνική ρίζα του αθροίσματος των τετραγώνων των διαφορών). Το σημείο στον χάρτη είναι ο μέσος των θέσεων των γειτόνων αυτών, με βάρος στους κοντινούς.',
    distancePixels:
      'Ο αριθμός είναι η απόσταση: των εικονοστοιχείων, όχι στον χάρτη (τετραγωνική ρίζα του αθροίσματος των τετραγώνων των διαφορών, τιμών από 0 έως 1). Το σημείο στον χάρτη είναι ο μέσος των θέσεων των γειτόνων αυτών, με βάρος στους κοντινούς.',
    vote: (count: number, of: number, name: string): string => `${count} από ${of} είναι της κλάσης ${name}.`,
    neighbour: (index: string, name: string, distance: string): string =>
      `Σημάδεμα της εικόνας δοκιμής ${index}, κλάση ${name}, απόσταση ${distance}`,
    looking: 'Αναζήτηση γειτόνων …',
  },
});
