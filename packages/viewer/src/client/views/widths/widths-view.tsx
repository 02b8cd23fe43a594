import './widths.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SweepResult } from '@narrows/shared';
import { formatCount } from '../../i18n/number-format.ts';
import { WithRun } from '../../parts/with-run.tsx';
import { catalogue } from '../../state/catalogue.ts';
import { route, setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { CurvesPanel } from './curves-panel.tsx';
import { matchingSweep } from './matching-sweep.ts';
import { SqueezePanel } from './squeeze-panel.tsx';
import { autoencoderFamilies, hasWidths } from './width-families.ts';
import { parseWidth } from './width-scale.ts';
import { useWidthSource } from './width-source.ts';
import { widthsMessages } from './widths-messages.ts';

/** “How narrow?”: one slider moves PCA and the autoencoders, and marks where they stand on the curves of the sweep. */
export function WidthsView() {
  const words = widthsMessages();
  return (
    <div class="view widths">
      <WithRun>
        {(run) => {
          const [height, width, channels] = run.imageShape;
          return (
            <>
              <header class="lead">
                <h1>{words.title}</h1>
                <p>
                  {words.lead(formatCount(height * width * channels), words.shape(height, width, channels))}
                </p>
              </header>
              <WidthsOfRun run={run} />
            </>
          );
        }}
      </WithRun>
    </div>
  );
}

function WidthsOfRun({ run }: { run: OpenRun }) {
  const words = widthsMessages();
  const source = useWidthSource(run);
  const sweep = useSweep(run);
  if (source.kind === 'loading') {
    return (
      <p class="quiet" role="status">
        {words.loading}
      </p>
    );
  }
  const { run: at, isOther } = source;
  return (
    <>
      {isOther && <p class="small quiet">{words.otherRun(run.manifest.name, at.manifest.name)}</p>}
      {!isOther && !hasWidths(at.manifest.models.map(({ id }) => id)) && (
        <p class="small quiet">
          {words.fewModels(at.manifest.name)}{' '}
          <code>npx nx run trainer:train --preset=widths --dataset={at.manifest.dataset.name}</code>
        </p>
      )}
      <Slid key={at.id} run={at} sweep={sweep} />
    </>
  );
}

function Slid({ run, sweep }: { run: OpenRun; sweep: ReturnType<typeof useSweep> }) {
  const families = useMemo(() => autoencoderFamilies(run.codecs.map(({ id }) => id)), [run]);
  const { params } = route.value;
  const family = families.find(({ form }) => form === params.get('family')) ?? families.at(0);
  const pixels = run.imageShape.reduce((size, length) => size * length, 1);
  // More numbers than the image has would be no bottleneck.
  const widest = Math.min(
    pixels,
    Math.max(
      1,
      ...run.codecs.filter(({ kind }) => kind === 'pca').map(({ latent }) => latent),
      ...(family?.codecs ?? []).map(({ width }) => width),
    ),
  );
  const width = parseWidth(params.get('width'), widest);
  const onWidth = (next: number): void => {
    performance.mark('pca-step');
    setParams({ width: String(Math.min(widest, Math.max(1, next))) });
  };
  return (
    <>
      <SqueezePanel {...{ run, families, family, width, widest, pixels, onWidth, sweep: sweep.answer }} />
      <CurvesPanel {...{ run, width, widest, pixels, onWidth, sweep: sweep.answer, error: sweep.error }} />
    </>
  );
}

/** The sweep on these images, once it is read. */
function useSweep(run: OpenRun): { answer: SweepResult | undefined; error: string | undefined } {
  const sweeps = catalogue.value?.sweeps;
  const ids = sweeps?.map(({ id, finishedAt }) => id + finishedAt).join();
  const [state, setState] = useState<{ answer: SweepResult | undefined; error: string | undefined }>({
    answer: undefined,
    error: undefined,
  });
  useEffect(() => {
    if (sweeps === undefined) return;
    let isCurrent = true;
    matchingSweep(sweeps, run).then(
      (answer) => {
        if (isCurrent) setState({ answer, error: undefined });
      },
      (error: unknown) => {
        if (isCurrent) setState({ answer: undefined, error: (error as Error).message });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [ids, run.id]);
  return state;
}
