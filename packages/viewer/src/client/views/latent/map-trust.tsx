import { formatFixed, formatPercent } from '../../i18n/number-format.ts';
import type { OpenRun } from '../../state/run.ts';
import { latentMessages } from './latent-messages.ts';
import type { MapMethod } from './latent-params.ts';

/** What distances on a map mean and what not, with the trainer's figures. */
export function MapTrust({ run, of, method }: { run: OpenRun; of: string; method: MapMethod }) {
  const words = latentMessages();
  const space = run.manifest.latentMaps.find((map) => map.of === of);
  const figures = space?.maps.find((map) => map.method === method);
  return (
    <details class="latent-trust">
      <summary>{words.trust}</summary>
      <div class="stack">
        <p>{method === 'pca' ? words.linear : words.nonlinear}</p>
        {space === undefined || figures === undefined ? (
          <p>{words.noFigures}</p>
        ) : (
          <p>
            {words.accuracyOnMap(
              formatPercent(figures.neighbourAccuracy, 1),
              formatPercent(space.space.neighbourAccuracy, 1),
            )}{' '}
            {words.trustworthiness(formatFixed(figures.trustworthiness, 3))}
          </p>
        )}
        {space !== undefined && of !== 'pixels' && (
          <p>{words.spaceTrust(formatFixed(space.space.trustworthiness, 3))}</p>
        )}
      </div>
    </details>
  );
}
