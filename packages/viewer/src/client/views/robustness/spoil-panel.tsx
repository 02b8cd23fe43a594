import { useMemo } from 'preact/hooks';
import { useSignalEffect } from '@preact/signals';
import { meanSquaredError } from '@narrows/shared';
import { perturbImage } from '../../images/perturb.ts';
import { formatCount } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { lab } from '../../lab.ts';
import { ClassifierChoice, chosenClassifier } from '../../parts/classifier-choice.tsx';
import { CodecName } from '../../parts/codec-name.tsx';
import { CodecPicker } from '../../parts/codec-picker.tsx';
import { ModelProblems } from '../../parts/model-problems.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { SettledStatus } from '../../parts/settled-status.tsx';
import { TestImagePicker } from '../../parts/test-image-picker.tsx';
import { verdictSentence } from '../../parts/verdict.tsx';
import { chosenCodecs, modelStates, readyCodecs, requestChosen } from '../../state/models.ts';
import { route, viewAddress } from '../../state/route.ts';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import { specimen } from '../../state/specimen.ts';
import { useDefaultImage } from '../../state/use-default-image.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { DialBoard } from './dial-board.tsx';
import { dialsOf, parseSettings, perturbationOf, settingsParams } from './dials.ts';
import { ImageCard } from './image-card.tsx';
import { robustnessMessages } from './robustness-messages.ts';

/** The image at hand, spoilt as the dials say, through every chosen codec, each judged by the classifier. */
export function SpoilPanel({ run }: { run: OpenRun }) {
  const words = robustnessMessages();
  useSignalEffect(requestChosen);
  useDefaultImage();
  const at = specimen.value;
  const dials = useMemo(() => dialsOf(run.imageShape), [run]);
  const settings = parseSettings(route.value.params, dials);
  const pixels = valuesPerImage(run);
  const clean = at.kind !== 'none' && at.image.length === pixels ? at.image : undefined;
  // A test image is spoilt here as it is in the trial below.
  const seed = at.kind === 'test' ? at.index : 0;
  const spoilt = useMemo(
    () => clean && perturbImage(clean, run.imageShape, { perturbation: perturbationOf(settings), seed }),
    [clean, run.imageShape, JSON.stringify(settingsParams(settings)), seed],
  );

  const classifier = chosenClassifier(run);
  const isJudgeReady = classifier !== undefined && modelStates.value.get(classifier.key)?.kind === 'ready';
  const classifiers = isJudgeReady ? [classifier.key] : [];
  const codecs = readyCodecs.value;
  const keys = codecs.map(({ model }) => model.key);
  const onClean = useAnswer(
    clean === undefined || !isJudgeReady
      ? undefined
      : async () => ({
          clean,
          key: classifier.key,
          probabilities: await lab.classify(classifier.key, clean),
        }),
    [clean, isJudgeReady && classifier.key],
  );
  const onSpoilt = useAnswer(
    spoilt === undefined || (keys.length === 0 && !isJudgeReady)
      ? undefined
      : async () => ({
          clean,
          key: classifiers.at(0),
          keys,
          ...(await lab.compare(spoilt, { codecs: keys, classifiers })),
        }),
    [spoilt, keys.join(), isJudgeReady && classifier.key],
  );
  // While a dial is turned the answers follow a step behind; those of another image or classifier are dropped.
  const cleanProbabilities =
    onClean.value?.clean === clean && onClean.value?.key === classifier?.key
      ? onClean.value?.probabilities
      : undefined;
  const answer =
    onSpoilt.value?.clean === clean && onSpoilt.value?.key === classifiers.at(0) ? onSpoilt.value : undefined;
  const expected = at.kind === 'test' ? at.label : cleanProbabilities && largestIndex(cleanProbabilities);
  const error = onSpoilt.error ?? onClean.error;
  const card = { run, expected, isJudged: classifier !== undefined };
  return (
    <section class="panel" aria-labelledby="robustness-spoil-title">
      <h2 id="robustness-spoil-title">{words.dials}</h2>
      <ModelProblems run={run} />
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      <div class="robustness-stage">
        <div class="robustness-turned">
          <div class="robustness-pair">
            <ImageCard
              {...card}
              title={words.clean}
              image={clean}
              label={
                at.kind === 'test'
                  ? words.testImage(formatCount(at.index), run.classNames[at.label])
                  : words.drawing
              }
              probabilities={cleanProbabilities}
            />
            <ImageCard
              {...card}
              title={words.spoilt}
              image={spoilt}
              label={words.spoiltLabel}
              probabilities={answer?.original.at(0)}
              error={clean && spoilt && meanSquaredError(clean, spoilt)}
            />
          </div>
          <DialBoard shape={run.imageShape} dials={dials} settings={settings} />
        </div>
        <div class="robustness-outputs">
          <h3>{words.outputs}</h3>
          <CodecPicker run={run} />
          {codecs.length === 0 && (
            <p class="quiet">{chosenCodecs.value.length === 0 ? words.none : words.loading}</p>
          )}
          <div class="robustness-cards">
            {codecs.map(({ id, title, model }) => {
              const result = answer?.codecs.find(({ key }) => key === model.key);
              return (
                <ImageCard
                  key={model.key}
                  {...card}
                  title={<CodecName style={codecStyle(run, id)} title={title} />}
                  image={result?.reconstruction}
                  label={words.reconstructionBy(title)}
                  probabilities={result?.probabilities.at(0)}
                  error={clean && result && meanSquaredError(clean, result.reconstruction)}
                />
              );
            })}
          </div>
          <p class="small quiet">{words.errorHint}</p>
          <div class="row robustness-image">
            <TestImagePicker run={run} />
            <ClassifierChoice run={run} />
            <PageLink href={viewAddress('draw')}>{words.draw}</PageLink>
          </div>
        </div>
      </div>
      <SettledStatus text={summary()} isPartial={isSummaryPartial()} />
    </section>
  );

  function summary(): string {
    const spoiltAnswer = answer?.original.at(0);
    if (spoiltAnswer === undefined) return '';
    const outputs = codecs.flatMap(({ title, model }) => {
      const probabilities = answer?.codecs.find(({ key }) => key === model.key)?.probabilities.at(0);
      return probabilities === undefined
        ? []
        : [`${title} ${verdictSentence(probabilities, run.classNames)}`];
    });
    return words.summary([verdictSentence(spoiltAnswer, run.classNames), ...outputs].join('; '));
  }

  /** Whether answers are on their way. Codecs that are still loading are not waited for: that may take long. */
  function isSummaryPartial(): boolean {
    return error === undefined && keys.some((key) => !answer?.keys.includes(key));
  }
}
