import { defineMessages } from '../../i18n/define-messages.ts';
import { formatFixed } from '../../i18n/number-format.ts';
import type { DialName, PresetName, TrialKind } from './dials.ts';

interface DialWords {
  readonly label: string;
  /** What the dial does and in which unit, in a line. */
  readonly hint: string;
  /** A setting with its unit. */
  readonly value: (value: number) => string;
}

/** Names, units and explanations of the dials. */
export const dialWords = defineMessages<Readonly<Record<DialName, DialWords>>>({
  en: {
    noise: {
      label: 'Noise',
      hint: 'Normal noise on each pixel; its standard deviation, where 1 is a pixel’s whole range.',
      value: (value) => formatFixed(value, 2),
    },
    occlusion: {
      label: 'Occlusion',
      hint: 'A square wiped out somewhere, to 0; its side.',
      value: (value) => `${shortest(value)} px`,
    },
    right: {
      label: 'Shift across',
      hint: 'Positive to the right, negative to the left.',
      value: (value) => `${signed(value)} px`,
    },
    down: {
      label: 'Shift down',
      hint: 'Positive down, negative up.',
      value: (value) => `${signed(value)} px`,
    },
    rotation: {
      label: 'Rotation',
      hint: 'About the centre, positive clockwise.',
      value: (value) => `${signed(value)}°`,
    },
    blur: {
      label: 'Blur',
      hint: 'A Gaussian; its standard deviation.',
      value: (value) => `${formatFixed(value, 2)} px`,
    },
  },
  el: {
    noise: {
      label: 'Θόρυβος',
      hint: 'Κανονικός θόρυβος σε κάθε εικονοστοιχείο· η τυπική απόκλισή του, όπου 1 είναι όλο το εύρος ενός εικονοστοιχείου.',
      value: (value) => formatFixed(value, 2),
    },
    occlusion: {
      label: 'Κάλυψη',
      hint: 'Ένα τετράγωνο σβησμένο (0) κάπου στην εικόνα· η πλευρά του.',
      value: (value) => `${shortest(value)} px`,
    },
    right: {
      label: 'Μετατόπιση πλάγια',
      hint: 'Θετική προς τα δεξιά, αρνητική προς τα αριστερά.',
      value: (value) => `${signed(value)} px`,
    },
    down: {
      label: 'Μετατόπιση κάτω',
      hint: 'Θετική προς τα κάτω, αρνητική προς τα πάνω.',
      value: (value) => `${signed(value)} px`,
    },
    rotation: {
      label: 'Περιστροφή',
      hint: 'Γύρω από το κέντρο, θετική δεξιόστροφα.',
      value: (value) => `${signed(value)}°`,
    },
    blur: {
      label: 'Θόλωμα',
      hint: 'Γκαουσιανό· η τυπική απόκλισή του.',
      value: (value) => `${formatFixed(value, 2)} px`,
    },
  },
});

function shortest(value: number): string {
  return formatFixed(value, Number.isInteger(value) ? 0 : 1);
}

function signed(value: number): string {
  return value < 0 ? `−${shortest(-value)}` : shortest(value);
}

/** Words of the view “Robustness”. */
export const robustnessMessages = defineMessages({
  en: {
    title: 'Robustness',
    lead: 'Spoil an image before it goes through the bottleneck, and see which reconstruction the classifier can still read. A codec knows only what it was trained on, clean images: one may wipe noise away, another may turn a tilted digit into a different one.',
    presets: 'Presets',
    presetNames: {
      grainy: 'Grainy',
      covered: 'Covered',
      offCentre: 'Off-centre',
      tilted: 'Tilted',
      blurred: 'Out of focus',
      roughed: 'A bit of everything',
    } satisfies Record<PresetName, string>,
    reset: 'Reset',
    dials: 'Spoil it',
    clean: 'Clean',
    spoilt: 'Spoilt',
    testImage: (index: string, name: string) => `Test image ${index}, a “${name}”`,
    drawing: 'Your drawing',
    spoiltLabel: 'The image as it goes in',
    outputs: 'What the codecs make of it',
    reconstructionBy: (name: string) => `${name}: reconstruction`,
    error: 'error',
    errorHint:
      'The error is the mean squared difference of a pixel from the clean image (from 0 to 1): where it is below that of the spoilt image, the codec has repaired more than it broke.',
    draw: 'Draw one yourself',
    loading: 'On its way …',
    none: 'No codec is picked.',
    summary: (parts: string) => `Spoilt image ${parts}`,
    breaks: 'Which codec breaks the classifier first?',
    breaksLead: (images: string) =>
      `One kind of damage, made stronger step by step on ${images} test images, equally many of each class: how many does the classifier still read right, straight and through each codec?`,
    kind: 'Damage',
    kinds: {
      noise: 'noise',
      occlusion: 'occlusion',
      right: 'shift to the right',
      rotation: 'rotation',
      blur: 'blur',
    } satisfies Record<TrialKind, string>,
    limit: 'Broken when it reads fewer than',
    limits: { '90': '90 %', '50': 'half' },
    start: (images: string) => `Try ${images} images`,
    startMore: 'Try the codecs that are missing',
    allTried: 'All picked codecs are tried',
    stop: 'Stop',
    running: (kind: string, strength: string) => `Trying ${kind} of ${strength}`,
    stopped: 'Stopped; nothing of it was kept.',
    done: 'Done.',
    noJudge: 'This run has no classifier that could judge.',
    noCodec: 'through no codec',
    chartLabel: (kind: string, names: string) =>
      `Share of the images that are recognised, over the strength of ${kind}: a line each for ${names}. The values are in the table below.`,
    recognised: 'Recognised by the classifier, %',
    limitLine: 'broken below',
    axis: (kind: TrialKind) =>
      ({
        noise: 'standard deviation of the noise (1: a pixel’s whole range)',
        occlusion: 'side of the wiped square, px',
        right: 'shift to the right, px',
        rotation: 'rotation, degrees clockwise',
        blur: 'standard deviation of the blur, px',
      })[kind],
    first: (name: string, kind: string, strength: string, limit: string, isOfOthers: boolean) =>
      `${isOfOthers ? `Of the others, ${name}` : name} breaks first: from ${kind} of about ${strength} on, the classifier reads fewer than ${limit} of its reconstructions.`,
    firstFromStart: (names: string, limit: string, isOne: boolean) =>
      `${names} ${isOne ? 'is' : 'are'} below ${limit} before anything is spoilt.`,
    noneBreaks: (limit: string, strength: string) =>
      `None falls below ${limit}, up to the strongest that was tried, ${strength}.`,
    order: 'In the order in which they break',
    fromStart: 'broken from the start',
    at: (strength: string, holds: string, breaks: string) =>
      `at about ${strength} (still good at ${holds}, broken at ${breaks})`,
    never: (strength: string) => `holds up to ${strength}`,
    sample: (images: string, all: string, share: string, points: string) =>
      `This is a sample: ${images} of the ${all} test images. Near ${share} its shares are known to about ±${points} percentage points (95 % Wilson interval), so what breaks within a step of another may do so by chance. Noise and squares come from fixed seeds: they are the same for every codec and every time.`,
    table: 'All values as a table',
    tableCaption: (kind: string) =>
      `Share recognised at each strength of ${kind}, with its 95 % Wilson interval`,
    codec: 'codec',
  },
  el: {
    title: 'Ανθεκτικότητα',
    lead: 'Χαλάστε μια εικόνα πριν περάσει από το στένωμα και δείτε ποια ανακατασκευή διαβάζει ακόμη ο ταξινομητής. Ένας κωδικοποιητής ξέρει μόνο όσα έμαθε, καθαρές εικόνες: άλλος σβήνει τον θόρυβο, άλλος κάνει ένα γερμένο ψηφίο κάτι διαφορετικό.',
    presets: 'Έτοιμες ρυθμίσεις',
    presetNames: {
      grainy: 'Κόκκος',
      covered: 'Καλυμμένη',
      offCentre: 'Έκκεντρη',
      tilted: 'Γερμένη',
      blurred: 'Θολή',
      roughed: 'Λίγο απ’ όλα',
    } satisfies Record<PresetName, string>,
    reset: 'Επαναφορά',
    dials: 'Χαλάστε την',
    clean: 'Καθαρή',
    spoilt: 'Χαλασμένη',
    testImage: (index: string, name: string) => `Εικόνα δοκιμής ${index}, «${name}»`,
    drawing: 'Το σχέδιό σας',
    spoiltLabel: 'Η εικόνα όπως μπαίνει',
    outputs: 'Τι βγάζουν οι κωδικοποιητές',
    reconstructionBy: (name: string) => `${name}: ανακατασκευή`,
    error: 'σφάλμα',
    errorHint:
      'Το σφάλμα είναι η μέση τετραγωνική διαφορά ενός εικονοστοιχείου από την καθαρή εικόνα (από 0 έως 1): όπου είναι μικρότερο από της χαλασμένης, ο κωδικοποιητής διόρθωσε περισσότερα απ’ όσα χάλασε.',
    draw: 'Σχεδιάστε μία εσείς',
    loading: 'Έρχεται …',
    none: 'Δεν έχει επιλεγεί κωδικοποιητής.',
    summary: (parts: string) => `Η χαλασμένη εικόνα ${parts}`,
    breaks: 'Με ποιον κωδικοποιητή χάνει πρώτα ο ταξινομητής;',
    breaksLead: (images: string) =>
      `Ένα είδος βλάβης, βήμα βήμα πιο έντονο, σε ${images} εικόνες δοκιμής, όσο γίνεται ίσες από κάθε κλάση: πόσες διαβάζει ακόμη σωστά ο ταξινομητής, απευθείας και μέσα από κάθε κωδικοποιητή;`,
    kind: 'Βλάβη',
    kinds: {
      noise: 'θόρυβος',
      occlusion: 'κάλυψη',
      right: 'μετατόπιση δεξιά',
      rotation: 'περιστροφή',
      blur: 'θόλωμα',
    } satisfies Record<TrialKind, string>,
    limit: 'Χάνει όταν διαβάζει λιγότερες από',
    limits: { '90': '90 %', '50': 'τις μισές' },
    start: (images: string) => `Δοκιμή σε ${images} εικόνες`,
    startMore: 'Δοκιμή όσων κωδικοποιητών λείπουν',
    allTried: 'Δοκιμάστηκαν όλοι οι επιλεγμένοι',
    stop: 'Διακοπή',
    running: (kind: string, strength: string) => `Δοκιμάζεται ${kind}: ${strength}`,
    stopped: 'Διακόπηκε· δεν κρατήθηκε τίποτα.',
    done: 'Έτοιμο.',
    noJudge: 'Η εκτέλεση αυτή δεν έχει ταξινομητή για κριτή.',
    noCodec: 'χωρίς κωδικοποιητή',
    chartLabel: (kind: string, names: string) =>
      `Ποσοστό εικόνων που αναγνωρίζονται ως προς την ένταση (${kind}): μία γραμμή για καθένα από ${names}. Οι τιμές είναι στον πίνακα παρακάτω.`,
    recognised: 'Αναγνωρίζει ο ταξινομητής, %',
    limitLine: 'χάνει κάτω από εδώ',
    axis: (kind: TrialKind) =>
      ({
        noise: 'τυπική απόκλιση του θορύβου (1: όλο το εύρος)',
        occlusion: 'πλευρά του σβησμένου τετραγώνου, px',
        right: 'μετατόπιση δεξιά, px',
        rotation: 'περιστροφή, μοίρες δεξιόστροφα',
        blur: 'τυπική απόκλιση του θολώματος, px',
      })[kind],
    first: (name: string, kind: string, strength: string, limit: string, isOfOthers: boolean) =>
      `${isOfOthers ? 'Από τους υπόλοιπους, πρώτος χάνει' : 'Πρώτος χάνει'}: ${name}. Από ${strength} περίπου και πάνω (${kind}), ο ταξινομητής διαβάζει λιγότερες από ${limit} των ανακατασκευών του.`,
    firstFromStart: (names: string, limit: string) => `Κάτω από ${limit} πριν χαλάσει οτιδήποτε: ${names}.`,
    noneBreaks: (limit: string, strength: string) =>
      `Κανείς δεν πέφτει κάτω από ${limit}, ως την πιο έντονη που δοκιμάστηκε, ${strength}.`,
    order: 'Με τη σειρά που χάνουν',
    fromStart: 'χαμένος από την αρχή',
    at: (strength: string, holds: string, breaks: string) =>
      `περίπου στο ${strength} (καλά ακόμη στο ${holds}, χάνει στο ${breaks})`,
    never: (strength: string) => `αντέχει ως το ${strength}`,
    sample: (images: string, all: string, share: string, points: string) =>
      `Αυτό είναι δείγμα: ${images} από τις ${all} εικόνες δοκιμής. Κοντά στο ${share} τα ποσοστά του είναι γνωστά με περίπου ±${points} εκατοστιαίες μονάδες (διάστημα Wilson 95 %), άρα όσοι χάνουν με διαφορά ενός βήματος μπορεί να διαφέρουν από τύχη. Ο θόρυβος και τα τετράγωνα βγαίνουν από σταθερούς σπόρους: είναι ίδια για κάθε κωδικοποιητή και κάθε φορά.`,
    table: 'Όλες οι τιμές σε πίνακα',
    tableCaption: (kind: string) =>
      `Ποσοστό που αναγνωρίζεται σε κάθε ένταση (${kind}), με το διάστημα Wilson 95 %`,
    codec: 'κωδικοποιητής',
  },
});
