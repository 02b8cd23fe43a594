import { defineMessages } from '../i18n/define-messages.ts';
import type { ViewName } from '../../contract/api.ts';

/** Names of the views, in the navigation and as titles. */
export const viewTitles = defineMessages<Readonly<Record<ViewName, string>>>({
  en: {
    draw: 'Draw',
    widths: 'How narrow?',
    latent: 'Latent space',
    robustness: 'Robustness',
    results: 'Results',
    verify: 'Verify',
    models: 'Models',
  },
  el: {
    draw: 'Σχεδιάστε',
    widths: 'Πόσο στενά;',
    latent: 'Λανθάνων χώρος',
    robustness: 'Ανθεκτικότητα',
    results: 'Αποτελέσματα',
    verify: 'Επαλήθευση',
    models: 'Μοντέλα',
  },
});

/** Words of the shell. */
export const shellMessages = defineMessages({
  en: {
    pageTitle: 'Narrows: how narrow can a bottleneck get?',
    skipToContent: 'Skip to the content',
    views: 'Views',
    unknownPage: 'There is no such page',
    backToStart: 'Back to the drawing pad',
    viewFailed: 'This view failed',
    run: 'Run',
    ownRuns: 'Yours',
    demoRuns: 'Come with Narrows',
    theme: 'Colours',
    themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    loadingRun: 'Reading the run …',
    runFailed: 'This run can’t be shown',
    serverFailed: 'The server does not answer',
    otherRuns: 'Pick another run at the top of the page.',
    runs: (name: string, dataset: string) => `${name} (${dataset})`,
    computesOn: (device: 'wasm' | 'webgpu', threads: number) =>
      device === 'webgpu'
        ? 'Everything runs in your browser, on the graphics processor (WebGPU).'
        : `Everything runs in your browser, on the processor (WebAssembly, ${threads === 1 ? '1 thread' : `${threads} threads`}).`,
    notIsolated:
      'One thread only: this page is not isolated from others, which browsers want for more. Open it over https or from localhost.',
    starting: 'Getting the runtime ready …',
    problems: (count: number) =>
      count === 1 ? 'One folder can’t be shown' : `${count} folders can’t be shown`,
    training: (name: string) => `Training: ${name}`,
  },
  el: {
    pageTitle: 'Narrows: πόσο στενό γίνεται ένα πέρασμα;',
    skipToContent: 'Μετάβαση στο περιεχόμενο',
    views: 'Όψεις',
    unknownPage: 'Δεν υπάρχει τέτοια σελίδα',
    backToStart: 'Πίσω στον πίνακα σχεδίασης',
    viewFailed: 'Η όψη αυτή απέτυχε',
    run: 'Εκτέλεση',
    ownRuns: 'Δικές σας',
    demoRuns: 'Μαζί με το Narrows',
    theme: 'Χρώματα',
    themes: { auto: 'Όπως το σύστημα', light: 'Φωτεινά', dark: 'Σκούρα' },
    language: 'Γλώσσα',
    loadingRun: 'Ανάγνωση της εκτέλεσης …',
    runFailed: 'Η εκτέλεση αυτή δεν μπορεί να προβληθεί',
    serverFailed: 'Ο διακομιστής δεν απαντά',
    otherRuns: 'Διαλέξτε άλλη εκτέλεση στην κορυφή της σελίδας.',
    runs: (name: string, dataset: string) => `${name} (${dataset})`,
    computesOn: (device: 'wasm' | 'webgpu', threads: number) =>
      device === 'webgpu'
        ? 'Όλα εκτελούνται στον περιηγητή σας, στον επεξεργαστή γραφικών (WebGPU).'
        : `Όλα εκτελούνται στον περιηγητή σας, στον επεξεργαστή (WebAssembly, ${threads === 1 ? '1 νήμα' : `${threads} νήματα`}).`,
    notIsolated:
      'Ένα νήμα μόνο: η σελίδα δεν είναι απομονωμένη από άλλες, όπως απαιτούν οι περιηγητές για περισσότερα. Ανοίξτε την με https ή από το localhost.',
    starting: 'Προετοιμασία …',
    problems: (count: number) =>
      count === 1 ? 'Ένας φάκελος δεν μπορεί να προβληθεί' : `${count} φάκελοι δεν μπορούν να προβληθούν`,
    training: (name: string) => `Εκπαίδευση: ${name}`,
  },
});
