import { useState } from 'preact/hooks';
import { modelsMessages } from './models-messages.ts';

/** So many signs tell files apart at a glance. */
const shortLength = 12;

/** A SHA-256 in short, that a click copies whole; where there is no clipboard, it is shown whole. */
export function CopyHash({ file, sha256 }: { file: string; sha256: string }) {
  const words = modelsMessages();
  const [state, setState] = useState<'short' | 'copied' | 'whole'>('short');
  const short = sha256.slice(0, shortLength);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(sha256);
      setState('copied');
    } catch {
      setState('whole');
    }
  };
  if (state === 'whole') return <code>{sha256}</code>;
  return (
    <span class="copy-hash">
      <button
        type="button"
        title={sha256}
        aria-label={words.copyHash(file, short)}
        onClick={() => void copy()}
      >
        <code>{short}…</code>
      </button>
      <span class="small quiet" role="status">
        {state === 'copied' && words.copied}
      </span>
    </span>
  );
}
