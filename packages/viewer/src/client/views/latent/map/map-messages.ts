import { defineMessages } from '../../../i18n/define-messages.ts';

/** Words of the map and its controls. */
export const mapMessages = defineMessages({
  en: {
    drag: 'Dragging',
    move: 'moves the map',
    lasso: 'draws a lasso',
    mapControls: 'Move and zoom the map',
    left: 'Move left',
    right: 'Move right',
    up: 'Move up',
    down: 'Move down',
    closer: 'Zoom in',
    further: 'Zoom out',
    whole: 'Whole map',
    help: 'Wheel or two fingers zoom; close up, dots become images. A tap marks a point. With the keyboard: arrow keys go from point to point, Shift + arrows move the map, + and − zoom, 0 shows the whole.',
  },
  el: {
    drag: 'Το σύρσιμο',
    move: 'μετακινεί τον χάρτη',
    lasso: 'σχεδιάζει λάσο',
    mapControls: 'Μετακίνηση και εστίαση του χάρτη',
    left: 'Αριστερά',
    right: 'Δεξιά',
    up: 'Πάνω',
    down: 'Κάτω',
    closer: 'Μεγέθυνση',
    further: 'Σμίκρυνση',
    whole: 'Ολόκληρος ο χάρτης',
    help: 'Η ροδέλα ή δύο δάχτυλα μεγεθύνουν· από κοντά οι κουκκίδες γίνονται εικόνες. Ένα άγγιγμα σημαδεύει ένα σημείο. Με το πληκτρολόγιο: τα βέλη πηγαίνουν από σημείο σε σημείο, Shift + βέλη μετακινούν τον χάρτη, + και − αλλάζουν την κλίμακα, 0 τον δείχνει ολόκληρο.',
  },
});
