import { defineMessages } from '../../i18n/define-messages.ts';

/** Words of the place for the visitor's own models. */
export const ownModelMessages = defineMessages({
  en: {
    title: 'Your model',
    lead: 'Drop ONNX files anywhere on this page, or choose them: a classifier or an autoencoder for the same images. Each joins the comparison in Draw and Robustness.',
    private: 'Files stay in this browser. Nothing is uploaded, and they are gone when you reload the page.',
    choose: 'Choose ONNX files',
    dropHere: 'Drop the files: they stay in this browser',
    adding: (name: string) => `Trying ${name} …`,
    added: (title: string, kind: 'codec' | 'classifier') =>
      kind === 'codec'
        ? `“${title}” is an autoencoder and joined the comparison.`
        : `“${title}” is a classifier and joined the comparison.`,
    replaced: (title: string) => `“${title}” took the place of the file of that name.`,
    kinds: { codec: 'autoencoder', classifier: 'classifier' },
    list: 'Your models',
    remove: 'Remove',
    removeLabel: (title: string) => `Remove ${title}`,
    failedTitle: 'Not taken in',
    dismiss: 'Dismiss',
    seeDraw: 'See it in Draw',
    unreadable: (name: string, why: string) =>
      `Cannot read "${name}": it must be a file, not a folder, that your browser may open (${why}).`,

    fits: 'What fits',
    input: 'Input',
    inputText: (shapes: readonly string[]) =>
      `one, of images ${shapes.slice(0, -1).join(', ')} or ${shapes.at(-1)!}, N open or 1: float32 from 0 to 1, or uint8 from 0 to 255. Its name does not matter.`,
    output: 'Output',
    outputText: (classes: number, image: string) =>
      `${classes} class scores an image, before or after the softmax (a classifier), or an image of ${image} (an autoencoder).`,
    one: 'File',
    oneText: 'one .onnx file with the weights inside, up to 200 MB. It is tried on a plain image first.',
    exportTitle: 'How to export one',
    pytorch: 'PyTorch 2.6 and later',
    pytorchText: 'with the packages onnx and onnxscript; external_data=False keeps the weights inside:',
    keras: 'Keras 3',
    kerasText:
      'from Keras 3.8 on, with tf2onnx for the TensorFlow backend; a saved Keras 2 model goes through tf2onnx:',
    tfjs: 'TensorFlow.js',
    tfjsText: 'by the compiler of Narrows, in its repository:',
  },
  el: {
    title: 'Το δικό σας μοντέλο',
    lead: 'Αφήστε αρχεία ONNX οπουδήποτε σε αυτή τη σελίδα, ή διαλέξτε τα: έναν ταξινομητή ή αυτοκωδικοποιητή για τις ίδιες εικόνες. Καθένα μπαίνει στη σύγκριση στις όψεις «Σχεδιάστε» και «Ανθεκτικότητα».',
    private:
      'Τα αρχεία μένουν σε αυτόν τον περιηγητή. Τίποτα δεν ανεβαίνει, και χάνονται όταν ξαναφορτώσετε τη σελίδα.',
    choose: 'Επιλογή αρχείων ONNX',
    dropHere: 'Αφήστε τα αρχεία: μένουν σε αυτόν τον περιηγητή',
    adding: (name: string) => `Δοκιμή του ${name} …`,
    added: (title: string, kind: 'codec' | 'classifier') =>
      kind === 'codec'
        ? `Το «${title}» είναι αυτοκωδικοποιητής και μπήκε στη σύγκριση.`
        : `Το «${title}» είναι ταξινομητής και μπήκε στη σύγκριση.`,
    replaced: (title: string) => `Το «${title}» πήρε τη θέση του αρχείου με αυτό το όνομα.`,
    kinds: { codec: 'αυτοκωδικοποιητής', classifier: 'ταξινομητής' },
    list: 'Τα μοντέλα σας',
    remove: 'Αφαίρεση',
    removeLabel: (title: string) => `Αφαίρεση του ${title}`,
    failedTitle: 'Δεν έγινε δεκτό',
    dismiss: 'Κλείσιμο',
    seeDraw: 'Δείτε το στο «Σχεδιάστε»',
    unreadable: (name: string, why: string) =>
      `Το «${name}» δεν διαβάζεται: πρέπει να είναι αρχείο, όχι φάκελος, που ο περιηγητής σας μπορεί να ανοίξει (${why}).`,

    fits: 'Τι ταιριάζει',
    input: 'Είσοδος',
    inputText: (shapes: readonly string[]) =>
      `μία, με εικόνες ${shapes.slice(0, -1).join(', ')} ή ${shapes.at(-1)!}, N ανοιχτό ή 1: float32 από 0 έως 1, ή uint8 από 0 έως 255. Το όνομά της δεν έχει σημασία.`,
    output: 'Έξοδος',
    outputText: (classes: number, image: string) =>
      `${classes} βαθμοί κλάσεων ανά εικόνα, πριν ή μετά το softmax (ταξινομητής), ή μια εικόνα ${image} (αυτοκωδικοποιητής).`,
    one: 'Αρχείο',
    oneText: 'ένα αρχείο .onnx με τα βάρη μέσα του, έως 200 MB. Πρώτα δοκιμάζεται σε μια απλή εικόνα.',
    exportTitle: 'Πώς εξάγεται ένα',
    pytorch: 'PyTorch 2.6 και νεότερο',
    pytorchText: 'με τα πακέτα onnx και onnxscript· το external_data=False κρατά τα βάρη μέσα στο αρχείο:',
    keras: 'Keras 3',
    kerasText:
      'από το Keras 3.8, με το tf2onnx για το TensorFlow· ένα αποθηκευμένο μοντέλο Keras 2 περνά από το tf2onnx:',
    tfjs: 'TensorFlow.js',
    tfjsText: 'με τον μεταγλωττιστή του Narrows, στο αποθετήριό του:',
  },
});
