import { useEffect, useState } from 'preact/hooks';
import { defineMessages } from '../i18n/define-messages.ts';
import { formatCount } from '../i18n/number-format.ts';
import { lab } from '../lab.ts';
import { judge } from '../state/models.ts';
import type { OpenRun } from '../state/run.ts';
import { specimen, specimenError, takeTestImage } from '../state/specimen.ts';
import type { TestSet } from '../worker/lab-api.ts';
import { nextHardest } from './next-hardest.ts';
import { Notice } from './notice.tsx';

const pickerMessages = defineMessages({
  en: {
    heading: 'A test image',
    byNumber: 'Number',
    ofClass: 'Class',
    anyClass: 'any',
    random: 'Random',
    hardest: 'Hardest',
    hardestHint: 'One that the codecs’ reconstructions make the classifier miss, or nearly so',
    range: (count: string) => `of ${count}`,
  },
  el: {
    heading: 'Μια εικόνα δοκιμής',
    byNumber: 'Αριθμός',
    ofClass: 'Κλάση',
    anyClass: 'οποιαδήποτε',
    random: 'Τυχαία',
    hardest: 'Η δυσκολότερη',
    hardestHint: 'Μία που ο ταξινομητής χάνει, ή σχεδόν, στις ανακατασκευές των κωδικοποιητών',
    range: (count: string) => `από ${count}`,
  },
});

/** Picks an image of the test set as the one at hand: by number, by class, at random, or a hard one. */
export function TestImagePicker({ run }: { run: OpenRun }) {
  const words = pickerMessages();
  const [testSet, setTestSet] = useState<TestSet>();
  const [ofClass, setOfClass] = useState<number>();
  const at = specimen.value;
  useEffect(() => {
    setTestSet(undefined);
    // It is fetched when it is wanted: the first visit can draw without it.
    if (at.kind === 'test') lab.testSet(run.id).then(setTestSet, noteFailure);
  }, [run.id, at.kind]);
  const withTestSet = (work: (testSet: TestSet) => void | Promise<void>) => () => {
    lab
      .testSet(run.id)
      .then((set) => {
        setTestSet(set);
        return work(set);
      })
      .catch(noteFailure);
  };
  return (
    <fieldset class="test-image-picker">
      <legend>{words.heading}</legend>
      <label class="field">
        <span>{words.byNumber}</span>
        <input
          class="input"
          type="number"
          min={0}
          max={testSet === undefined ? undefined : testSet.count - 1}
          step={1}
          value={at.kind === 'test' ? at.index : ''}
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== '') takeTestImage(Number(currentTarget.value));
          }}
        />
        {testSet !== undefined && <span>{words.range(formatCount(testSet.count))}</span>}
      </label>
      <label class="field">
        <span>{words.ofClass}</span>
        <select
          class="select"
          value={ofClass ?? ''}
          onChange={({ currentTarget }) => {
            const label = currentTarget.value === '' ? undefined : Number(currentTarget.value);
            setOfClass(label);
            withTestSet((set) => {
              takeRandom(set, label);
            })();
          }}
        >
          <option value="">{words.anyClass}</option>
          {run.classNames.map((name, label) => (
            <option key={name} value={label}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        onClick={withTestSet((set) => {
          takeRandom(set, ofClass);
        })}
      >
        {words.random}
      </button>
      <button
        type="button"
        class="button"
        title={words.hardestHint}
        onClick={withTestSet((set) => takeHardest(run, set, ofClass))}
      >
        {words.hardest}
      </button>
      {specimenError.value !== undefined && <Notice tone="error">{specimenError.value}</Notice>}
    </fieldset>
  );
}

function noteFailure(error: unknown): void {
  specimenError.value = (error as Error).message;
}

function takeRandom({ count, labels }: TestSet, label: number | undefined): void {
  const candidates = Array.from({ length: count }, (_, i) => i).filter(
    (i) => label === undefined || labels[i] === label,
  );
  if (candidates.length > 0) takeTestImage(candidates[Math.floor(Math.random() * candidates.length)]);
}

async function takeHardest(run: OpenRun, { labels }: TestSet, label: number | undefined): Promise<void> {
  const at = specimen.peek();
  const next = nextHardest({
    labels,
    figures: await lab.figures(run.id),
    codecs: run.codecs.map(({ id }) => id),
    classifier: judge.peek()?.id,
    label,
    after: at.kind === 'test' ? at.index : undefined,
  });
  if (next !== undefined) takeTestImage(next);
}
