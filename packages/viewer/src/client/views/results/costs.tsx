import { psnr, referenceOf, type RunManifest, type StudyReference } from '@narrows/shared';
import {
  formatCount,
  formatDecibels,
  formatFixed,
  formatMse,
  formatPercent,
} from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, type ClassifierModel, type CodecModel, type OpenRun } from '../../state/run.ts';
import { AccuracyChart } from './accuracy-chart.tsx';
import { accuracyOf, type Classification } from './accuracy-of.ts';
import { resultsClassifier, ResultsClassifierChoice } from './results-classifier.tsx';
import { resultsMessages } from './results-messages.ts';
import { ResultsSection } from './results-section.tsx';

/** What each codec's bottleneck costs in pixels and in meaning, beside the study's figures where it has them. */
export function Costs({ run }: { run: OpenRun }) {
  const words = resultsMessages();
  const classifier = resultsClassifier(run);
  return (
    <ResultsSection id="costs" title={words.costs}>
      <p>{words.costsLead}</p>
      <p class="small">
        {classifier === undefined ? words.noClassifier : words.costsCaption(classifier.title)}
      </p>
      <ResultsClassifierChoice run={run} />
      <CostsTable run={run} classifier={classifier} />
      {classifier !== undefined && <AccuracyChart run={run} classifier={classifier} />}
    </ResultsSection>
  );
}

function CostsTable({ run, classifier }: { run: OpenRun; classifier: ClassifierModel | undefined }) {
  const words = resultsMessages();
  const reference = referenceOf(run.manifest.dataset);
  const { codecs, classifications } = run.manifest.evaluation;
  const answersOn = (on: string): Classification | undefined =>
    classifications.find((one) => one.classifier === classifier?.id && one.on === on);
  const original = answersOn('original');
  const lowest = Math.min(...codecs.map(({ mse }) => mse));
  return (
    <ScrollRegion label={words.costsTable}>
      <table class="results-costs" aria-label={words.costsTable}>
        <thead>
          <tr>
            <th scope="col">{words.codec}</th>
            <th scope="col" class="number">
              {words.latent}
            </th>
            <th scope="col" class="number">
              {words.parameters}
            </th>
            <th scope="col" class="number">
              {words.mse}
            </th>
            {reference !== undefined && (
              <th scope="col" class="number">
                {words.studyMse}
              </th>
            )}
            <th scope="col" class="number">
              {words.psnr}
            </th>
            <th scope="col" class="number">
              {words.ssim}
            </th>
            {classifier !== undefined && <AccuracyHeads hasStudy={reference !== undefined} />}
          </tr>
        </thead>
        <tbody>
          {original !== undefined && (
            <tr>
              <th scope="row">{words.originals}</th>
              <td class="number">{formatCount(valuesPerImage(run))}</td>
              <td class="number">–</td>
              <td class="number">–</td>
              {reference !== undefined && <td class="number">–</td>}
              <td class="number">–</td>
              <td class="number">–</td>
              <AccuracyCells answers={original} original={undefined} reference={reference} />
            </tr>
          )}
          {run.codecs.map((codec) => {
            const result = codecs.find(({ id }) => id === codec.id);
            return (
              <tr key={codec.id}>
                <th scope="row">
                  <CodecName style={codecStyle(run, codec.id)} title={codec.title} />
                </th>
                <CodecCells codec={codec} result={result} reference={reference} lowest={lowest} />
                {classifier !== undefined && (
                  <AccuracyCells answers={answersOn(codec.id)} original={original} reference={reference} />
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function AccuracyHeads({ hasStudy }: { hasStudy: boolean }) {
  const words = resultsMessages();
  return (
    <>
      <th scope="col" class="number">
        {words.recognised}
      </th>
      <th scope="col" class="number">
        {words.interval}
      </th>
      <th scope="col" class="number">
        {words.lost}
      </th>
      {hasStudy && (
        <th scope="col" class="number">
          {words.studyRecognised}
        </th>
      )}
    </>
  );
}

function CodecCells({
  codec: { id, latent, parameterCount },
  result,
  reference,
  lowest,
}: {
  codec: CodecModel;
  result: RunManifest['evaluation']['codecs'][number] | undefined;
  reference: StudyReference | undefined;
  lowest: number;
}) {
  const study = reference?.codecs.find((codec) => codec.id === id);
  return (
    <>
      <td class="number">{formatCount(latent)}</td>
      <td class="number">{formatCount(parameterCount)}</td>
      <td class={result?.mse === lowest ? 'number best' : 'number'}>
        {result === undefined ? '–' : formatMse(result.mse)}
      </td>
      {reference !== undefined && <td class="number">{study === undefined ? '–' : formatMse(study.mse)}</td>}
      <td class="number">{result === undefined ? '–' : formatDecibels(psnr(result.mse))}</td>
      <td class="number">{result === undefined ? '–' : formatFixed(result.ssim, 3)}</td>
    </>
  );
}

function AccuracyCells({
  answers,
  original,
  reference,
}: {
  answers: Classification | undefined;
  /** On the images themselves, for what the codec loses. */
  original: Classification | undefined;
  reference: StudyReference | undefined;
}) {
  const accuracy = answers && accuracyOf(answers);
  const study = reference?.classifications.find(
    ({ classifier, on }) => classifier === answers?.classifier && on === answers.on,
  );
  return (
    <>
      <td class="number">{accuracy === undefined ? '–' : formatPercent(accuracy.value)}</td>
      <td class="number">
        {accuracy === undefined
          ? '–'
          : `${formatFixed(100 * accuracy.low, 2)}–${formatFixed(100 * accuracy.high, 2)}`}
      </td>
      <td class="number">
        {accuracy === undefined || original === undefined
          ? '–'
          : formatFixed(100 * (original.accuracy - accuracy.value), 2)}
      </td>
      {reference !== undefined && (
        <td class="number">{study === undefined ? '–' : formatPercent(study.accuracy)}</td>
      )}
    </>
  );
}
