import './widths.css';
import { useMemo } from 'preact/hooks';
import { seriesStyle, type SeriesStyle } from '@narrows/shared';
import { formatCount } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { chosenClassifier } from '../../parts/classifier-choice.tsx';
import { largestIndex } from '../../parts/probability-bars.tsx';
import { WithRun } from '../../parts/with-run.tsx';
import { judgeOf } from '../../state/models.ts';
import { route, setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { specimen } from '../../state/specimen.ts';
import { useDefaultImage } from '../../state/use-default-image.ts';
import { CurvesAnswer } from './curves-answer.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { SqueezePanel } from './squeeze-panel.tsx';
import { SqueezedColumns, stepMark } from './squeezed-columns.tsx';
import { useMatchingSweep } from './matching-sweep.ts';
import { useSqueezed } from './use-squeezed.ts';
import { WidthCharts } from './width-charts.tsx';
import { runCurves, sweepCurves, type WidthCurve } from './width-curves.ts';
import { autoencoderFamilies, hasWidths, type WidthFamily } from './width-families.ts';
import { parseWidth } from './width-scale.ts';
import { useWidthSource } from './width-source.ts';
import { widthsMessages } from './widths-messages.ts';

/** “How narrow?”: one slider moves PCA and the autoencoders, and marks where they stand on the curves of the sweep. */
export function WidthsView() {
  return (
    <div class="view widths">
      <WithRun>{(run) => <WidthsOfRun run={run} />}</WithRun>
    </div>
  );
}

function WidthsOfRun({ run }: { run: OpenRun }) {
  const words = widthsMessages();
  const [height, width, channels] = run.imageShape;
  const source = useWidthSource(run);
  const at = source.kind === 'ready' ? source.run : undefined;
  return (
    <>
      <header class="lead">
        <h1>{words.title}</h1>
        <p>{words.lead(formatCount(height * width * channels), words.shape(height, width, channels))}</p>
        {at !== undefined && at.id !== run.id && (
          <p class="small">{words.otherRun(run.manifest.name, at.manifest.name)}</p>
        )}
        {at !== undefined && !hasWidths(at.manifest.models.map(({ id }) => id)) && (
          <p class="small">
            {words.fewModels(at.manifest.name)} <code>npx nx run trainer:train -- --preset=widths</code>
          </p>
        )}
      </header>
      {at === undefined ? (
        <p class="quiet" role="status">
          {words.loading}
        </p>
      ) : (
        <WidthsAtHand key={at.id} run={at} />
      )}
    </>
  );
}

function WidthsAtHand({ run }: { run: OpenRun }) {
  const words = widthsMessages();
  const { params } = route.value;
  const sweep = useMatchingSweep(run);
  const families = useMemo(() => autoencoderFamilies(run.codecs.map(({ id }) => id)), [run]);
  const family = families.find(({ form }) => form === params.get('family')) ?? families.at(0);
  const pixels = valuesPerImage(run);
  const widest = widestOf(run, { family, pixels });
  const width = parseWidth(params.get('width'), widest);
  const onWidth = (next: number): void => {
    performance.mark(stepMark);
    setParams({ width: String(Math.min(widest, Math.max(1, next))) });
  };

  const at = specimen.value;
  useDefaultImage();
  const image = at.kind !== 'none' && at.image.length === pixels ? at.image : undefined;
  const classifierKey = chosenClassifier(run)?.key;
  const isJudged = classifierKey !== undefined;
  const squeezed = useSqueezed({ run, family, classifierKey }, image);
  const original = squeezed.original && largestIndex(squeezed.original);
  const expected = at.kind === 'test' ? at.label : original;
  const stops = useMemo(() => stopsOf(family, widest), [family, widest]);
  const { set, own } = useMemo(() => {
    const swept = sweep.value && sweepCurves(sweep.value);
    const ofRun = runCurves(run, { judge: judgeOf(run)?.id, styles: swept?.curves ?? [] });
    return { set: swept ?? ofRun, own: swept === undefined ? [] : (ofRun?.curves ?? []) };
  }, [run, sweep.value]);
  const styles = stylesOf([...(set?.curves ?? []), ...own], family);
  const errors = [...squeezed.errors, ...(sweep.error === undefined ? [] : [sweep.error])];
  return (
    <>
      <SqueezePanel
        {...{ run, families, family, width, widest, pixels, stops, errors, onWidth }}
        charts={
          set === undefined || set.curves.length === 0 ? (
            <p class="quiet">{words.noCurves}</p>
          ) : (
            <WidthCharts {...{ run, set, own, sweepName: sweep.value?.name, width, widest, onWidth }} />
          )
        }
      >
        {image === undefined ? (
          <p class="quiet">{words.loading}</p>
        ) : (
          <SqueezedColumns {...{ run, family, width, squeezed, image, isJudged, expected, styles }} />
        )}
      </SqueezePanel>
      {image !== undefined && stops.length > 1 && (
        <Filmstrip {...{ run, squeezed, widths: stops, width, expected, onWidth }} />
      )}
      {set !== undefined && set.curves.length > 0 && <CurvesAnswer {...{ set, width, pixels }} />}
    </>
  );
}

/** The widest that PCA or the family has; never more than an image has numbers, which would be no bottleneck. */
function widestOf(
  { codecs }: OpenRun,
  { family, pixels }: { family: WidthFamily | undefined; pixels: number },
): number {
  const ofPca = codecs.filter(({ kind }) => kind === 'pca').map(({ latent }) => latent);
  return Math.min(pixels, Math.max(1, ...ofPca, family?.codecs.at(-1)?.width ?? 1));
}

/** Trained widths of the family up to the widest of the slider; doublings where there is no family. */
function stopsOf(family: WidthFamily | undefined, widest: number): number[] {
  if (family !== undefined) return family.codecs.map(({ width }) => width).filter((width) => width <= widest);
  return Array.from({ length: Math.floor(Math.log2(widest)) + 1 }, (_, i) => 2 ** i);
}

/** The colours and signs that the curves have. */
function stylesOf(
  curves: readonly WidthCurve[],
  family: WidthFamily | undefined,
): { pca: SeriesStyle; autoencoder: SeriesStyle } {
  const styleOf = (form: string | undefined, otherwise: number): SeriesStyle =>
    curves.find((curve) => curve.form === form)?.style ?? seriesStyle(curves.length + otherwise);
  return { pca: styleOf('pca-L', 0), autoencoder: styleOf(family?.form, 1) };
}
