import { formatFixed, formatPercent } from '../../i18n/number-format.ts';
import type { OpenRun } from '../../state/run.ts';
import { latentMessages } from './latent-messages.ts';
import type { LoadedMap } from './load-map.ts';
import { trustOf } from './trust-of.ts';

/** What distances on a map mean and what not, with the trainer's figures. */
export function MapTrust({ run, map }: { run: OpenRun; map: LoadedMap }) {
  const words = latentMessages();
  const { space, figures } = trustOf(run, map);
  return (
    <details class="latent-trust">
      <summary>{words.trust}</summary>
      <div class="stack">
        <p>{map.method === 'pca' ? words.linear : words.nonlinear}</p>
        {space === undefined || figures === undefined ? (
          <p>{words.noFigures}</p>
        ) : (
          <p>
            {words.accuracyOnMap(
              formatPercent(figures.neighbourAccuracy, 1),
              formatPercent(space.neighbourAccuracy, 1),
            )}{' '}
            {words.trustworthiness(formatFixed(figures.trustworthiness, 3))}
          </p>
        )}
        {space !== undefined && map.of !== 'pixels' && (
          <p>{words.spaceTrust(formatFixed(space.trustworthiness, 3))}</p>
        )}
      </div>
    </details>
  );
}
