import './verify.css';
import { formatCount, formatSeconds } from '../../i18n/number-format.ts';
import { Notice } from '../../parts/notice.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { WithRun } from '../../parts/with-run.tsx';
import { modelTitle, type OpenRun } from '../../state/run.ts';
import { runtime, runtimeError } from '../../state/runtime.ts';
import type { WorkProgress } from '../../worker/lab-api.ts';
import { DeviceChoice } from './device-choice.tsx';
import { startVerification, stopVerification, verificationState } from './verification-state.ts';
import { VerificationReport } from './verification-report.tsx';
import { summarise } from './verification-summary.ts';
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
        {state.kind === 'running' && <Progress run={run} progress={state.progress} />}
        <div class="row">
          <StartButton run={run} />
          {state.kind !== 'running' && (
            <p class="small quiet">{words.what(run.codecs.length, run.classifiers.length)}</p>
          )}
        </div>
        {state.kind === 'failed' && (
          <Notice tone="error" title={words.failed}>
            {state.message}
          </Notice>
        )}
        <Outcome />
      </section>
      {state.kind === 'done' && <VerificationReport run={run} verification={state.verification} />}
      <Meaning />
    </>
  );
}

/** Starts and stops: one button, for one that made way for another would take the focus with it. */
function StartButton({ run }: { run: OpenRun }) {
  const words = verifyMessages();
  const state = verificationState.value;
  if (state.kind === 'running') {
    const { isStopping } = state;
    return (
      <button
        type="button"
        class="button"
        aria-disabled={isStopping}
        onClick={() => {
          if (!isStopping) stopVerification();
        }}
      >
        {isStopping ? words.stopping : words.stop}
      </button>
    );
  }
  return (
    <button
      type="button"
      class={state.kind === 'done' ? 'button' : 'button primary'}
      disabled={runtime.value === undefined}
      onClick={() => {
        startVerification(run.id);
      }}
    >
      {state.kind === 'done' ? words.again : words.start(formatCount(run.manifest.dataset.testCount))}
    </button>
  );
}

/** How it ended. It is there from the beginning, or nobody would be told. */
function Outcome() {
  const words = verifyMessages();
  const state = verificationState.value;
  if (state.kind !== 'done') {
    return (
      <p class={state.kind === 'stopped' ? undefined : 'visually-hidden'} role="status">
        {state.kind === 'stopped' && words.stopped}
      </p>
    );
  }
  const { images, durationMs } = state.verification;
  const { isConfirmed } = summarise(state.verification);
  return (
    <p class={isConfirmed ? 'verify-verdict' : 'verify-verdict wrong'} role="status">
      {isConfirmed
        ? words.verdictRight(formatCount(images), formatSeconds(durationMs / 1000))
        : words.verdictWrong}
    </p>
  );
}

function Progress({ run, progress }: { run: OpenRun; progress: WorkProgress | undefined }) {
  const words = verifyMessages();
  const titleOf = (id: string): string => modelTitle(run, id) ?? words.originals;
  const label =
    progress === undefined
      ? words.starting
      : progress.fraction === 0
        ? words.loading(titleOf(progress.label))
        : words.running(titleOf(progress.label));
  return <ProgressBar label={label} fraction={progress?.fraction ?? 0} etaSeconds={progress?.etaSeconds} />;
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
