import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../i18n/number-format.ts';
import { Choice } from '../../parts/choice.tsx';
import { chosenClassifier } from '../../parts/classifier-choice.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { modelStates, readyCodecs } from '../../state/models.ts';
import { route, setParams } from '../../state/route.ts';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import { BreakResults } from './break-results.tsx';
import { runTrials, sampleSize, trialKey, trialResults, type TrialProgress } from './break-trial.ts';
import { strengthsOf, trialKinds } from './dials.ts';
import { dialWords, robustnessMessages } from './robustness-messages.ts';

const limits = ['90', '50'] as const;

type Work =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: TrialProgress; readonly stop: () => void }
  | { readonly kind: 'stopped' | 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** Tries a sample of the test set at growing strengths, and says which codec breaks the classifier first. */
export function BreakPanel({ run }: { run: OpenRun }) {
  const words = robustnessMessages();
  const { params } = route.value;
  const kind = trialKinds.find((known) => known === params.get('damage')) ?? 'noise';
  const limit = limits.find((known) => known === params.get('limit')) ?? '90';
  const [work, setWork] = useState<Work>({ kind: 'none' });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), [run.id]);

  const strengths = useMemo(() => strengthsOf(kind, run.imageShape), [kind, run.imageShape]);
  const classifier = chosenClassifier(run);
  const isJudgeReady = classifier !== undefined && modelStates.value.get(classifier.key)?.kind === 'ready';
  const codecs = readyCodecs.value;
  const results = trialResults.value;
  const wanted = useMemo(
    () => [
      { title: words.noCodec, style: undefined, codecKey: undefined },
      ...codecs.map(({ id, title, model }) => ({ title, style: codecStyle(run, id), codecKey: model.key })),
    ],
    [codecs, run, words],
  );
  const resultOf = (codecKey: string | undefined) =>
    classifier && results.get(trialKey({ run, classifierKey: classifier.key, kind, codecKey }));
  const tried = useMemo(
    () =>
      wanted.flatMap((one) => {
        const result = resultOf(one.codecKey);
        return result === undefined ? [] : [{ ...one, result }];
      }),
    [wanted, results, kind, classifier?.key],
  );
  const missing = wanted.filter(({ codecKey }) => resultOf(codecKey) === undefined);

  async function start(classifierKey: string): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    const { signal } = controller;
    const onProgress = (progress: TrialProgress): void => {
      if (!signal.aborted) {
        setWork({
          kind: 'running',
          progress,
          stop: () => {
            controller.abort();
            setWork({ kind: 'stopped' });
          },
        });
      }
    };
    onProgress({ fraction: 0, strength: 0, etaSeconds: undefined });
    try {
      await runTrials(
        run,
        { classifierKey, kind, codecKeys: missing.map(({ codecKey }) => codecKey) },
        { signal, onProgress },
      );
      if (!signal.aborted) setWork({ kind: 'done' });
    } catch (error) {
      if (!signal.aborted) setWork({ kind: 'failed', message: (error as Error).message });
    }
  }

  /** Starts and stops: one button that stays even with nothing left to try, for what vanishes takes the focus with it. */
  function button(classifierKey: string) {
    const isStopping = work.kind === 'running';
    const isDone = !isStopping && missing.length === 0;
    return (
      <button
        type="button"
        class={isStopping || isDone ? 'button robustness-start' : 'button primary robustness-start'}
        disabled={!isJudgeReady}
        aria-disabled={isDone}
        onClick={() => {
          if (isStopping) work.stop();
          else if (!isDone) void start(classifierKey);
        }}
      >
        {isStopping
          ? words.stop
          : isDone
            ? words.allTried
            : tried.length === 0
              ? words.start(formatCount(Math.min(sampleSize, run.manifest.dataset.testCount)))
              : words.startMore}
      </button>
    );
  }

  return (
    <section class="panel" aria-labelledby="robustness-breaks-title">
      <h2 id="robustness-breaks-title">{words.breaks}</h2>
      <p>{words.breaksLead(formatCount(Math.min(sampleSize, run.manifest.dataset.testCount)))}</p>
      <div class="row">
        <Choice
          label={words.kind}
          options={trialKinds.map((value) => ({ value, text: words.kinds[value] }))}
          value={kind}
          onChoose={(value) => {
            stop.current?.abort();
            setWork({ kind: 'none' });
            setParams({ damage: value });
          }}
        />
        <Choice
          label={words.limit}
          options={limits.map((value) => ({ value, text: words.limits[value] }))}
          value={limit}
          onChoose={(value) => {
            setParams({ limit: value });
          }}
        />
      </div>
      {classifier === undefined && <Notice tone="info">{words.noJudge}</Notice>}
      {work.kind === 'running' && (
        <ProgressBar
          label={words.running(words.kinds[kind], dialWords()[kind].value(work.progress.strength))}
          fraction={work.progress.fraction}
          etaSeconds={work.progress.etaSeconds}
        />
      )}
      {classifier !== undefined && button(classifier.key)}
      <p class={work.kind === 'stopped' ? 'small quiet' : 'visually-hidden'} role="status">
        {work.kind === 'stopped' ? words.stopped : work.kind === 'done' ? words.done : ''}
      </p>
      {work.kind === 'failed' && <Notice tone="error">{work.message}</Notice>}
      {tried.length > 0 && (
        <BreakResults
          {...{ kind, strengths, tried }}
          limit={Number(limit) / 100}
          limitText={words.limits[limit]}
          testCount={run.manifest.dataset.testCount}
        />
      )}
    </section>
  );
}
