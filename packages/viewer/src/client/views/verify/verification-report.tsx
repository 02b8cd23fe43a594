import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount, formatFixed, formatPercent, formatSeconds } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import type { Verification } from '../../worker/lab-api.ts';
import { summarise } from './verification-summary.ts';
import { verificationJson, verificationMarkdown } from './verification-text.ts';
import { verifyMessages } from './verify-messages.ts';

export interface VerificationReportProps {
  readonly run: OpenRun;
  readonly verification: Verification;
}

/** What a verification found: badges, then the figures side by side, and ways to take them along. */
export function VerificationReport({ run, verification }: VerificationReportProps) {
  const words = verifyMessages();
  const { isConfirmed } = summarise(verification);
  return (
    <section class="verify-report" aria-label={words.badges}>
      <p class={isConfirmed ? 'verify-verdict' : 'verify-verdict wrong'} role="status">
        {isConfirmed
          ? words.verdictRight(
              formatCount(verification.images),
              formatSeconds(verification.durationMs / 1000),
            )
          : words.verdictWrong}
      </p>
      <Badges verification={verification} />
      <TakeAlong run={run} verification={verification} />
      <div class="verify-tables">
        {verification.codecs.length > 0 && <CodecTable run={run} verification={verification} />}
        {verification.classifications.length > 0 && (
          <ClassificationTable run={run} verification={verification} />
        )}
      </div>
      <details>
        <summary>{words.showFiles(formatCount(verification.files.length))}</summary>
        <FileTable verification={verification} />
      </details>
    </section>
  );
}

function Badges({ verification }: { verification: Verification }) {
  const words = verifyMessages();
  const { codecs, classifications, files, runtime, durationMs } = verification;
  const summary = summarise(verification);
  return (
    <dl class="verify-badges">
      <Badge
        title={words.accuracies}
        isRight={summary.equalAccuracies === classifications.length}
        text={
          classifications.length === 0
            ? words.noAnswers
            : words.accuraciesText(formatCount(summary.equalAccuracies), formatCount(classifications.length))
        }
      />
      <Badge
        title={words.errors}
        isRight={summary.errorsWithin === codecs.length}
        text={
          codecs.length === 0
            ? words.noErrors
            : words.errorsText(
                formatCount(summary.errorsWithin),
                formatCount(codecs.length),
                differenceText(summary.largestDifference),
              )
        }
      />
      {/* Such an image counts in the accuracy, which is where it is judged. */}
      <Badge
        title={words.answers}
        isRight={summary.differingAnswers === 0 ? true : undefined}
        text={words.answersText(formatCount(summary.differingAnswers), formatCount(summary.answers))}
      />
      <Badge
        title={words.files}
        isRight={summary.matchingFiles === files.length}
        text={words.filesText(formatCount(summary.matchingFiles), formatCount(files.length))}
      />
      <Badge
        title={words.runtime}
        isRight={undefined}
        text={words.runtimeText(
          runtime.device === 'wasm' ? 'WebAssembly' : 'WebGPU',
          words.threads(runtime.threads),
        )}
      />
      <Badge
        title={words.time}
        isRight={undefined}
        text={words.timeText(formatSeconds(durationMs / 1000), formatCount(summary.passesPerSecond))}
      />
    </dl>
  );
}

/** @param props.isRight `undefined` for what is neither right nor wrong */
function Badge({ title, isRight, text }: { title: string; isRight: boolean | undefined; text: string }) {
  const words = verifyMessages();
  return (
    <div>
      <dt>
        {title}
        {isRight !== undefined && <Mark isRight={isRight} text={isRight ? words.confirmed : words.differs} />}
      </dt>
      <dd>{text}</dd>
    </div>
  );
}

function Mark({ isRight, text }: { isRight: boolean; text: string }) {
  return (
    <span class={isRight ? 'verify-mark right' : 'verify-mark wrong'}>
      <span aria-hidden="true">{isRight ? '✓' : '✗'}</span> {text}
    </span>
  );
}

function TakeAlong({ run, verification }: VerificationReportProps) {
  const words = verifyMessages();
  const [said, setSaid] = useState<string>();
  const context = () => ({
    runName: run.manifest.name,
    userAgent: navigator.userAgent,
    verifiedAt: new Date().toISOString(),
  });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(verificationMarkdown(verification, context()));
      setSaid(words.copied);
    } catch {
      // Without https there is no clipboard at all; or the visitor does not allow it.
      setSaid(words.copyFailed);
    }
  };
  const download = (): void => {
    const file = new Blob([verificationJson(verification, context())], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `narrows-${run.manifest.name}-verification.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div class="row">
      <button type="button" class="button" onClick={() => void copy()}>
        {words.copy}
      </button>
      <button type="button" class="button" onClick={download}>
        {words.download}
      </button>
      <span class="quiet" role="status">
        {said}
      </span>
    </div>
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

function CodecTable({ run, verification: { codecs } }: VerificationReportProps) {
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
                <CodecName style={codecStyle(run, id)} title={titleOf(run, id)} />
              </th>
              <td class="number">{formatFixed(mse.here, 8)}</td>
              <td class="number">{formatFixed(mse.trainer, 8)}</td>
              <td class="number">{differenceText(mse.here - mse.trainer)}</td>
              <td>
                <Mark isRight={mse.agrees} text={mse.agrees ? words.agrees : words.differs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Titled>
  );
}

function ClassificationTable({ run, verification: { classifications } }: VerificationReportProps) {
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
              {hasSeveral && <td>{titleOf(run, classifier)}</td>}
              <th scope="row">
                {on === 'original' ? (
                  words.originals
                ) : (
                  <CodecName style={codecStyle(run, on)} title={titleOf(run, on)} />
                )}
              </th>
              <td class="number">{formatPercent(accuracy.here)}</td>
              <td class="number">{formatPercent(accuracy.trainer)}</td>
              <td>
                <Mark isRight={accuracy.agrees} text={accuracy.agrees ? words.agrees : words.differs} />
              </td>
              <td class="number">{formatCount(differing)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Titled>
  );
}

function FileTable({ verification: { files } }: { verification: Verification }) {
  const words = verifyMessages();
  return (
    <ScrollRegion label={words.fileTable}>
      <table>
        <caption>{words.fileCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col">{words.answer}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, sha256, matches }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td>
                <Mark isRight={matches} text={matches ? words.matches : words.differs} />
              </td>
              <td>
                <code>{sha256}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function titleOf({ manifest }: OpenRun, id: string): string {
  return manifest.models.find((model) => model.id === id)?.title ?? id;
}

/** A difference with one digit and its power of ten: `3.1 × 10⁻⁸`. */
function differenceText(difference: number): string {
  if (difference === 0) return '0';
  const [mantissa, exponent] = difference.toExponential(1).split('e');
  const raised = exponent.replace('+', '').replace(/[-0-9]/g, (sign) => superscripts[sign]);
  return `${formatFixed(Number(mantissa), 1).replace('-', '−')} × 10${raised}`;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};
