import { useCallback, useRef } from 'preact/hooks';
import { formatBytes } from '../../i18n/number-format.ts';
import { FactList } from '../../parts/fact-list.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { ownModels, removeOwnModel } from '../../state/models.ts';
import { viewAddress } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { runtime } from '../../state/runtime.ts';
import { fittingShapes } from '../../worker/own-model-layout.ts';
import { CopyHash } from './copy-hash.tsx';
import { ExportRecipes } from './export-recipes.tsx';
import { ownModelMessages } from './own-model-messages.ts';
import { dismissRefused, lastTaken, refusedFiles, takeFiles, tryingFile } from './own-models-state.ts';
import { useFileDrop } from './use-file-drop.ts';

/** The visitor's own models: drop or choose files, see what became of them, take them away again. */
export function OwnModels({ run }: { run: OpenRun }) {
  const words = ownModelMessages();
  const chooser = useRef<HTMLInputElement>(null);
  const take = useCallback((files: readonly File[]) => void takeFiles(files, run), [run]);
  const isOver = useFileDrop(take);
  const isReady = runtime.value !== undefined;
  return (
    <section class={isOver ? 'own-models over' : 'own-models'} aria-labelledby="own-title">
      <div class="stack">
        <h2 id="own-title">{words.title}</h2>
        <p>{words.lead}</p>
        <p class="quiet small">{words.private}</p>
        <div class="row">
          <input
            ref={chooser}
            class="visually-hidden"
            type="file"
            accept=".onnx"
            multiple
            aria-label={words.choose}
            tabIndex={-1}
            onChange={({ currentTarget }) => {
              take([...(currentTarget.files ?? [])]);
              // The same file may be chosen again.
              currentTarget.value = '';
            }}
          />
          <button
            type="button"
            class="button primary own-choose"
            disabled={!isReady}
            onClick={() => chooser.current?.click()}
          >
            {words.choose}
          </button>
          <span role="status">{isOver ? words.dropHere : <Progress />}</span>
        </div>
        {refusedFiles.value.map(({ name, message }) => (
          <Notice key={name} tone="error" title={words.failedTitle}>
            {message}{' '}
            <button
              type="button"
              class="own-dismiss"
              onClick={({ currentTarget }) => {
                passFocusOn(currentTarget, '.own-dismiss');
                dismissRefused(name);
              }}
            >
              {words.dismiss}
            </button>
          </Notice>
        ))}
        <OwnList />
      </div>
      <Fitting run={run} />
    </section>
  );
}

function Progress() {
  const words = ownModelMessages();
  if (tryingFile.value !== undefined) return <>{words.adding(tryingFile.value)}</>;
  if (lastTaken.value === undefined) return null;
  const { model, isReplacement } = lastTaken.value;
  return (
    <>
      {isReplacement ? words.replaced(model.title) : words.added(model.title, model.kind)}{' '}
      <PageLink href={viewAddress('draw')}>{words.seeDraw}</PageLink>
    </>
  );
}

function OwnList() {
  const words = ownModelMessages();
  if (ownModels.value.length === 0) return null;
  return (
    <ul class="own-list" aria-label={words.list}>
      {ownModels.value.map(({ key, id, title, kind, sizeBytes, sha256 }) => (
        <li key={key}>
          <span>
            <b>{title}</b>{' '}
            <span class="quiet small">
              {words.kinds[kind]}, {formatBytes(sizeBytes)}
            </span>
          </span>
          {Object.values(sha256).map((hash) => (
            <CopyHash key={hash} file={id} sha256={hash} />
          ))}
          <button
            type="button"
            class="button own-remove"
            aria-label={words.removeLabel(title)}
            onClick={({ currentTarget }) => {
              passFocusOn(currentTarget, '.own-remove');
              if (lastTaken.peek()?.model.key === key) lastTaken.value = undefined;
              void removeOwnModel(key);
            }}
          >
            {words.remove}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Before a button goes with what it stands by, the focus goes to the next like it, else the one before, else to the choice of files. */
function passFocusOn(button: HTMLElement, like: string): void {
  const section = button.closest('.own-models')!;
  const all = [section.querySelector('.own-choose')!, ...section.querySelectorAll(like)];
  const at = all.indexOf(button);
  const next = (all.at(at + 1) ?? all[at - 1]) as HTMLElement;
  next.focus();
}

function Fitting({ run: { imageShape, classNames } }: { run: OpenRun }) {
  const words = ownModelMessages();
  const facts: [string, string][] = [
    [words.input, words.inputText(fittingShapes({ imageShape }))],
    [words.output, words.outputText(classNames.length, imageShape.join(' × '))],
    [words.one, words.oneText],
  ] as const;
  return (
    <div class="stack">
      <h3>{words.fits}</h3>
      <FactList facts={facts} />
      <ExportRecipes imageShape={imageShape} />
    </div>
  );
}
