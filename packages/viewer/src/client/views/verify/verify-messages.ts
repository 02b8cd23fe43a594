import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the verification. */
export const verifyMessages = defineMessages({
  en: {
    title: 'Verify',
    lead: (images: string) =>
      `The figures of a run were measured on the machine that trained it. Don’t take them on trust: let your browser put all ${images} test images through the same files, and compare.`,
    start: (images: string) => `Verify ${images} images`,
    again: 'Verify again',
    stop: 'Stop',
    stopping: 'Stopping …',
    stopped: 'Stopped before the end. Nothing was compared.',
    failed: 'The verification failed',
    what: (codecs: number, classifiers: number) =>
      `${codecs === 1 ? '1 codec' : `${codecs} codecs`} and ${classifiers === 1 ? '1 classifier' : `${classifiers} classifiers`}. Everything stays in this browser; it takes seconds to a few minutes, and the page stays usable meanwhile.`,
    starting: 'Fetching the models',
    loading: (title: string) => `Fetching ${title}`,
    running: (title: string) => `Putting the test set through: ${title}`,
    originals: 'the originals',

    device: 'Run on',
    wasm: 'Processor (WASM)',
    webgpu: 'Graphics (WebGPU)',
    deviceBusy: 'Getting the device ready …',
    threads: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
    noGpu: 'WebGPU can’t be chosen: no graphics adapter answers in this browser.',
    softwareGpu:
      'The only WebGPU adapter here is software that stands in for a graphics processor: it works, slowly.',
    gpuFailed: 'A graphics adapter answers, and it can’t run these models, so they stay on the processor.',
    gpuSlower:
      'A graphics adapter answers, and takes longer for one image, so the models stay on the processor. For many images it may be faster.',
    gpuDisagreed:
      'Results on the graphics processor were off by more than 0.001, so the models stay on the processor.',
    notIsolated:
      'One thread only: browsers give a page more when it is isolated from others. Open it over https or from localhost.',

    verdictRight: (images: string, seconds: string) =>
      `Your browser confirms the run: ${images} images in ${seconds}.`,
    verdictWrong: 'Your browser does not confirm everything. What differs is marked below.',
    badges: 'What was compared',
    confirmed: 'confirmed',
    differs: 'differs',
    accuracies: 'Accuracies',
    accuraciesText: (equal: string, all: string) => `${equal} of ${all} equal to the last image`,
    errors: 'Errors',
    errorsText: (within: string, all: string, largest: string) =>
      `${within} of ${all} within 10⁻⁶; largest difference ${largest}`,
    noErrors: 'the run has no codecs',
    answers: 'Answers',
    answersText: (differing: string, all: string) =>
      `${differing} of ${all} answers differ from the trainer’s`,
    noAnswers: 'the run has no classifier',
    files: 'Files',
    filesText: (matching: string, all: string) => `${matching} of ${all} have the SHA-256 of the manifest`,
    runtime: 'Runtime',
    runtimeText: (device: string, threads: string) => `onnxruntime-web, ${device}, ${threads}`,
    time: 'Time',
    timeText: (seconds: string, rate: string) =>
      `${seconds}, ${rate} passes of an image through a model per second`,

    codecTable: 'Mean squared error, here and at the trainer’s',
    codecCaption:
      'Of pixels from 0 to 1, over the whole test set. Agreement means a difference of at most 10⁻⁶.',
    codec: 'Codec',
    here: 'Here',
    trainer: 'Trainer',
    difference: 'Difference',
    answer: 'Agreement',
    classTable: 'Accuracy, here and at the trainer’s',
    classCaption:
      'Agreement means the same number of right answers. The last column counts the images whose class is another than the trainer’s.',
    classifier: 'Classifier',
    shown: 'Shown',
    differing: 'Other class, images',
    agrees: 'agrees',
    fileTable: 'Files that were used',
    fileCaption: 'SHA-256 computed by your browser from the bytes that arrived.',
    file: 'File',
    matches: 'matches',
    showFiles: (count: string) => `All ${count} files and their SHA-256`,
    copy: 'Copy as Markdown',
    copied: 'Copied.',
    copyFailed: 'This page may not use the clipboard: download the result instead.',
    download: 'Download as JSON',

    meaning: 'What this proves',
    proven: [
      'The figures belong to these files. Each file’s SHA-256 is the one in the run’s manifest, and the files alone, with the test set, give the manifest’s figures.',
      'The models do the same in a browser as at the trainer’s: exported to ONNX, run by another build of onnxruntime, on your machine.',
      'The test images are those that the trainer used, byte for byte.',
    ],
    notMeaning: 'What it does not',
    notProven: [
      'Who made the run. Manifest and files come from the same place; whoever changes both leaves nothing to see here.',
      'That no model saw a test image while it was trained. Only training again shows that, and the Results view has the command.',
      'That another seed or another data set would give the same.',
      'That every bit is the same. Sums are taken in another order on other devices, most of all on a graphics processor, so the last digits differ, and an image that lies between two classes may fall to the other side.',
    ],
  },
  el: {
    title: 'Επαλήθευση',
    lead: (images: string) =>
      `Οι αριθμοί μιας εκτέλεσης μετρήθηκαν στο μηχάνημα που την εκπαίδευσε. Μην τους δεχτείτε στην πίστη: αφήστε τον περιηγητή σας να περάσει και τις ${images} εικόνες δοκιμής από τα ίδια αρχεία και συγκρίνετε.`,
    start: (images: string) => `Επαλήθευση ${images} εικόνων`,
    again: 'Επαλήθευση ξανά',
    stop: 'Διακοπή',
    stopping: 'Διακόπτεται …',
    stopped: 'Διακόπηκε πριν από το τέλος. Δεν συγκρίθηκε τίποτα.',
    failed: 'Η επαλήθευση απέτυχε',
    what: (codecs: number, classifiers: number) =>
      `${codecs === 1 ? '1 κωδικοποιητής' : `${codecs} κωδικοποιητές`} και ${classifiers === 1 ? '1 ταξινομητής' : `${classifiers} ταξινομητές`}. Όλα μένουν σε αυτόν τον περιηγητή· χρειάζονται από δευτερόλεπτα έως λίγα λεπτά, και η σελίδα μένει στη διάθεσή σας.`,
    starting: 'Ανάκτηση των μοντέλων',
    loading: (title: string) => `Ανάκτηση: ${title}`,
    running: (title: string) => `Το σύνολο δοκιμής περνά από: ${title}`,
    originals: 'τις αρχικές',

    device: 'Εκτέλεση σε',
    wasm: 'Επεξεργαστή (WASM)',
    webgpu: 'Γραφικά (WebGPU)',
    deviceBusy: 'Προετοιμασία της συσκευής …',
    threads: (count: number) => (count === 1 ? '1 νήμα' : `${count} νήματα`),
    noGpu:
      'Το WebGPU δεν μπορεί να επιλεγεί: κανένας προσαρμογέας γραφικών δεν απαντά σε αυτόν τον περιηγητή.',
    softwareGpu:
      'Ο μόνος προσαρμογέας WebGPU εδώ είναι λογισμικό στη θέση επεξεργαστή γραφικών: λειτουργεί, αργά.',
    gpuFailed:
      'Ένας προσαρμογέας γραφικών απαντά, αλλά δεν μπορεί να εκτελέσει τα μοντέλα, οπότε μένουν στον επεξεργαστή.',
    gpuSlower:
      'Ένας προσαρμογέας γραφικών απαντά, αλλά αργεί περισσότερο για μία εικόνα, οπότε τα μοντέλα μένουν στον επεξεργαστή. Για πολλές εικόνες ίσως είναι ταχύτερος.',
    gpuDisagreed:
      'Τα αποτελέσματα στον επεξεργαστή γραφικών απείχαν πάνω από 0,001, οπότε τα μοντέλα μένουν στον επεξεργαστή.',
    notIsolated:
      'Ένα νήμα μόνο: οι περιηγητές δίνουν περισσότερα σε σελίδα απομονωμένη από άλλες. Ανοίξτε την με https ή από το localhost.',

    verdictRight: (images: string, seconds: string) =>
      `Ο περιηγητής σας επιβεβαιώνει την εκτέλεση: ${images} εικόνες σε ${seconds}.`,
    verdictWrong: 'Ο περιηγητής σας δεν τα επιβεβαιώνει όλα. Ό,τι διαφέρει σημειώνεται παρακάτω.',
    badges: 'Τι συγκρίθηκε',
    confirmed: 'επιβεβαιώθηκε',
    differs: 'διαφέρει',
    accuracies: 'Ορθότητες',
    accuraciesText: (equal: string, all: string) => `${equal} από ${all} ίσες ως την τελευταία εικόνα`,
    errors: 'Σφάλματα',
    errorsText: (within: string, all: string, largest: string) =>
      `${within} από ${all} εντός 10⁻⁶· μεγαλύτερη διαφορά ${largest}`,
    noErrors: 'η εκτέλεση δεν έχει κωδικοποιητές',
    answers: 'Απαντήσεις',
    answersText: (differing: string, all: string) =>
      `${differing} από ${all} απαντήσεις διαφέρουν από του εκπαιδευτή`,
    noAnswers: 'η εκτέλεση δεν έχει ταξινομητή',
    files: 'Αρχεία',
    filesText: (matching: string, all: string) => `${matching} από ${all} έχουν το SHA-256 της δήλωσης`,
    runtime: 'Περιβάλλον',
    runtimeText: (device: string, threads: string) => `onnxruntime-web, ${device}, ${threads}`,
    time: 'Χρόνος',
    timeText: (seconds: string, rate: string) =>
      `${seconds}, ${rate} περάσματα εικόνας από μοντέλο το δευτερόλεπτο`,

    codecTable: 'Μέσο τετραγωνικό σφάλμα, εδώ και στον εκπαιδευτή',
    codecCaption:
      'Εικονοστοιχείων από 0 έως 1, σε όλο το σύνολο δοκιμής. Συμφωνία σημαίνει διαφορά το πολύ 10⁻⁶.',
    codec: 'Κωδικοποιητής',
    here: 'Εδώ',
    trainer: 'Εκπαιδευτής',
    difference: 'Διαφορά',
    answer: 'Συμφωνία',
    classTable: 'Ορθότητα, εδώ και στον εκπαιδευτή',
    classCaption:
      'Συμφωνία σημαίνει το ίδιο πλήθος σωστών απαντήσεων. Η τελευταία στήλη μετρά τις εικόνες με άλλη κλάση από του εκπαιδευτή.',
    classifier: 'Ταξινομητής',
    shown: 'Βλέπει',
    differing: 'Άλλη κλάση, εικόνες',
    agrees: 'συμφωνεί',
    fileTable: 'Αρχεία που χρησιμοποιήθηκαν',
    fileCaption: 'SHA-256 υπολογισμένα από τον περιηγητή σας στα byte που έφτασαν.',
    file: 'Αρχείο',
    matches: 'ταιριάζει',
    showFiles: (count: string) => `Και τα ${count} αρχεία με τα SHA-256 τους`,
    copy: 'Αντιγραφή ως Markdown',
    copied: 'Αντιγράφηκε.',
    copyFailed: 'Η σελίδα δεν μπορεί να χρησιμοποιήσει το πρόχειρο: κατεβάστε το αποτέλεσμα.',
    download: 'Λήψη ως JSON',

    meaning: 'Τι αποδεικνύει',
    proven: [
      'Οι αριθμοί ανήκουν σε αυτά τα αρχεία. Το SHA-256 κάθε αρχείου είναι αυτό της δήλωσης, και τα αρχεία μόνα τους, με το σύνολο δοκιμής, δίνουν τους αριθμούς της.',
      'Τα μοντέλα κάνουν το ίδιο σε περιηγητή όπως στον εκπαιδευτή: εξαγμένα σε ONNX, σε άλλη έκδοση του onnxruntime, στο μηχάνημά σας.',
      'Οι εικόνες δοκιμής είναι αυτές που χρησιμοποίησε ο εκπαιδευτής, byte προς byte.',
    ],
    notMeaning: 'Τι δεν αποδεικνύει',
    notProven: [
      'Ποιος έκανε την εκτέλεση. Δήλωση και αρχεία έρχονται από το ίδιο μέρος· όποιος αλλάξει και τα δύο δεν αφήνει ίχνη εδώ.',
      'Ότι κανένα μοντέλο δεν είδε εικόνα δοκιμής όσο εκπαιδευόταν. Αυτό το δείχνει μόνο νέα εκπαίδευση, και η εντολή είναι στην όψη «Αποτελέσματα».',
      'Ότι άλλος σπόρος ή άλλο σύνολο δεδομένων θα έδινε τα ίδια.',
      'Ότι κάθε bit είναι ίδιο. Τα αθροίσματα γίνονται με άλλη σειρά σε άλλες συσκευές, πιο πολύ σε επεξεργαστή γραφικών, οπότε τα τελευταία ψηφία διαφέρουν, και μια εικόνα ανάμεσα σε δύο κλάσεις μπορεί να πέσει στην άλλη μεριά.',
    ],
  },
});
