import { useEffect, useState } from 'preact/hooks';
import { formatPercent } from '../../i18n/number-format.ts';
import { lab } from '../../lab.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { PixelCanvas } from '../../parts/pixel-canvas.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { chosenCodecs, modelKey } from '../../state/models.ts';
import { route, setParams } from '../../state/route.ts';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import type { Figures } from '../../worker/lab-api.ts';
import { scaleBytes } from '../../worker/scale-bytes.ts';
import { drawAddress } from './draw-address.ts';
import { resultsClassifier } from './results-classifier.tsx';
import { ResultsSection } from './results-section.tsx';
import { sampleIndices } from './sample-indices.ts';
import { samplesMessages } from './samples-messages.ts';

/** Columns that fit and can be taken in. */
const mostClasses = 10;

interface Samples {
  readonly runId: string;
  readonly indices: readonly number[];
  readonly labels: readonly number[];
  /** `[indices, H, W, C]` */
  readonly originals: Uint8Array;
  readonly figures: Figures;
  /** By codec, `[indices, H, W, C]`, as they come. */
  readonly reconstructions: Readonly<Record<string, Float32Array>>;
}

/** One test image of each class through the chosen codecs, with what the classifier reads in each. */
export function SamplesSection({ run }: { run: OpenRun }) {
  const words = samplesMessages();
  const [samples, setSamples] = useState<Samples>();
  const [problems, setProblems] = useState<readonly string[]>([]);
  const codecs = chosenCodecs.value;
  const from = Math.max(0, Math.trunc(Number(route.value.params.get('from')) || 0));
  useEffect(() => {
    let isCurrent = true;
    const take = (next: Samples): boolean => {
      if (isCurrent) setSamples(next);
      return isCurrent;
    };
    const fail = (error: unknown): void => {
      if (isCurrent) setProblems((before) => [...before, (error as Error).message]);
    };
    setProblems([]);
    loadSamples(run, { codecs, from, take, fail }).catch(fail);
    return () => {
      isCurrent = false;
    };
  }, [run.id, codecs.join(), from]);
  const classifier = resultsClassifier(run);
  return (
    <ResultsSection id="samples" title={words.title}>
      <p>{classifier === undefined ? words.noClassifier : words.lead(classifier.title)}</p>
      {problems.length > 0 && (
        <Notice tone="error">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {samples?.runId === run.id ? (
        <SamplesTable run={run} samples={samples} codecs={codecs} classifier={classifier?.id} />
      ) : (
        <p class="quiet">{words.loading}</p>
      )}
      <div>
        <button
          type="button"
          class="button"
          onClick={() => {
            setParams({ from: String(Math.floor(Math.random() * run.manifest.dataset.testCount)) });
          }}
        >
          {words.others}
        </button>
      </div>
    </ResultsSection>
  );
}

/**
 * Gives what is there to `take`, again with each codec that has answered, for as long as it says that it is wanted. What is
 * wrong with a codec goes to `fail`, and the next has its turn.
 */
async function loadSamples(
  run: OpenRun,
  {
    codecs,
    from,
    take,
    fail,
  }: {
    codecs: readonly string[];
    from: number;
    take: (samples: Samples) => boolean;
    fail: (error: unknown) => void;
  },
): Promise<void> {
  const [testSet, figures] = await Promise.all([lab.testSet(run.id), lab.figures(run.id)]);
  const indices = sampleIndices(testSet.labels, {
    classCount: run.classNames.length,
    from,
    most: mostClasses,
  });
  const originals = await lab.testImageBytes(run.id, indices);
  const pixels = scaleBytes(originals);
  const labels = indices.map((index) => testSet.labels[index]);
  let samples: Samples = { runId: run.id, indices, labels, originals, figures, reconstructions: {} };
  if (!take(samples)) return;
  for (const id of codecs) {
    try {
      await lab.load(run.id, id);
      const reconstructions = await lab.reconstruct(modelKey(run.id, id), pixels);
      samples = { ...samples, reconstructions: { ...samples.reconstructions, [id]: reconstructions } };
    } catch (error) {
      fail(error);
    }
    if (!take(samples)) return;
  }
}

function SamplesTable({
  run,
  samples,
  codecs,
  classifier,
}: {
  run: OpenRun;
  samples: Samples;
  codecs: readonly string[];
  classifier: string | undefined;
}) {
  const words = samplesMessages();
  const { indices, labels, originals } = samples;
  const size = originals.length / indices.length;
  const answer = (on: string, i: number) => (
    <Answer
      run={run}
      samples={samples}
      of={classifier === undefined ? undefined : `${classifier}/${on}`}
      at={i}
    />
  );
  return (
    <ScrollRegion label={words.table}>
      <table class="samples">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{words.codec}</span>
            </th>
            {indices.map((index, i) => (
              <th key={index} scope="col">
                <PageLink
                  href={drawAddress(index, route.value)}
                  label={words.openLabel(run.classNames[labels[i]], String(index))}
                >
                  {run.classNames[labels[i]]}
                </PageLink>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{words.originals}</th>
            {indices.map((index, i) => (
              <td key={index}>
                <PixelCanvas
                  image={originals.subarray(i * size, (i + 1) * size)}
                  shape={run.imageShape}
                  label={words.image(String(index), run.classNames[labels[i]])}
                />
                {answer('original', i)}
              </td>
            ))}
          </tr>
          {codecs.map((id) => {
            const { title } = run.codecs.find((codec) => codec.id === id)!;
            const images = samples.reconstructions[id] as Float32Array | undefined;
            return (
              <tr key={id}>
                <th scope="row">
                  <CodecName style={codecStyle(run, id)} title={title} />
                </th>
                {indices.map((index, i) => (
                  <td key={index}>
                    {images === undefined ? (
                      <div class="sample-blank" />
                    ) : (
                      <PixelCanvas
                        image={images.subarray(i * size, (i + 1) * size)}
                        shape={run.imageShape}
                        label={words.reconstruction(String(index), title)}
                      />
                    )}
                    {answer(id, i)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** What the trainer's classifier read in an image. */
function Answer({
  run,
  samples: { figures, indices, labels },
  of,
  at,
}: {
  run: OpenRun;
  samples: Samples;
  /** Key of the figures. */
  of: string | undefined;
  at: number;
}) {
  const words = samplesMessages();
  const predicted = of === undefined ? undefined : (figures.predicted[of] as Uint8Array | undefined);
  if (of === undefined || predicted === undefined) return null;
  const read = predicted[indices[at]];
  const isWrong = read !== labels[at];
  return (
    <span class={isWrong ? 'sample-answer wrong' : 'sample-answer quiet'}>
      {words.answer(run.classNames[read], formatPercent(figures.probability[of][indices[at]], 0))}
      {isWrong && <span class="visually-hidden">, {words.wrong}</span>}
    </span>
  );
}
