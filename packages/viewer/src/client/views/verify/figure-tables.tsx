import type { ComponentChildren } from 'preact';
import { formatCount, formatFixed, formatPercent } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, modelTitle } from '../../state/run.ts';
import { differenceText } from './difference-text.ts';
import { VerificationMark } from './verification-mark.tsx';
import type { VerifiedRun } from './verification-summary.ts';
import { verifyMessages } from './verify-messages.ts';

/** Each codec's error, here and at the trainer's. */
export function CodecTable({ run, verification: { codecs } }: VerifiedRun) {
  const words = verifyMessages();
  return (
    <Titled title={words.codecTable} text={words.codecCaption}>
      <table aria-label={words.codecTable}>
        <thead>
          <tr>
            <th scope="col">{words.codec}</th>
            <th scope="col" class="number">
              {words.here}
            </th>
            <th scope="col" class="number">
              {words.trainer}
            </th>
            <th scope="col" class="number">
              {words.difference}
            </th>
            <th scope="col">{words.answer}</th>
          </tr>
        </thead>
        <tbody>
          {codecs.map(({ id, mse }) => (
            <tr key={id}>
              <th scope="row">
                <CodecName style={codecStyle(run, id)} title={modelTitle(run, id) ?? id} />
              </th>
              <td class="number">{formatFixed(mse.here, 8)}</td>
              <td class="number">{formatFixed(mse.trainer, 8)}</td>
              <td class="number">{differenceText(mse.here - mse.trainer)}</td>
              <td>
                <VerificationMark isRight={mse.agrees} text={mse.agrees ? words.agrees : words.differs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Titled>
  );
}

/** Each classifier's accuracies, here and at the trainer's. */
export function ClassificationTable({ run, verification: { classifications } }: VerifiedRun) {
  const words = verifyMessages();
  const hasSeveral = new Set(classifications.map(({ classifier }) => classifier)).size > 1;
  return (
    <Titled title={words.classTable} text={words.classCaption}>
      <table aria-label={words.classTable}>
        <thead>
          <tr>
            {hasSeveral && <th scope="col">{words.classifier}</th>}
            <th scope="col">{words.shown}</th>
            <th scope="col" class="number">
              {words.here}
            </th>
            <th scope="col" class="number">
              {words.trainer}
            </th>
            <th scope="col">{words.answer}</th>
            <th scope="col" class="number">
              {words.differing}
            </th>
          </tr>
        </thead>
        <tbody>
          {classifications.map(({ classifier, on, accuracy, differing }) => (
            <tr key={`${classifier} ${on}`}>
              {hasSeveral && <td>{modelTitle(run, classifier)}</td>}
              <th scope="row">
                {on === 'original' ? (
                  words.originals
                ) : (
                  <CodecName style={codecStyle(run, on)} title={modelTitle(run, on) ?? on} />
                )}
              </th>
              <td class="number">{formatPercent(accuracy.here)}</td>
              <td class="number">{formatPercent(accuracy.trainer)}</td>
              <td>
                <VerificationMark
                  isRight={accuracy.agrees}
                  text={accuracy.agrees ? words.agrees : words.differs}
                />
              </td>
              <td class="number">{formatCount(differing)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Titled>
  );
}

/** A table with its title and words, which stand still where the table scrolls. */
function Titled({ title, text, children }: { title: string; text: string; children: ComponentChildren }) {
  return (
    <div class="stack">
      <p>
        <b>{title}.</b> <span class="quiet">{text}</span>
      </p>
      <ScrollRegion label={title}>{children}</ScrollRegion>
    </div>
  );
}
