/** The commands and what each takes, in one line. */
export const usage =
  'Usage: main.ts train [options] | sweep [options] | evaluate RUN [--data FOLDER] [--threads N] | report RUN | ' +
  'doctor [options]; train --help, sweep --help and doctor --help tell more.';
