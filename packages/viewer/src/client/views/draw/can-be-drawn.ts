import type { OpenRun } from '../../state/run.ts';
import { drawnSide } from './pad-state.ts';

/** Whether a pen can make what a run's models know: grey images of 28×28 pixels, of classes named by one character. */
export function canBeDrawn({
  imageShape: [height, width, channels],
  classNames,
}: Pick<OpenRun, 'imageShape' | 'classNames'>): boolean {
  return (
    height === drawnSide &&
    width === drawnSide &&
    channels === 1 &&
    classNames.every((name) => /^.$/u.test(name))
  );
}
