import { useMemo } from 'preact/hooks';
import { formatCount, formatFixed, formatPercent } from '../../i18n/number-format.ts';
import { saveFile } from '../../parts/save-file.ts';
import type { OpenRun } from '../../state/run.ts';
import { ClassLegend } from './class-legend.tsx';
import { latentMessages } from './latent-messages.ts';
import type { LoadedMap } from './load-map.ts';
import { MapTrust } from './map-trust.tsx';
import { mapCsv } from './map/map-csv.ts';
import { mapMessages } from './map/map-messages.ts';
import { trustOf } from './trust-of.ts';

/** Below the map: its classes, how it is used, what it holds and how far to trust it. */
export function MapFoot({
  run,
  map,
  colours,
  hidden,
  onHide,
}: {
  run: OpenRun;
  map: LoadedMap;
  /** Of the classes, as CSS has them. */
  colours: readonly string[];
  /** Classes that are not shown. */
  hidden: ReadonlySet<number>;
  onHide: (hidden: ReadonlySet<number>) => void;
}) {
  const words = latentMessages();
  const counts = useMemo(() => {
    const sums = run.classNames.map(() => 0);
    for (const label of map.labels.subarray(0, map.points)) sums[label]++;
    return sums;
  }, [map, run]);
  const { figures } = trustOf(run, map);
  return (
    <div class="stack latent-map-foot">
      <ClassLegend
        classNames={run.classNames}
        colours={colours}
        counts={counts}
        hidden={hidden}
        onHide={onHide}
      />
      <p class="small quiet" id="latent-map-help">
        {mapMessages().help}
      </p>
      <div class="row small quiet">
        <span>
          {words.mapped(formatCount(map.points), formatCount(map.labels.length))}
          {figures !== undefined &&
            `; ${words.figures(
              formatPercent(figures.neighbourAccuracy, 1),
              formatFixed(figures.trustworthiness, 3),
            )}`}
        </span>
        <button
          type="button"
          class="latent-link"
          onClick={() => {
            saveFile(`${run.manifest.name}-${map.of}-${map.method}.csv`, {
              text: mapCsv(map.coordinates, { labels: map.labels, of: map.of, method: map.method }),
              type: 'text/csv',
            });
          }}
        >
          {words.download}
        </button>
      </div>
      <MapTrust run={run} map={map} />
    </div>
  );
}
