import { formatCount, formatSeconds } from '../../i18n/number-format.ts';
import type { Verification } from '../../worker/lab-api.ts';
import { differenceText } from './difference-text.ts';
import { VerificationMark } from './verification-mark.tsx';
import { areEqual, summarise } from './verification-summary.ts';
import { verifyMessages } from './verify-messages.ts';

/** What was compared and whether it agrees, in a line each; what there was nothing of to compare is not confirmed. */
export function VerificationBadges({ verification }: { verification: Verification }) {
  const words = verifyMessages();
  const { codecs, classifications, files, runtime, durationMs } = verification;
  const summary = summarise(verification);
  return (
    <dl class="verify-badges">
      <Badge
        title={words.accuracies}
        isRight={areEqual(summary.equalAccuracies, classifications.length)}
        text={
          classifications.length === 0
            ? words.noAnswers
            : words.accuraciesText(formatCount(summary.equalAccuracies), formatCount(classifications.length))
        }
      />
      <Badge
        title={words.errors}
        isRight={areEqual(summary.errorsWithin, codecs.length)}
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
        isRight={summary.differingAnswers === 0 && summary.answers > 0 ? true : undefined}
        text={
          classifications.length === 0
            ? words.noAnswers
            : words.answersText(formatCount(summary.differingAnswers), formatCount(summary.answers))
        }
      />
      <Badge
        title={words.files}
        isRight={areEqual(summary.matchingFiles, files.length)}
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
        {isRight !== undefined && (
          <VerificationMark isRight={isRight} text={isRight ? words.confirmed : words.differs} />
        )}
      </dt>
      <dd>{text}</dd>
    </div>
  );
}
