import { defineMessages } from '../i18n/define-messages.ts';
import { formatPercent } from '../i18n/number-format.ts';
import { largestIndex } from './probability-bars.tsx';

const verdictMessages = defineMessages({
  en: {
    readAs: 'read as',
    right: 'right',
    wrong: (expected: string) => `not ${expected}`,
    sentence: (name: string, probability: string) => `read as ${name}, ${probability}`,
  },
  el: {
    readAs: 'διαβάζεται',
    right: 'σωστά',
    wrong: (expected: string) => `όχι ${expected}`,
    sentence: (name: string, probability: string) => `διαβάζεται ως ${name}, ${probability}`,
  },
});

export interface VerdictProps {
  /** `[classes]`, summing to 1; `undefined` until they are there. */
  readonly probabilities: Float32Array | undefined;
  readonly classNames: readonly string[];
  /** The class to be expected: that of the test image, or of a drawing before anything was done to it. */
  readonly expected: number | undefined;
}

/** The class that a classifier reads in an image, how probable it holds it, and whether that is the expected one. */
export function Verdict({ probabilities, classNames, expected }: VerdictProps) {
  const words = verdictMessages();
  if (probabilities === undefined) return <p class="verdict quiet">…</p>;
  const best = largestIndex(probabilities);
  const isRight = expected === undefined || best === expected;
  return (
    <p class="verdict">
      <span class="small quiet">{words.readAs}</span>{' '}
      <b class={isRight ? 'right' : 'wrong'}>{classNames[best]}</b>{' '}
      <span>{formatPercent(probabilities[best], 1)}</span>{' '}
      {expected !== undefined && (
        <span class={isRight ? 'small right' : 'small wrong'}>
          {isRight ? `✓ ${words.right}` : `✗ ${words.wrong(classNames[expected])}`}
        </span>
      )}
    </p>
  );
}

/** The same as a part of a sentence: `read as 3, 98.2 %`. */
export function verdictSentence(probabilities: Float32Array, classNames: readonly string[]): string {
  const best = largestIndex(probabilities);
  return verdictMessages().sentence(classNames[best], formatPercent(probabilities[best], 1));
}
