import { useState } from 'preact/hooks';
import { saveFile } from '../../parts/save-file.ts';
import type { VerifiedRun } from './verification-summary.ts';
import { verificationJson, verificationMarkdown } from './verification-text.ts';
import { verifyMessages } from './verify-messages.ts';

/** Ways to take a verification along: copied as Markdown, downloaded as JSON. */
export function TakeAlong({ run, verification }: VerifiedRun) {
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
    saveFile(`narrows-${run.manifest.name}-verification.json`, {
      text: verificationJson(verification, context()),
      type: 'application/json',
    });
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
