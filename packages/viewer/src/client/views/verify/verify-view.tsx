import './verify.css';
import { formatCount } from '../../i18n/number-format.ts';
import { Notice } from '../../parts/notice.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { WithRun } from '../../parts/with-run.tsx';
import type { OpenRun } from '../../state/run.ts';
import { runtime, runtimeError } from '../../state/runtime.ts';
import type { WorkProgress } from '../../worker/lab-api.ts';
import { DeviceChoice } from './device-choice.tsx';
import { startVerification, stopVerification, verificationState } from './verification-state.ts';
import { VerificationReport } from './verification-report.tsx';
import { verifyMessages } from './verify-messages.ts';

/** The run's whole test set through its models in this browser, compared with what its trainer measured. */
export function VerifyView() {
  return (
    <div class="view verify">
      <WithRun>{(run) => <Verifying run={run} />}</WithRun>
    </div>
  );
}

function Verifying({ run }: { run: OpenRun }) {
  const words = verifyMessages();
  const state = verificationState.value;
  const images = formatCount(run.manifest.dataset.testCount);
  return (
    <>
      <header class="lead">
        <h1>{words.title}</h1>
        <p>{words.lead(images)}</p>
      </header>
      <section class="verify-start" aria-label={words.title}>
        {runtimeError.value !== undefined && <Notice tone="error">{runtimeError.value}</Notice>}
        <DeviceChoice isDisabled={state.kind === 'running'} />
        {state.kind === 'running' ? (
          <Running run={run} progress={state.progress} isStopping={state.isStopping} />
        ) : (
          <div class="row">
            <button
              type="button"
              class={state.kind === 'done' ? 'button' : 'button primary'}
              disabled={runtime.value === undefined}
              onClick={() => {
                startVerification(run.id);
              }}
            >
              {state.kind === 'done' ? words.again : words.start(images)}
            </button>
            <p class="small quiet">{words.what(run.codecs.length, run.classifiers.length)}</p>
          </div>
        )}
        {state.kind === 'failed' && (
          <Notice tone="error" title={words.failed}>
            {state.message}
          </Notice>
        )}
        {state.kind === 'stopped' && <Notice tone="info">{words.stopped}</Notice>}
      </section>
      {state.kind === 'done' && <VerificationReport run={run} verification={state.verification} />}
      <Meaning />
    </>
  );
}

function Running({
  run,
  progress,
  isStopping,
}: {
  run: OpenRun;
  progress: WorkProgress | undefined;
  isStopping: boolean;
}) {
  const words = verifyMessages();
  const titleOf = (id: string): string =>
    run.manifest.models.find((model) => model.id === id)?.title ?? words.originals;
  const label =
    progress === undefined
      ? words.starting
      : progress.fraction === 0
        ? words.loading(titleOf(progress.label))
        : words.running(titleOf(progress.label));
  return (
    <div class="stack">
      <ProgressBar label={label} fraction={progress?.fraction ?? 0} etaSeconds={progress?.etaSeconds} />
      <div>
        <button type="button" class="button" disabled={isStopping} onClick={stopVerification}>
          {isStopping ? words.stopping : words.stop}
        </button>
      </div>
    </div>
  );
}

function Meaning() {
  const words = verifyMessages();
  return (
    <section class="verify-meaning" aria-label={words.meaning}>
      <div class="stack">
        <h2>{words.meaning}</h2>
        <ul>
          {words.proven.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
      <div class="stack">
        <h2>{words.notMeaning}</h2>
        <ul>
          {words.notProven.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}
