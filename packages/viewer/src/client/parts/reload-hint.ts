import { defineMessages } from '../i18n/define-messages.ts';

/** What to do where code of the page did not arrive. */
export const reloadHint = defineMessages({
  en: { text: 'Reload the page.' },
  el: { text: 'Φορτώστε ξανά τη σελίδα.' },
});
