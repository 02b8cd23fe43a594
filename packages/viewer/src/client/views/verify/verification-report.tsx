import { formatCount } from '../../i18n/number-format.ts';
import { ClassificationTable, CodecTable } from './figure-tables.tsx';
import { FileTable } from './file-table.tsx';
import { TakeAlong } from './take-along.tsx';
import { VerificationBadges } from './verification-badges.tsx';
import type { VerifiedRun } from './verification-summary.ts';
import { verifyMessages } from './verify-messages.ts';

/** What a verification found: badges, then the figures side by side, and ways to take them along. */
export function VerificationReport({ run, verification }: VerifiedRun) {
  const words = verifyMessages();
  return (
    <section class="verify-report" aria-label={words.badges}>
      <VerificationBadges verification={verification} />
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
